;; Maps: key and value types, nested, as parameter and result.
(component
  (type $m (map string u32))
  (import "f" (func (param "x" $m) (result (map u64 (list string)))))
  (import "g" (func (param "x" (map char (map bool (option f64))))))
)
