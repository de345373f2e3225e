;; Each hook returns at once, so its task is over before its caller looks.
(module
  (import "[export]splicer:tier1/before@0.2.0" "[task-return]on-call" (func $done-call))
  (import "[export]splicer:tier1/after@0.2.0" "[task-return]on-return" (func $done-return))
  (memory (export "memory") 1)
  (global $calls (mut i64) (i64.const 0))
  (global $returns (mut i64) (i64.const 0))
  (global $heap (mut i32) (i32.const 1024))

  ;; call-id: two strings
  (func (export "[async-lift]splicer:tier1/before@0.2.0#on-call") (param i32 i32 i32 i32) (result i32)
    (global.set $calls (i64.add (global.get $calls) (i64.const 1)))
    (global.set $heap (i32.const 1024))
    (call $done-call)
    (i32.const 0))
  (func (export "[async-lift]splicer:tier1/after@0.2.0#on-return") (param i32 i32 i32 i32) (result i32)
    (global.set $returns (i64.add (global.get $returns) (i64.const 1)))
    (global.set $heap (i32.const 1024))
    (call $done-return)
    (i32.const 0))
  (func (export "[callback][async-lift]splicer:tier1/before@0.2.0#on-call") (param i32 i32 i32) (result i32)
    unreachable)
  (func (export "[callback][async-lift]splicer:tier1/after@0.2.0#on-return") (param i32 i32 i32) (result i32)
    unreachable)

  (func (export "test:probe/count@0.1.0#calls") (result i64) (global.get $calls))
  (func (export "test:probe/count@0.1.0#returns") (result i64) (global.get $returns))

  ;; The strings of one call; the next call writes over them.
  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.get $at))
)
