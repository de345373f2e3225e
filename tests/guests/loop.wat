;; Calls test:ops/math@1.0.0 as often as it is told, by hand: what the benchmarks measure an edge with.
(component $loop
  (import "test:ops/math@1.0.0" (instance $math
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
    (export "bytes" (func (param "data" (list u8)) (result u32)))))
  (core module $memory (memory (export "memory") 2))
  (core instance $memory (instantiate $memory))
  (core func $add (canon lower (func $math "add")))
  (core func $bytes (canon lower (func $math "bytes") (memory (core memory $memory "memory"))))
  (core module $m
    (import "math" "add" (func $add (param i32 i32) (result i32)))
    (import "math" "bytes" (func $bytes (param i32 i32) (result i32)))
    (func (export "add") (param $times i32) (result i32) (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $times)))
          (local.set $sum (call $add (local.get $sum) (local.get $times)))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again)))
      (local.get $sum))
    (func (export "bytes") (param $times i32) (param $size i32) (result i32) (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $times)))
          (local.set $sum (i32.add (local.get $sum) (call $bytes (i32.const 1024) (local.get $size))))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again)))
      (local.get $sum)))
  (core instance $i (instantiate $m (with "math" (instance (export "add" (func $add)) (export "bytes" (func $bytes))))))
  (func $add-times (param "times" u32) (result u32) (canon lift (core func $i "add")))
  (func $bytes-times (param "times" u32) (param "size" u32) (result u32) (canon lift (core func $i "bytes")))
  (instance $run (export "add" (func $add-times)) (export "bytes" (func $bytes-times)))
  (export "test:loop/run@1.0.0" (instance $run))
)
