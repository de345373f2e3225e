;; The attribute implements: the same interface under several names, in imports, exports and types.
(component
  (import "primary" (implements "a:b/store@1.0.0") (instance $p (export "get" (func))))
  (import "backup" (implements "a:b/store@1.0.0") (instance (export "get" (func))))
  (import "a:b/store@1.0.0" (instance (export "get" (func))))
  (type (component
    (import "x" (implements "a:b/c") (instance))
    (export "x" (implements "a:b/c") (instance))
  ))
  (type (instance (export "x" (implements "a:b/c") (instance))))
  (instance (export "in" (implements "a:b/store@1.0.0") (instance $p)))
  (export "out" (implements "a:b/store@1.0.0") (instance $p))
)
