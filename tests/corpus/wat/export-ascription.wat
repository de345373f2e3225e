;; Exports ascribed with a type: a func, an instance with fewer exports, a type by equality.
(component
  (type $r (resource (rep i32)))
  (core func $new (canon resource.new $r))
  (core module $m (import "" "new" (func $new (param i32) (result i32))) (func (export "mk") (result i32) (call $new (i32.const 1))))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (export $rx "r" (type $r) (type (eq $r)))
  (func $mk (result (own $rx)) (canon lift (core func $i "mk")))
  (export "mk" (func $mk) (func (result (own $rx))))
  (import "f" (func $f))
  (instance $big (export "a" (func $f)) (export "b" (func $f)))
  (export "small" (instance $big) (instance (export "a" (func))))
)
