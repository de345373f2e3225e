;; A lift and a lower with a memory of 64-bit addresses.
(component
  (import "f" (func $f (param "s" string)))
  (core module $m
    (memory (export "memory") i64 1)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 1024))
    (func (export "g") (param i64 i64))
  )
  (core instance $i (instantiate $m))
  (core func (canon lower (func $f) (memory (core memory $i "memory"))))
  (func (export "g") (param "s" string) (canon lift (core func $i "g") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
)
