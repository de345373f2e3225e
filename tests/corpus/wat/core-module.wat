;; Nested core modules: empty, with code, data and a name section.
(component
  (core module)
  (core module $named
    (memory (export "memory") 1)
    (data (i32.const 8) "some bytes")
    (func $add (export "add") (param $a i32) (param $b i32) (result i32) (i32.add (local.get $a) (local.get $b)))
  )
)
