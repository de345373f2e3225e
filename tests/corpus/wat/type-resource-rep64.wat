;; A resource whose representation is an i64.
(component
  (core module $m (func (export "dtor") (param i64)))
  (core instance $m (instantiate $m))
  (type $r (resource (rep i64) (dtor (core func $m "dtor"))))
  (core func (canon resource.new $r))
  (core func (canon resource.rep $r))
  (core func (canon resource.drop $r))
)
