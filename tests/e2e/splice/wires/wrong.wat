;; As asker, with another type.
(component $asker
  (import "w:app/stock@1.0.0" (instance $stock (export "f" (func (param "x" u32) (result s32)))))
  (core func $f (canon lower (func $stock "f")))
  (core module $m
    (import "" "f" (func $f (param i32) (result i32)))
    (func (export "on-call") (param i32 i64) (drop (call $f (i32.const 7)))))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func $on-call (param "target" u32) (param "call" u64) (canon lift (core func $i "on-call")))
  (instance $before (export "on-call" (func $on-call)))
  (export "weft:hooks/before@0.1.0" (instance $before)))
