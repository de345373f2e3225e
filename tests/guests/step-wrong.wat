;; Exports t:chain/step@1.0.0 with another type: a middleware that must be refused.
(component $step-wrong
  (core module $m (func (export "f") (param i64) (result i32) (i32.const 0)))
  (core instance $i (instantiate $m))
  (func $f (param "x" u64) (result u32) (canon lift (core func $i "f")))
  (instance $api (export "f" (func $f)))
  (export "t:chain/step@1.0.0" (instance $api))
)
