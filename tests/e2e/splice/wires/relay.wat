;; Stands between a vault and its users with keys of its own, which have those of the vault in them.
(component $relay
  (import "w:vault/keys@1.0.0" (instance $keys
    (export "key" (type $key (sub resource)))
    (export "make" (func (param "x" u32) (result (own $key))))))
  (alias export $keys "key" (type $theirs))
  (import "w:vault/doors@1.0.0" (instance $doors
    (alias outer 1 $theirs (type $outer))
    (export "key" (type $k (eq $outer)))
    (export "open" (func (param "k" (borrow $k)) (result u32)))))
  (core func $make (canon lower (func $keys "make")))
  (core func $open (canon lower (func $doors "open")))
  (type $key (resource (rep i32)))
  (core func $new (canon resource.new $key))
  (core module $m
    (import "" "make" (func $make (param i32) (result i32)))
    (import "" "open" (func $open (param i32) (result i32)))
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (param i32) (result i32) (call $new (call $make (local.get 0))))
    (func (export "open") (param i32) (result i32) (i32.add (call $open (local.get 0)) (i32.const 1000))))
  (core instance $i (instantiate $m (with "" (instance
    (export "new" (func $new)) (export "make" (func $make)) (export "open" (func $open))))))
  (component $keys-shape
    (import "key" (type $key (sub resource)))
    (import "make" (func $make (param "x" u32) (result (own $key))))
    (export $out "key" (type $key))
    (export "make" (func $make) (func (param "x" u32) (result (own $out)))))
  (func $make2 (param "x" u32) (result (own $key)) (canon lift (core func $i "make")))
  (instance $keys2 (instantiate $keys-shape (with "key" (type $key)) (with "make" (func $make2))))
  (export $keys-out "w:vault/keys@1.0.0" (instance $keys2))
  (alias export $keys-out "key" (type $key-out))
  (func $open2 (param "k" (borrow $key)) (result u32) (canon lift (core func $i "open")))
  (component $doors-shape
    (import "key" (type $key (sub resource)))
    (import "open" (func $open (param "k" (borrow $key)) (result u32)))
    (export $out "key" (type $key))
    (export "open" (func $open) (func (param "k" (borrow $out)) (result u32))))
  (instance $doors2 (instantiate $doors-shape (with "key" (type $key-out)) (with "open" (func $open2))))
  (export "w:vault/doors@1.0.0" (instance $doors2)))
