;; A value import whose bound is another value, as far as the tools take it: a type by index.
(component
  (type $t (tuple u8 u8))
  (import "v" (value $v (type $t)))
  (component $c (import "in" (value (tuple u8 u8))) (export "out" (value 0)))
  (instance $i (instantiate $c (with "in" (value $v))))
  (export "out" (value $i "out"))
)
