;; A hook that imports two interfaces called log.
(component $many
  (import "w:app/log@1.0.0" (instance (export "note" (func (param "x" u32) (result u32)))))
  (import "w:other/log@1.0.0" (instance (export "note" (func (param "x" u32) (result u32)))))
  (import "w:app/stock@1.0.0" (instance (export "f" (func (param "x" u32) (result u32)))))
  (core module $m (func (export "on-call") (param i32 i64)))
  (core instance $i (instantiate $m))
  (func $on-call (param "target" u32) (param "call" u64) (canon lift (core func $i "on-call")))
  (instance $before (export "on-call" (func $on-call)))
  (export "weft:hooks/before@0.1.0" (instance $before)))
