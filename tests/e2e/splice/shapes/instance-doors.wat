;; An exported instance that is exported again, one whose function is exported by itself, and imports that are
;; exported under other names: what cannot be woven is refused.
(component
  (import "host" (func $host (param "x" u32) (result u32)))
  (import "a:b/i@1.0.0" (instance $i (export "f" (func (param "x" u32) (result u32)))))
  (core module $m
    (func (export "f") (param i32) (result i32) (local.get 0)))
  (core instance $c (instantiate $m))
  (func $a (param "x" u32) (result u32) (canon lift (core func $c "f")))
  (instance $n (export "f" (func $a)) (export "k" (func $host)))
  (export $n1 "a:b/n@1.0.0" (instance $n))
  (export "a:b/l@1.0.0" (instance $n1))
  (instance $o (export "f" (func $a)) (export "g" (func $a)))
  (export $o1 "a:b/o@1.0.0" (instance $o))
  (alias export $o1 "f" (func $of))
  (export "of" (func $of))
  (export "a:b/again@1.0.0" (instance $i))
)
