;; A cell with two interfaces, in and out, and two users of both: f(x) puts x into it and gets what is there.
(component $app
  (component $cell
    (core module $m
      (global $cell (mut i32) (i32.const 0))
      (func (export "put") (param i32) (global.set $cell (local.get 0)))
      (func (export "get") (result i32) (global.get $cell)))
    (core instance $i (instantiate $m))
    (func $put (param "x" u32) (canon lift (core func $i "put")))
    (func $get (result u32) (canon lift (core func $i "get")))
    (type $kind (enum "one" "two"))
    (instance $in (export "kind" (type $kind)) (export "put" (func $put)))
    (instance $out (export "get" (func $get)))
    (export "w:cell/in@1.0.0" (instance $in))
    (export "w:cell/out@1.0.0" (instance $out)))
  (component $user
    (import "w:cell/in@1.0.0" (instance $in (export "put" (func (param "x" u32)))))
    (import "w:cell/out@1.0.0" (instance $out (export "get" (func (result u32)))))
    (core func $put (canon lower (func $in "put")))
    (core func $get (canon lower (func $out "get")))
    (core module $m
      (import "" "put" (func $put (param i32)))
      (import "" "get" (func $get (result i32)))
      (func (export "f") (param i32) (result i32) (call $put (local.get 0)) (call $get)))
    (core instance $i (instantiate $m (with "" (instance (export "put" (func $put)) (export "get" (func $get))))))
    (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
    (instance $api (export "f" (func $f)))
    (export "w:cell/user@1.0.0" (instance $api)))
  (instance $cell (instantiate $cell))
  (instance $first (instantiate $user
    (with "w:cell/in@1.0.0" (instance $cell "w:cell/in@1.0.0"))
    (with "w:cell/out@1.0.0" (instance $cell "w:cell/out@1.0.0"))))
  (instance $second (instantiate $user
    (with "w:cell/in@1.0.0" (instance $cell "w:cell/in@1.0.0"))
    (with "w:cell/out@1.0.0" (instance $cell "w:cell/out@1.0.0"))))
  (export "first" (instance $first "w:cell/user@1.0.0"))
  (export "second" (instance $second "w:cell/user@1.0.0")))
