;; A name section with an entry in every index space.
(component $the-component
  (core module $core-module
    (func $inner (export "f")) (table (export "t") 1 funcref) (memory (export "m") 1)
    (global (export "g") i32 (i32.const 0)) (tag (export "e")))
  (core instance $core-instance (instantiate $core-module))
  (core type $core-type (func))
  (alias core export $core-instance "f" (core func $core-func))
  (alias core export $core-instance "t" (core table $core-table))
  (alias core export $core-instance "m" (core memory $core-memory))
  (alias core export $core-instance "g" (core global $core-global))
  (alias core export $core-instance "e" (core tag $core-tag))
  (type $type (func))
  (func $func (type $type) (canon lift (core func $core-func)))
  (component $component)
  (instance $instance (instantiate $component))
  (component $with-value (import "v" (value $value string)) (export "w" (value $value)))
)
