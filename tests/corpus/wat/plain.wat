;; A plain component: no instances inside, one exported interface and one function at the root.
(component
  (core module $m
    (func (export "inc") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
    (func (export "run") (result i32) (i32.const 42))
  )
  (core instance $i (instantiate $m))
  (func $inc (param "x" u32) (result u32) (canon lift (core func $i "inc")))
  (instance $api (export "inc" (func $inc)))
  (export "t:plain/api@1.0.0" (instance $api))
  (func (export "run") (result u32) (canon lift (core func $i "run")))
)
