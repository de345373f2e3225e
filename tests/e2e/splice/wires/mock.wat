;; Stands for the stock: f(x) is what the log says.
(component $mock
  (import "w:app/log@1.0.0" (instance $log (export "note" (func (param "x" u32) (result u32)))))
  (core func $note (canon lower (func $log "note")))
  (core module $m
    (import "" "note" (func $note (param i32) (result i32)))
    (func (export "f") (param i32) (result i32) (call $note (i32.const 5000))))
  (core instance $i (instantiate $m (with "" (instance (export "note" (func $note))))))
  (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
  (instance $api (export "f" (func $f)))
  (export "w:app/stock@1.0.0" (instance $api)))
