;; Nested components that import and export every sort: core modules, components, types, instances, functions.

(component
  (core module $seven (func (export "n") (result i32) (i32.const 7)))
  (core module $needs (import "a" "n" (func $n (result i32)))
    (func (export "twice") (result i32) (i32.mul (call $n) (i32.const 2))))
  (component $lifter
    (import "code" (core module $code (export "n" (func (result i32)))))
    (core instance $i (instantiate $code))
    (func (export "n") (result u32) (canon lift (core func $i "n"))))
  ;; takes a module, a component, a type, an instance and a function; gives back all five
  (component $everything
    (import "code" (core module $code (export "n" (func (result i32)))))
    (import "needs" (core module $needs
      (import "a" "n" (func (result i32))) (export "twice" (func (result i32)))))
    (import "lifter" (component $lifter
      (import "code" (core module (export "n" (func (result i32)))))
      (export "n" (func (result u32)))))
    (type $u32 u32)
    (import "pair" (type $pair (eq $u32)))
    (import "inst" (instance $inst (export "n" (func (result $pair)))))
    (import "func" (func $func (result u32)))
    (core instance $a (instantiate $code))
    (core instance $b (instantiate $needs (with "a" (instance $a))))
    (instance $lifted (instantiate $lifter (with "code" (core module $code))))
    (func (export "twice") (result u32) (canon lift (core func $b "twice")))
    (export "lifted" (instance $lifted))
    (export "code-again" (core module $code))
    (export "lifter-again" (component $lifter))
    (export "pair-again" (type $pair))
    (export "inst-again" (instance $inst))
    (export "func-again" (func $func)))
  (instance $first (instantiate $lifter (with "code" (core module $seven))))
  (type $pair u32)
  (instance $all (instantiate $everything
    (with "code" (core module $seven))
    (with "needs" (core module $needs))
    (with "lifter" (component $lifter))
    (with "pair" (type $pair))
    (with "inst" (instance $first))
    (with "func" (func $first "n"))))
  ;; a module and a component that came out of an instance are instantiated here
  (alias export $all "code-again" (core module $code))
  (alias export $all "lifter-again" (component $again))
  (alias export $all "inst-again" (instance $inst))
  (alias export $all "lifted" (instance $lifted))
  (core instance $c (instantiate $code))
  (func $direct (result u32) (canon lift (core func $c "n")))
  (instance $from-alias (instantiate $again (with "code" (core module $code))))
  (export "twice" (func $all "twice"))
  (export "lifted" (func $lifted "n"))
  (export "direct" (func $direct))
  (export "from-alias" (func $from-alias "n"))
  (export "inst" (func $inst "n"))
  (export "func" (func $all "func-again")))
(assert_return (invoke "twice") (u32.const 14))
(assert_return (invoke "lifted") (u32.const 7))
(assert_return (invoke "direct") (u32.const 7))
(assert_return (invoke "from-alias") (u32.const 7))
(assert_return (invoke "inst") (u32.const 7))
(assert_return (invoke "func") (u32.const 7))

;; A component that was passed along still closes over where it was defined, by outer aliases of a module, a
;; component and a type.
(component
  (core module $one (func (export "n") (result i32) (i32.const 1)))
  (component $outer
    (core module $two (func (export "n") (result i32) (i32.const 2)))
    (component $lift
      (import "m" (core module $m (export "n" (func (result i32)))))
      (core instance $i (instantiate $m))
      (func (export "n") (result u32) (canon lift (core func $i "n"))))
    (component $closure
      (alias outer $outer $two (core module $two))
      (alias outer $outer $lift (component $lift))
      (instance $i (instantiate $lift (with "m" (core module $two))))
      (export "n" (func $i "n")))
    (export "closure" (component $closure)))
  (instance $o (instantiate $outer))
  (alias export $o "closure" (component $closure))
  (component $runner
    (import "c" (component $c (export "n" (func (result u32)))))
    (instance $i (instantiate $c))
    (export "n" (func $i "n")))
  (instance $r (instantiate $runner (with "c" (component $closure))))
  (export "n" (func $r "n")))
(assert_return (invoke "n") (u32.const 2))
