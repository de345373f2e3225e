;; test:ops/math@1.0.0 by hand, as small as it gets: what the benchmarks call.
(component $ops
  (core module $m
    (memory (export "memory") 2)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "bytes") (param i32 i32) (result i32) (local.get 1)))
  (core instance $i (instantiate $m))
  (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
  (func $bytes (param "data" (list u8)) (result u32)
    (canon lift (core func $i "bytes") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (instance $math (export "add" (func $add)) (export "bytes" (func $bytes)))
  (export "test:ops/math@1.0.0" (instance $math))
)
