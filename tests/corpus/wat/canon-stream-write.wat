;; The built-in stream.write, blocking and async.
(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  )
  (core instance $i (instantiate $m))
  (type $s (stream string))
  (core func (canon stream.write $s (memory (core memory $i "memory"))))
  (core func (canon stream.write $s async (memory (core memory $i "memory")) string-encoding=latin1+utf16))
)
