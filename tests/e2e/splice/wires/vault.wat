;; A vault with two interfaces: keys, which has a resource, and doors, which takes it; and two users of both:
;; f(x) makes a key of x and opens a door with it.
(component $app
  (component $vault
    (type $key (resource (rep i32)))
    (core func $new (canon resource.new $key))
    (core func $drop (canon resource.drop $key))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
      (func (export "open") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
    (component $keys-shape
      (import "key" (type $key (sub resource)))
      (import "make" (func $make (param "x" u32) (result (own $key))))
      (export $out "key" (type $key))
      (export "make" (func $make) (func (param "x" u32) (result (own $out)))))
    (func $make (param "x" u32) (result (own $key)) (canon lift (core func $i "make")))
    (instance $keys (instantiate $keys-shape (with "key" (type $key)) (with "make" (func $make))))
    (export $keys-out "w:vault/keys@1.0.0" (instance $keys))
    (alias export $keys-out "key" (type $key-out))
    (func $open (param "k" (borrow $key)) (result u32) (canon lift (core func $i "open")))
    (component $doors-shape
      (import "key" (type $key (sub resource)))
      (import "open" (func $open (param "k" (borrow $key)) (result u32)))
      (export $out "key" (type $key))
      (export "open" (func $open) (func (param "k" (borrow $out)) (result u32))))
    (instance $doors (instantiate $doors-shape (with "key" (type $key-out)) (with "open" (func $open))))
    (export "w:vault/doors@1.0.0" (instance $doors)))
  (component $user
    (import "w:vault/keys@1.0.0" (instance $keys
      (export "key" (type $key (sub resource)))
      (export "make" (func (param "x" u32) (result (own $key))))))
    (alias export $keys "key" (type $key))
    (import "w:vault/doors@1.0.0" (instance $doors
      (alias outer 1 $key (type $outer))
      (export "key" (type $k (eq $outer)))
      (export "open" (func (param "k" (borrow $k)) (result u32)))))
    (core func $make (canon lower (func $keys "make")))
    (core func $open (canon lower (func $doors "open")))
    (core module $m
      (import "" "make" (func $make (param i32) (result i32)))
      (import "" "open" (func $open (param i32) (result i32)))
      (func (export "f") (param i32) (result i32) (call $open (call $make (local.get 0)))))
    (core instance $i (instantiate $m (with "" (instance (export "make" (func $make)) (export "open" (func $open))))))
    (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
    (instance $api (export "f" (func $f)))
    (export "w:vault/user@1.0.0" (instance $api)))
  (instance $vault (instantiate $vault))
  (instance $first (instantiate $user
    (with "w:vault/keys@1.0.0" (instance $vault "w:vault/keys@1.0.0"))
    (with "w:vault/doors@1.0.0" (instance $vault "w:vault/doors@1.0.0"))))
  (instance $second (instantiate $user
    (with "w:vault/keys@1.0.0" (instance $vault "w:vault/keys@1.0.0"))
    (with "w:vault/doors@1.0.0" (instance $vault "w:vault/doors@1.0.0"))))
  (export "first" (instance $first "w:vault/user@1.0.0"))
  (export "second" (instance $second "w:vault/user@1.0.0")))
