;; A composition whose provider is itself a composition, two levels down.
(component
  (component $outer
    (component $inner
      (component $leaf
        (core module $m (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
        (core instance $i (instantiate $m))
        (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
        (instance $api (export "f" (func $f)))
        (export "t:chain/step@1.0.0" (instance $api))
      )
      (instance $leaf (instantiate $leaf))
      (export "t:chain/step@1.0.0" (instance $leaf "t:chain/step@1.0.0"))
    )
    (instance $inner (instantiate $inner))
    (export "t:chain/step@1.0.0" (instance $inner "t:chain/step@1.0.0"))
  )
  (component $user
    (import "t:chain/step@1.0.0" (instance $in (export "f" (func (param "x" u32) (result u32)))))
    (core func $f (canon lower (func $in "f")))
    (core module $m (import "" "f" (func $f (param i32) (result i32))) (func (export "g") (param i32) (result i32) (call $f (call $f (local.get 0)))))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func $g (param "x" u32) (result u32) (canon lift (core func $i "g")))
    (instance $api (export "f" (func $g)))
    (export "t:chain/step@1.0.0" (instance $api))
  )
  (instance $outer (instantiate $outer))
  (instance $user (instantiate $user (with "t:chain/step@1.0.0" (instance $outer "t:chain/step@1.0.0"))))
  (export "t:chain/step@1.0.0" (instance $user "t:chain/step@1.0.0"))
)
