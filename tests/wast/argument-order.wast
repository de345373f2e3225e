;; Arguments pass one after another: the second one is looked at when the first one has been lowered. In definitions.py all of
;; them are lifted first; the difference is in which of two traps is told.
(component definition $Tester
  (component $B
    (core module $m
      (memory (export "m") 1)
      (func (export "f") (param i32 i32 i32))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
    (core instance $i (instantiate $m))
    (func (export "f") (param "s" string) (param "c" char) (canon lift (core func $i "f")
      (memory (core memory $i "m")) (realloc (core func $i "realloc")))))
  (instance $b (instantiate $B))
  (core module $mem (memory (export "m") 1))
  (core instance $mem (instantiate $mem))
  (core func $f (canon lower (func $b "f") (memory (core memory $mem "m"))))
  (core module $n
    (import "" "f" (func $f (param i32 i32 i32)))
    (func (export "bad-char") (call $f (i32.const 0) (i32.const 3) (i32.const 0x110000)))
    (func (export "bad-string") (call $f (i32.const 65536) (i32.const 3) (i32.const 0x110000))))
  (core instance $k (instantiate $n (with "" (instance (export "f" (func $f))))))
  (func (export "bad-char") (canon lift (core func $k "bad-char")))
  (func (export "bad-string") (canon lift (core func $k "bad-string")))
)
(component instance $i $Tester)
(assert_trap (invoke "bad-char") "unreachable")
(component instance $i $Tester)
(assert_trap (invoke "bad-string") "string content out-of-bounds")
