;; A component type: imports, exports, types, core types and aliases inside it.
(component
  (type $outer (list u8))
  (type $c (component
    (core type $ct (func (param i32)))
    (alias outer 1 0 (type $bytes))
    (type $rec' (record (field "data" $bytes)))
    (import "rec" (type $rec (eq $rec')))
    (core type $mt (module (alias outer 1 $ct (type $f)) (import "a" "b" (func (type $f))) (export "c" (memory 1))))
    (import "m" (core module (type $mt)))
    (import "i" (instance $i (export "t" (type (sub resource)))))
    (alias export $i "t" (type $t))
    (import "c" (component (import "x" (func)) (export "y" (func))))
    (export "f" (func (param "x" $rec) (result (own $t))))
  ))
  (import "c" (component (type $c)))
)
