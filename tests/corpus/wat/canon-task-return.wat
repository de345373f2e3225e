;; The built-in task.return: without a result, with one, with options.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  )
  (core instance $i (instantiate $m))
  (core func (canon task.return))
  (core func (canon task.return (result u32)))
  (core func (canon task.return (result string) (memory (core memory $i "memory")) string-encoding=utf16))
)
