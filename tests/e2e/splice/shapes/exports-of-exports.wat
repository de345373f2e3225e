;; One lift behind several exports; exports that refer to earlier exports; one core function under several lifts; an
;; instance that is exported under two names; imports that are exported again.
(component
  (import "host" (func $host (param "x" u32) (result u32)))
  (import "a:b/i@1.0.0" (instance $i (export "f" (func (param "x" u32) (result u32)))))
  (core module $m
    (func (export "f") (param i32) (result i32) (local.get 0)))
  (core instance $c (instantiate $m))
  (alias core export $c "f" (core func $f))
  (func $a (param "x" u32) (result u32) (canon lift (core func $f)))
  (func $b (param "x" s32) (result s32) (canon lift (core func $f)))
  (export $ea "ea" (func $a))
  (export "eb" (func $b))
  (export "ec" (func $a))
  (export $ed "ed" (func $ea))
  (export "ee" (func $ed))
  (instance $n (export "f" (func $a)) (export "g" (func $ea)) (export "h" (func $a)))
  (export "a:b/n@1.0.0" (instance $n))
  (export "a:b/m@1.0.0" (instance $n))
  (export "again" (func $host))
  (export "a:b/again@1.0.0" (instance $i))
  (alias export $i "f" (func $if))
  (export "if" (func $if))
)
