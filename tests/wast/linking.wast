;; What instantiation makes of definitions.

;; A component closes over what is around it; each instance has its own.
(component
  (core module $Counter
    (global $n (mut i32) (i32.const 0))
    (func (export "next") (result i32)
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (global.get $n)))
  (component $Outer
    (component $Inner
      (alias outer 2 $Counter (core module $Counter))
      (core instance $i (instantiate $Counter))
      (func (export "next") (result u32) (canon lift (core func $i "next"))))
    (instance $inner (instantiate $Inner))
    (export "next" (func $inner "next"))
    (export "again" (component $Inner)))
  (instance $a (instantiate $Outer))
  (instance $b (instantiate $Outer))
  (alias export $a "again" (component $Again))
  (instance $c (instantiate $Again))
  (export "a" (func $a "next"))
  (export "b" (func $b "next"))
  (export "c" (func $c "next")))
(assert_return (invoke "a") (u32.const 1))
(assert_return (invoke "a") (u32.const 2))
(assert_return (invoke "b") (u32.const 1))
(assert_return (invoke "c") (u32.const 1))
(assert_return (invoke "a") (u32.const 3))

;; Components, modules, instances and functions as arguments.
(component
  (core module $M (func (export "f") (result i32) (i32.const 5)))
  (component $Lib
    (core module $L (func (export "f") (result i32) (i32.const 6)))
    (core instance $i (instantiate $L))
    (func (export "x") (result u32) (canon lift (core func $i "f"))))
  (component $User
    (import "m" (core module $M (export "f" (func (result i32)))))
    (import "lib" (component $Lib (export "x" (func (result u32)))))
    (import "both" (instance $both (export "one" (func (result u32)))
                                   (export "two" (func (result u32)))))
    (core instance $m (instantiate $M))
    (instance $l (instantiate $Lib))
    (func (export "m") (result u32) (canon lift (core func $m "f")))
    (export "lib" (func $l "x"))
    (export "two" (func $both "two")))
  (instance $one (instantiate $Lib))
  (core module $Two (func (export "f") (result i32) (i32.const 2)))
  (core instance $two (instantiate $Two))
  (func $two (result u32) (canon lift (core func $two "f")))
  (instance $both (export "one" (func $one "x")) (export "two" (func $two)))
  (instance $user (instantiate $User
    (with "m" (core module $M)) (with "lib" (component $Lib)) (with "both" (instance $both))))
  (export "m" (func $user "m"))
  (export "lib" (func $user "lib"))
  (export "two" (func $user "two")))
(assert_return (invoke "m") (u32.const 5))
(assert_return (invoke "lib") (u32.const 6))
(assert_return (invoke "two") (u32.const 2))

;; Core instances: inline exports of every sort, shared between modules.
(component
  (core module $A
    (memory (export "m") 1) (table (export "t") 4 funcref)
    (global (export "g") (mut i32) (i32.const 10)))
  (core instance $a (instantiate $A))
  (alias core export $a "m" (core memory $m))
  (alias core export $a "t" (core table $t))
  (alias core export $a "g" (core global $g))
  (core instance $env (export "mem" (memory $m)) (export "tab" (table $t)) (export "glo" (global $g)))
  (core module $B
    (import "env" "mem" (memory 1)) (import "env" "tab" (table 4 funcref))
    (import "env" "glo" (global $g (mut i32)))
    (func $f (result i32) (i32.load (i32.const 0)))
    (elem (i32.const 1) func $f)
    (func $start (i32.store (i32.const 0) (global.get $g)) (global.set $g (i32.const 11)))
    (start $start))
  (core instance $b (instantiate $B (with "env" (instance $env))))
  (core module $C
    (import "env" "tab" (table 4 funcref)) (import "env" "glo" (global $g (mut i32)))
    (type $f (func (result i32)))
    (func (export "sum") (result i32)
      (i32.add (global.get $g) (call_indirect (type $f) (i32.const 1)))))
  (core instance $c (instantiate $C (with "env" (instance $env))))
  (func (export "sum") (result u32) (canon lift (core func $c "sum"))))
(assert_return (invoke "sum") (u32.const 21))

(assert_trap
  (component
    (core module $m (func $f unreachable) (start $f))
    (core instance (instantiate $m)))
  "unreachable")

(assert_invalid
  (component
    (core module $m (func (export "f") (result i64) (i64.const 0)))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))
  "lowered result types")
