;; An async function type, as an import and inside an instance type.
(component
  (import "f" (func async (param "x" string) (result string)))
  (import "i" (instance (export "g" (func async))))
)
