;; f(x) = x + 1, after a yield. g gives back its text at once.
(module
  (import "[export]test:slow/step@1.0.0" "[task-return]f" (func $f-done (param i32)))
  (import "[export]test:slow/step@1.0.0" "[task-return]g" (func $g-done (param i32 i32)))
  (import "$root" "[context-get-0]" (func $get (result i32)))
  (import "$root" "[context-set-0]" (func $set (param i32)))
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 1024))

  (func (export "[async-lift]test:slow/step@1.0.0#f") (param i32) (result i32)
    (call $set (local.get 0))
    (i32.const 1)) ;; YIELD
  (func (export "[callback][async-lift]test:slow/step@1.0.0#f") (param i32 i32 i32) (result i32)
    (call $f-done (i32.add (call $get) (i32.const 1)))
    (i32.const 0)) ;; EXIT
  (func (export "[async-lift]test:slow/step@1.0.0#g") (param i32 i32) (result i32)
    (call $g-done (local.get 0) (local.get 1))
    (i32.const 0))
  (func (export "[callback][async-lift]test:slow/step@1.0.0#g") (param i32 i32 i32) (result i32)
    unreachable)

  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.and (i32.add (local.get $at) (local.get $size)) (i32.const 0x7fff)))
    (local.get $at))
)
