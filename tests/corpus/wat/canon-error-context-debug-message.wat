;; The built-in error-context.debug-message.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  )
  (core instance $i (instantiate $m))
  (core func (canon error-context.debug-message (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
)
