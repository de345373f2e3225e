;; An instance type: exported types and functions, an alias of an enclosing type, a core type, a nested instance.
(component
  (type $outer u32)
  (type $i (instance
    (core type $ct (module (export "f" (func))))
    (alias outer 1 0 (type $o))
    (type $pair' (tuple $o string))
    (export "pair" (type $pair (eq $pair')))
    (export "res" (type $res (sub resource)))
    (export "[constructor]res" (func (param "x" $pair) (result (own $res))))
    (export "[method]res.get" (func (param "self" (borrow $res)) (result $pair)))
    (export "[static]res.count" (func (result u32)))
    (export "inner" (instance (export "g" (func))))
    (export "m" (core module (type $ct)))
    (export "c" (component (export "h" (func))))
  ))
  (import "i" (instance (type $i)))
)
