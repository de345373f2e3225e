;; Calls another plugin as often as it is told; the other's functions have the types they were exported with.
(component
  (import "bench:plugins/ops" (instance $ops
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
    (export "sum" (func (param "data" (list u8)) (result u32)))))
  (core module $memory (memory (export "memory") 4))
  (core instance $memory (instantiate $memory))
  (core func $add (canon lower (func $ops "add")))
  (core func $sum (canon lower (func $ops "sum") (memory (core memory $memory "memory"))))
  (core module $m
    (import "ops" "add" (func $add (param i32 i32) (result i32)))
    (import "ops" "sum" (func $sum (param i32 i32) (result i32)))
    (func (export "add") (param $times i32) (result i32) (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $times)))
          (local.set $sum (call $add (local.get $sum) (local.get $times)))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again)))
      (local.get $sum))
    (func (export "sum") (param $times i32) (param $size i32) (result i32) (local $sum i32)
      (block $done
        (loop $again
          (br_if $done (i32.eqz (local.get $times)))
          (local.set $sum (i32.add (local.get $sum) (call $sum (i32.const 1024) (local.get $size))))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again)))
      (local.get $sum)))
  (core instance $i (instantiate $m (with "ops" (instance (export "add" (func $add)) (export "sum" (func $sum))))))
  (func $add-times (param "times" u32) (result u32) (canon lift (core func $i "add")))
  (func $sum-times (param "times" u32) (param "size" u32) (result u32) (canon lift (core func $i "sum")))
  (instance $run (export "add" (func $add-times)) (export "sum" (func $sum-times)))
  (export "bench:caller/run" (instance $run)))
