;; Instances made of exports of every sort, also as an argument in place and nested.
(component
  (import "f" (func $f))
  (import "r" (type $r (sub resource)))
  (core module $m)
  (component $c)
  (instance $empty)
  (instance $i
    (export "f" (func $f))
    (export "r" (type $r))
    (export "m" (core module $m))
    (export "c" (component $c))
    (export "i" (instance $empty))
  )
  (component $user (import "x" (instance (export "f" (func)))))
  (instance (instantiate $user (with "x" (instance $i))))
  (instance (instantiate $user (with "x" (instance (export "f" (func $f))))))
  (export "all" (instance $i))
)
