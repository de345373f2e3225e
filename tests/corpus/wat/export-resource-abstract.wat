;; A component that hides a resource's definition behind its export, and a user of it.
(component
  (component $def
    (type $r (resource (rep i32)))
    (core func $new (canon resource.new $r))
    (core module $m (import "" "new" (func $new (param i32) (result i32))) (func (export "mk") (result i32) (call $new (i32.const 7))) (func (export "get") (param i32) (result i32) (local.get 0)))
    (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
    (export $r2 "r" (type $r))
    (func (export "mk") (result (own $r2)) (canon lift (core func $i "mk")))
    (func (export "get") (param "x" (borrow $r2)) (result u32) (canon lift (core func $i "get")))
  )
  (instance $d (instantiate $def))
  (export "d" (instance $d))
)
