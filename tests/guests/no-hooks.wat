;; Exports something that is neither a hook nor a target: not a middleware.
(component $no-hooks
  (core module $m (func (export "f")))
  (core instance $i (instantiate $m))
  (func $f (canon lift (core func $i "f")))
  (instance $api (export "f" (func $f)))
  (export "test:other/thing@1.0.0" (instance $api))
)
