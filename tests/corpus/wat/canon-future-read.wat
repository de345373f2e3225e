;; The built-in future.read, blocking and async, with realloc for strings; a future in a future is a handle and needs none.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  )
  (core instance $i (instantiate $m))
  (type $f (future string))
  (core func (canon future.read $f (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (core func (canon future.read $f async (memory (core memory $i "memory")) (realloc (core func $i "realloc")) string-encoding=utf16))
  (type $g (future $f))
  (core func (canon future.read $g async (memory (core memory $i "memory"))))
)
