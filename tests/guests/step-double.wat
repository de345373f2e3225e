;; A middleware that exports the target interface itself: calls the real step and doubles its result.
(component $step-double
  (import "t:chain/step@1.0.0" (instance $in (export "f" (func (param "x" u32) (result u32)))))
  (core func $f (canon lower (func $in "f")))
  (core module $m
    (import "" "f" (func $f (param i32) (result i32)))
    (func (export "g") (param i32) (result i32) (i32.mul (call $f (local.get 0)) (i32.const 2))))
  (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
  (func $g (param "x" u32) (result u32) (canon lift (core func $i "g")))
  (instance $api (export "f" (func $g)))
  (export "t:chain/step@1.0.0" (instance $api))
)
