;; The built-in error-context.new, with each string encoding.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  )
  (core instance $i (instantiate $m))
  (core func (canon error-context.new (memory (core memory $i "memory")) string-encoding=utf8))
  (core func (canon error-context.new (memory (core memory $i "memory")) string-encoding=utf16))
  (core func (canon error-context.new (memory (core memory $i "memory")) string-encoding=latin1+utf16))
)
