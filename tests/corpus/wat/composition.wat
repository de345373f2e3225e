;; Two nodes and an edge: the consumer calls the provider's function and adds one.
(component
  (component $provider
    (core module $m (func (export "f") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 10))))
    (core instance $i (instantiate $m))
    (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
    (instance $api (export "f" (func $f)))
    (export "t:chain/step@1.0.0" (instance $api))
  )
  (component $consumer
    (import "t:chain/step@1.0.0" (instance $in (export "f" (func (param "x" u32) (result u32)))))
    (core func $f (canon lower (func $in "f")))
    (core module $m (import "" "f" (func $f (param i32) (result i32))) (func (export "g") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1))))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func $g (param "x" u32) (result u32) (canon lift (core func $i "g")))
    (instance $api (export "f" (func $g)))
    (export "t:chain/step@1.0.0" (instance $api))
  )
  (instance $p (instantiate $provider))
  (instance $c (instantiate $consumer (with "t:chain/step@1.0.0" (instance $p "t:chain/step@1.0.0"))))
  (export "t:chain/step@1.0.0" (instance $c "t:chain/step@1.0.0"))
)
