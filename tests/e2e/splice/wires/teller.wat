;; A hook that puts 7 into a cell before each call, and traps where not 1007 comes out.
(component $teller
  (import "w:cell/in@1.0.0" (instance $in (export "put" (func (param "x" u32)))))
  (import "w:cell/out@1.0.0" (instance $out (export "get" (func (result u32)))))
  (core func $put (canon lower (func $in "put")))
  (core func $get (canon lower (func $out "get")))
  (core module $m
    (import "" "put" (func $put (param i32)))
    (import "" "get" (func $get (result i32)))
    (func (export "on-call") (param i32 i64)
      (call $put (i32.const 7))
      (if (i32.ne (call $get) (i32.const 1007)) (then unreachable))))
  (core instance $i (instantiate $m (with "" (instance (export "put" (func $put)) (export "get" (func $get))))))
  (func $on-call (param "target" u32) (param "call" u64) (canon lift (core func $i "on-call")))
  (instance $before (export "on-call" (func $on-call)))
  (export "weft:hooks/before@0.1.0" (instance $before)))
