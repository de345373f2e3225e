;; A lower without options, called by a core module.
(component
  (import "f" (func $f (param "x" u32) (result u64)))
  (core func $low (canon lower (func $f)))
  (core module $m (import "" "f" (func (param i32) (result i64))))
  (core instance (instantiate $m (with "" (instance (export "f" (func $low))))))
)
