;; A hook that makes a key and opens a door with it before each call.
(component $opener
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
    (func (export "on-call") (param i32 i64) (drop (call $open (call $make (i32.const 7))))))
  (core instance $i (instantiate $m (with "" (instance (export "make" (func $make)) (export "open" (func $open))))))
  (func $on-call (param "target" u32) (param "call" u64) (canon lift (core func $i "on-call")))
  (instance $before (export "on-call" (func $on-call)))
  (export "weft:hooks/before@0.1.0" (instance $before)))
