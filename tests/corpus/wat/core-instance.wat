;; Core instances: instantiated without and with arguments, made of exports, chained.
(component
  (core module $a
    (func (export "f") (result i32) (i32.const 1))
    (table (export "t") 1 funcref)
    (memory (export "m") 1)
    (global (export "g") i32 (i32.const 7))
    (tag (export "e"))
  )
  (core module $b
    (import "a" "f" (func (result i32)))
    (import "a" "t" (table 1 funcref))
    (import "a" "m" (memory 1))
    (import "a" "g" (global i32))
    (import "a" "e" (tag))
    (func (export "h") (result i32) (call 0))
  )
  (core instance $i (instantiate $a))
  (core instance $j (instantiate $b (with "a" (instance $i))))
  (core instance $k
    (export "f" (func $j "h"))
    (export "t" (table $i "t"))
    (export "m" (memory $i "m"))
    (export "g" (global $i "g"))
    (export "e" (tag $i "e"))
  )
  (core instance (instantiate $b (with "a" (instance $k))))
  (core instance)
)
