;; Results go to memories of 64-bit addresses and to a shared one; the shared one comes by way of two inline instances.
(component
  (import "i" (instance $i
    (export "text" (func (result string)))
    (export "pair" (func (param "s" string) (result (tuple u64 string))))
    (export "far" (func (result (tuple u8 string))))))
  (core module $wide
    (memory (export "memory") i64 1 7)
    (func (export "realloc") (param i64 i64 i64 i64) (result i64) (i64.const 1024))
    (func (export "give") (param i64 i64) (result i64) (i64.const 0)))
  (core module $narrow
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core module $user
    (import "" "text" (func (param i64)))
    (import "" "pair" (func (param i64 i64 i64)))
    (import "" "far" (func (param i32))))
  (core instance $w (instantiate $wide))
  (core instance $n (instantiate $narrow))
  (core instance $a (export "m" (memory $n "memory")))
  (alias core export $a "m" (core memory $am))
  (core instance $b (export "m" (memory $am)))
  (alias core export $b "m" (core memory $bm))
  (alias core export $w "memory" (core memory $wm))
  (alias core export $w "realloc" (core func $wr))
  (alias core export $n "realloc" (core func $nr))
  (core func $text (canon lower (func $i "text") (memory $wm) (realloc $wr)))
  (core func $pair (canon lower (func $i "pair") (memory $wm) (realloc $wr)))
  (core func $far (canon lower (func $i "far") (memory $bm) (realloc $nr)))
  (core instance $u (instantiate $user (with "" (instance
    (export "text" (func $text)) (export "pair" (func $pair)) (export "far" (func $far))))))
  (func (export "give") (param "s" string) (result string)
    (canon lift (core func $w "give") (memory $wm) (realloc $wr))))
