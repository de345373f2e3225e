;; As caller.wat; the other's results come with the id of the plugin and may be errors, the shape that wasm-link gives them.
(component
  (import "bench:plugins/ops" (instance $ops
    (export "add" (func (param "a" u32) (param "b" u32) (result (tuple string (result u32)))))
    (export "sum" (func (param "data" (list u8)) (result (tuple string (result u32)))))))
  (core module $memory
    (memory (export "memory") 4)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256)))
  (core instance $memory (instantiate $memory))
  (core func $add (canon lower (func $ops "add")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $sum (canon lower (func $ops "sum")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  ;; a result: the id's address and length, then 0 and the value
  (core module $m
    (import "ops" "add" (func $add (param i32 i32 i32)))
    (import "ops" "sum" (func $sum (param i32 i32 i32)))
    (import "memory" "memory" (memory 4))
    (func $value (result i32)
      (if (i32.load8_u (i32.const 8)) (then (unreachable)))
      (i32.load (i32.const 12)))
    (func (export "add") (param $times i32) (result i32) (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $times)))
          (call $add (local.get $sum) (local.get $times) (i32.const 0))
          (local.set $sum (call $value))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again)))
      (local.get $sum))
    (func (export "sum") (param $times i32) (param $size i32) (result i32) (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $times)))
          (call $sum (i32.const 1024) (local.get $size) (i32.const 0))
          (local.set $sum (i32.add (local.get $sum) (call $value)))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again)))
      (local.get $sum)))
  (core instance $i (instantiate $m
    (with "ops" (instance (export "add" (func $add)) (export "sum" (func $sum))))
    (with "memory" (instance $memory))))
  (func $add-times (param "times" u32) (result u32) (canon lift (core func $i "add")))
  (func $sum-times (param "times" u32) (param "size" u32) (result u32) (canon lift (core func $i "sum")))
  (instance $run (export "add" (func $add-times)) (export "sum" (func $sum-times)))
  (export "bench:caller/run" (instance $run)))
