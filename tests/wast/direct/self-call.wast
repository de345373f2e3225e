;; A component may call its own lifted function: nothing is entered that was left (CanonicalABI.md, may_enter_from).

(component
  (core module $m (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
  (core instance $i (instantiate $m))
  (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
  (core func $f' (canon lower (func $f)))
  (core module $n (import "" "f" (func $f (param i32) (result i32)))
    (func (export "g") (param i32) (result i32) (call $f (call $f (local.get 0)))))
  (core instance $j (instantiate $n (with "" (instance (export "f" (func $f'))))))
  (func (export "g") (param "x" u32) (result u32) (canon lift (core func $j "g"))))
(assert_return (invoke "g" (u32.const 40)) (u32.const 42))
