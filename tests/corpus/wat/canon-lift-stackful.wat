;; An async lift without a callback.
(component
  (core module $m (func (export "f") (param i32)))
  (core instance $i (instantiate $m))
  (func (export "f") async (param "x" u32) (result u32) (canon lift (core func $i "f") async))
)
