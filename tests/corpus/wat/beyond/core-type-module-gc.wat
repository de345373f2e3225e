;; A core module type that declares a struct type and a recursion group.
(component
  (core type (module
    (type $s (struct (field i32)))
    (rec (type $a (struct (field (ref null $b)))) (type $b (array (ref null $a))))
    (export "g" (global (ref null 0)))
  ))
)
