;; A middleware that reads a value: f(x) adds to x the length of what `greeting` is set to, in bytes of WAVE text, or
;; 1000 when it is not set.
(component
  (import "splicer:builtin-config/get@0.1.0" (instance $config
    (export "get" (func (param "key" string) (result (option string))))))
  (core module $Memory
    (memory (export "memory") 1)
    (data (i32.const 16) "greeting")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $Memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $get (canon lower (func $config "get") (memory $mem) (realloc $realloc)))
  (core module $Main
    (import "m" "memory" (memory 1))
    (import "config" "get" (func $get (param i32 i32 i32)))
    (func (export "f") (param $x i32) (result i32)
      (call $get (i32.const 16) (i32.const 8) (i32.const 0))
      (i32.add (local.get $x)
        (if (result i32) (i32.load8_u (i32.const 0))
          (then (i32.load (i32.const 8)))
          (else (i32.const 1000))))))
  (core instance $main (instantiate $Main
    (with "m" (instance $memory))
    (with "config" (instance (export "get" (func $get))))))
  (func $f (param "x" u32) (result u32) (canon lift (core func $main "f")))
  (instance $step (export "f" (func $f)))
  (export "t:chain/step@1.0.0" (instance $step)))
