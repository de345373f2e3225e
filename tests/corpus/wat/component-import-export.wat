;; A component that is imported and one that is exported.
(component
  (import "in" (component $in (import "f" (func)) (export "g" (func))))
  (component $c (import "x" (func $x)) (export "y" (func $x)))
  (export "out" (component $c))
  (export "again" (component $in))
)
