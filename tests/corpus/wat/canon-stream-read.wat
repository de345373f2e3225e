;; The built-in stream.read, blocking and async, with realloc for strings.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  )
  (core instance $i (instantiate $m))
  (type $s (stream string))
  (core func (canon stream.read $s (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (core func (canon stream.read $s async (memory (core memory $i "memory")) (realloc (core func $i "realloc")) string-encoding=utf16))
)
