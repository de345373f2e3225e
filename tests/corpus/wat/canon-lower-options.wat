;; Lowers with memory, realloc and each string encoding.
(component
  (import "f" (func $f (param "s" string) (result (list string))))
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "post") (param i32))
    (func (export "echo") (param i32 i32) (result i32) (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))
  )
  (core instance $i (instantiate $m))
  (core func (canon lower (func $f) string-encoding=utf8 (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (core func (canon lower (func $f) string-encoding=utf16 (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (core func (canon lower (func $f) string-encoding=latin1+utf16 (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
)
