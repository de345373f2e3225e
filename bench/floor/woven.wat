;; The floor of a spliced edge: the composition of the guests ops, loop and counter, with the hooks put around `add` by
;; hand inside ops, as cheaply as the component model allows.
(component
  (component $counter
    (core module $m
      (global $calls (mut i64) (i64.const 0))
      (global $returns (mut i64) (i64.const 0))
      (func (export "on-call") (param $target i32) (param $call i64)
        (global.set $calls (i64.add (global.get $calls) (i64.const 1))))
      (func (export "on-return") (param $target i32) (param $call i64)
        (global.set $returns (i64.add (global.get $returns) (i64.const 1)))))
    (core instance $i (instantiate $m))
    (type $hook (func (param "target" u32) (param "call" u64)))
    (func (export "on-call") (type $hook) (canon lift (core func $i "on-call")))
    (func (export "on-return") (type $hook) (canon lift (core func $i "on-return"))))
  (component $ops
    (type $hook (func (param "target" u32) (param "call" u64)))
    (import "before" (func $before (type $hook)))
    (import "after" (func $after (type $hook)))
    (core func $b (canon lower (func $before)))
    (core func $a (canon lower (func $after)))
    (core module $m
      (import "" "b" (func $b (param i32 i64)))
      (import "" "a" (func $a (param i32 i64)))
      (global $call (mut i64) (i64.const 0))
      (func (export "add") (param i32 i32) (result i32) (local $call i64)
        (global.set $call (local.tee $call (i64.add (global.get $call) (i64.const 1))))
        (call $b (i32.const 0) (local.get $call))
        (i32.add (local.get 0) (local.get 1))
        (call $a (i32.const 0) (local.get $call))))
    (core instance $i (instantiate $m (with "" (instance (export "b" (func $b)) (export "a" (func $a))))))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add"))))
  (component $loop
    (import "add" (func $f (param "a" u32) (param "b" u32) (result u32)))
    (core func $add (canon lower (func $f)))
    (core module $m
      (import "math" "add" (func $add (param i32 i32) (result i32)))
      (func (export "add") (param $times i32) (result i32) (local $sum i32)
        (block $done
          (loop $again
            (br_if $done (i32.eqz (local.get $times)))
            (local.set $sum (call $add (local.get $sum) (local.get $times)))
            (local.set $times (i32.sub (local.get $times) (i32.const 1)))
            (br $again)))
        (local.get $sum)))
    (core instance $i (instantiate $m (with "math" (instance (export "add" (func $add))))))
    (func $times (param "times" u32) (result u32) (canon lift (core func $i "add")))
    (instance $run (export "add" (func $times)))
    (export "test:loop/run@1.0.0" (instance $run)))
  (instance $counter (instantiate $counter))
  (instance $ops (instantiate $ops
    (with "before" (func $counter "on-call")) (with "after" (func $counter "on-return"))))
  (instance $loop (instantiate $loop (with "add" (func $ops "add"))))
  (export "test:loop/run@1.0.0" (instance $loop "test:loop/run@1.0.0")))
