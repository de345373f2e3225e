;; A plain provider of t:chain/step@1.0.0: adds one.
(component $step
  (core module $m (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
  (core instance $i (instantiate $m))
  (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
  (instance $api (export "f" (func $f)))
  (export "t:chain/step@1.0.0" (instance $api))
)
