;; Options, nested and of compound types.
(component
  (import "f" (func (param "x" (option u32)) (result (option (option string)))))
  (import "g" (func (param "x" (option (list (option u8)))) (result (option (tuple u8 u64)))))
)
