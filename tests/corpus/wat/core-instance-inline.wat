;; A core instance argument made of exports in place.
(component
  (core module $a (func (export "f")))
  (core module $b (import "x" "g" (func)) (import "y" "h" (func)))
  (core instance $i (instantiate $a))
  (core instance (instantiate $b
    (with "x" (instance (export "g" (func $i "f"))))
    (with "y" (instance (export "h" (func $i "f"))))
  ))
)
