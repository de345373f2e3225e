;; A resource with a destructor, exported with constructor, method and static function.
(component
  (core module $m
    (func (export "dtor") (param i32))
    (func (export "ctor") (param i32) (result i32) (local.get 0))
    (func (export "get") (param i32) (result i32) (local.get 0))
    (func (export "count") (result i32) (i32.const 1))
  )
  (core instance $i (instantiate $m))
  (type $r' (resource (rep i32) (dtor (core func $i "dtor"))))
  (export $r "r" (type $r'))
  (func (export "[constructor]r") (param "x" u32) (result (own $r)) (canon lift (core func $i "ctor")))
  (func (export "[method]r.get") (param "self" (borrow $r)) (result u32) (canon lift (core func $i "get")))
  (func (export "[static]r.count") (result u32) (canon lift (core func $i "count")))
)
