;; An imported value, used once, and a value inside an instance type.
(component
  (import "v" (value $v string))
  (export "w" (value $v))
  (type (instance (export "x" (value u32))))
)
