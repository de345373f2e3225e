;; Yields once before it is done.
(module
  (import "[export]splicer:tier1/before@0.3.0" "[task-return]on-call" (func $done))
  (import "$root" "[waitable-set-new]" (func $set-new (result i32)))
  (import "$root" "[waitable-set-poll]" (func $set-poll (param i32 i32) (result i32)))
  (import "$root" "[waitable-set-wait]" (func $set-wait (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 1024))

  (func (export "[async-lift]splicer:tier1/before@0.3.0#on-call") (param i32 i32 i32 i32 i64) (result i32)
    (global.set $heap (i32.const 1024))
    (i32.const 1)) ;; YIELD
  (func (export "[callback][async-lift]splicer:tier1/before@0.3.0#on-call") (param i32 i32 i32) (result i32)
    (call $done)
    (i32.const 0)) ;; EXIT
  ;; Never called: that it could wait is what matters.
  (func (export "unused") (drop (call $set-wait (call $set-new) (i32.const 0)))
    (drop (call $set-poll (call $set-new) (i32.const 0))))

  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
)
