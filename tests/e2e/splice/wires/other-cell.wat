;; Stands for the cell; what it gives is 1000 more than what was put there.
(component $other
  (core module $m
    (global $cell (mut i32) (i32.const 0))
    (func (export "put") (param i32) (global.set $cell (local.get 0)))
    (func (export "get") (result i32) (i32.add (global.get $cell) (i32.const 1000))))
  (core instance $i (instantiate $m))
  (func $put (param "x" u32) (canon lift (core func $i "put")))
  (func $get (result u32) (canon lift (core func $i "get")))
  (type $kind (enum "one" "two"))
  (instance $in (export "kind" (type $kind)) (export "put" (func $put)))
  (instance $out (export "get" (func $get)))
  (export "w:cell/in@1.0.0" (instance $in))
  (export "w:cell/out@1.0.0" (instance $out)))
