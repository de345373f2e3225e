;; A synchronous function may call one of async type that is lifted synchronously, where no async built-in is around:
;; nothing blocks. (With them, the hosted engine traps: docs/conformance.md.)
(component
  (component $A
    (core module $m (func (export "f") (result i32) (i32.const 42)))
    (core instance $i (instantiate $m))
    (func (export "f") async (result u32) (canon lift (core func $i "f"))))
  (component $B
    (import "f" (func $f async (result u32)))
    (core func $f' (canon lower (func $f)))
    (core module $m (import "" "f" (func $f (result i32)))
      (func (export "g") (result i32) (call $f)))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f'))))))
    (func (export "g") (result u32) (canon lift (core func $i "g"))))
  (instance $a (instantiate $A))
  (instance $b (instantiate $B (with "f" (func $a "f"))))
  (func (export "g") (alias export $b "g"))
)
(assert_return (invoke "g") (u32.const 42))
