;; Hooks that tell a log of each call: note(1) before it, note(100) after it.
(component $logger
  (import "w:app/log@1.1.0" (instance $log (export "note" (func (param "x" u32) (result u32)))))
  (core func $note (canon lower (func $log "note")))
  (core module $m
    (import "" "note" (func $note (param i32) (result i32)))
    (func (export "on-call") (param i32 i64) (drop (call $note (i32.const 1))))
    (func (export "on-return") (param i32 i64) (drop (call $note (i32.const 100)))))
  (core instance $i (instantiate $m (with "" (instance (export "note" (func $note))))))
  (type $hook (func (param "target" u32) (param "call" u64)))
  (func $on-call (type $hook) (canon lift (core func $i "on-call")))
  (func $on-return (type $hook) (canon lift (core func $i "on-return")))
  (instance $before (export "on-call" (func $on-call)))
  (instance $after (export "on-return" (func $on-return)))
  (export "weft:hooks/before@0.1.0" (instance $before))
  (export "weft:hooks/after@0.1.0" (instance $after)))
