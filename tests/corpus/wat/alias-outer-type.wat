;; Outer aliases inside component and instance types, over two levels, also of resource types.
(component
  (import "r" (type $r (sub resource)))
  (type $t (tuple u8 string))
  (core type $ct (func))
  (import "i" (instance
    (alias outer 1 $r (type $r1))
    (export "f" (func (param "x" (borrow $r1))))
    (export "j" (instance
      (alias outer 2 $t (type $t2))
      (alias outer 1 $r1 (type $r2))
      (export "g" (func (param "x" (own $r2)) (result $t2)))
    ))
    (alias outer 1 $ct (core type $ct1))
    (core type $mt (module (alias outer 1 $ct1 (type $f)) (export "f" (func (type $f)))))
    (export "m" (core module (type $mt)))
  ))
)
