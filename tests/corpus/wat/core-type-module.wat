;; A core module type: imports and exports of every sort, own types, aliases of enclosing ones.
(component
  (core type $f (func (param i32) (result i32)))
  (core type (module
    (alias outer 1 $f (type $g))
    (type $h (func))
    (import "a" "f" (func (type $g)))
    (import "a" "t" (table 1 funcref))
    (import "a" "m" (memory 1 2))
    (import "a" "g" (global (mut i32)))
    (import "a" "e" (tag (type $h)))
    (export "f" (func (type $h)))
    (export "t" (table 1 10 externref))
    (export "m" (memory i64 1))
    (export "g" (global i64))
    (export "e" (tag))
  ))
)
