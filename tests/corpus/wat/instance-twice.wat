;; One component instantiated twice, each with another import.
(component
  (import "a" (func $a (result u32)))
  (import "b" (func $b (result u32)))
  (component $c (import "in" (func $in (result u32))) (export "out" (func $in)))
  (instance $x (instantiate $c (with "in" (func $a))))
  (instance $y (instantiate $c (with "in" (func $b))))
  (export "x" (func $x "out"))
  (export "y" (func $y "out"))
)
