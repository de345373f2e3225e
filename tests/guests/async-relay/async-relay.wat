;; Each export starts the import asynchronously; when that is not done yet, it waits for the subtask in a set and
;; returns the result from the callback. A task keeps, in memory, where its result will be:
;;
;;     | set, 4 | result, 8 | kind of function, 4 |
(module
  (import "test:slow/step@1.0.0" "[async-lower]f" (func $f (param i32 i32) (result i32)))
  (import "test:slow/step@1.0.0" "[async-lower]g" (func $g (param i32 i32 i32) (result i32)))
  (import "[export]test:slow/step@1.0.0" "[task-return]f" (func $f-done (param i32)))
  (import "[export]test:slow/step@1.0.0" "[task-return]g" (func $g-done (param i32 i32)))
  (import "$root" "[context-get-0]" (func $get (result i32)))
  (import "$root" "[context-set-0]" (func $set (param i32)))
  (import "$root" "[waitable-set-new]" (func $set-new (result i32)))
  (import "$root" "[waitable-set-drop]" (func $set-drop (param i32)))
  (import "$root" "[waitable-join]" (func $join (param i32 i32)))
  (import "$root" "[subtask-drop]" (func $subtask-drop (param i32)))
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 1024))

  (func $task (param $kind i32) (result i32) (local $task i32)
    (local.set $task (call $realloc (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 16)))
    (i32.store (local.get $task) (i32.const 0))
    (i32.store offset=12 (local.get $task) (local.get $kind))
    (call $set (local.get $task))
    (local.get $task))

  (func $finish (result i32) (local $task i32)
    (local.set $task (call $get))
    (if (i32.load offset=12 (local.get $task))
      (then (call $g-done (i32.load offset=4 (local.get $task)) (i32.load offset=8 (local.get $task))))
      (else (call $f-done (i32.load offset=4 (local.get $task)))))
    (i32.const 0)) ;; EXIT

  ;; The status of an async lower: the state in the low four bits, 2 for returned; the subtask above them.
  (func $started (param $status i32) (result i32) (local $set i32)
    (if (i32.eq (i32.and (local.get $status) (i32.const 15)) (i32.const 2))
      (then (return (call $finish))))
    (local.set $set (call $set-new))
    (i32.store (call $get) (local.get $set))
    (call $join (i32.shr_u (local.get $status) (i32.const 4)) (local.get $set))
    (i32.or (i32.shl (local.get $set) (i32.const 4)) (i32.const 2))) ;; WAIT

  ;; An event for the subtask: state 2 is returned, anything before that is not the end.
  (func $event (param $code i32) (param $subtask i32) (param $state i32) (result i32)
    (if (i32.ne (local.get $state) (i32.const 2))
      (then (return (i32.or (i32.shl (i32.load (call $get)) (i32.const 4)) (i32.const 2)))))
    (call $join (local.get $subtask) (i32.const 0))
    (call $subtask-drop (local.get $subtask))
    (call $set-drop (i32.load (call $get)))
    (call $finish))

  (func (export "[async-lift]test:slow/step@1.0.0#f") (param $x i32) (result i32)
    (call $started (call $f (local.get $x) (i32.add (call $task (i32.const 0)) (i32.const 4)))))
  (func (export "[async-lift]test:slow/step@1.0.0#g") (param $ptr i32) (param $len i32) (result i32)
    (call $started
      (call $g (local.get $ptr) (local.get $len) (i32.add (call $task (i32.const 1)) (i32.const 4)))))
  (func (export "[callback][async-lift]test:slow/step@1.0.0#f") (param i32 i32 i32) (result i32)
    (call $event (local.get 0) (local.get 1) (local.get 2)))
  (func (export "[callback][async-lift]test:slow/step@1.0.0#g") (param i32 i32 i32) (result i32)
    (call $event (local.get 0) (local.get 1) (local.get 2)))

  (func $realloc (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.and (i32.add (local.get $at) (local.get $size)) (i32.const 0x7fff)))
    (local.get $at))
)
