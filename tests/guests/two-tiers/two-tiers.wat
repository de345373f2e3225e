;; Does nothing with either hook.
(module
  (memory (export "memory") 1)
  (func (export "weft:hooks/before@0.1.0#on-call") (param i32 i64))
  (func (export "weft:hooks/observe-return@0.1.0#on-return")
    (param i32 i64 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
)
