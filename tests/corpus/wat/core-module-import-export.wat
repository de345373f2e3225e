;; A core module that is imported and one that is exported.
(component
  (import "in" (core module $in (import "a" "b" (func)) (export "c" (func (result i32)))))
  (core module $m (func (export "f")))
  (export "out" (core module $m))
  (export "again" (core module $in))
)
