;; Stands between somebody and the stock, adds 10 and tells a log: note(1000).
(component $through
  (import "w:app/stock@1.0.0" (instance $stock (export "f" (func (param "x" u32) (result u32)))))
  (import "w:app/log@1.0.0" (instance $log (export "note" (func (param "x" u32) (result u32)))))
  (core func $f (canon lower (func $stock "f")))
  (core func $note (canon lower (func $log "note")))
  (core module $m
    (import "" "f" (func $f (param i32) (result i32)))
    (import "" "note" (func $note (param i32) (result i32)))
    (func (export "f") (param i32) (result i32)
      (drop (call $note (i32.const 1000)))
      (i32.add (call $f (local.get 0)) (i32.const 10))))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f)) (export "note" (func $note))))))
  (func $g (param "x" u32) (result u32) (canon lift (core func $i "f")))
  (instance $api (export "f" (func $g)))
  (export "w:app/stock@1.0.0" (instance $api)))
