;; Component values and start functions (Explainer.md, Value Definitions, Start Definitions). Wasmtime has neither.

;; What a start function returns is a value; it goes through a nested component, an instance and an alias of its
;; export to the start function of another component, which keeps its length.
(component
  (component $maker
    (core module $m
      (memory (export "memory") 1)
      (data (i32.const 16) "made by start")
      (data (i32.const 0) "\10\00\00\00\0d\00\00\00")
      (func (export "make") (result i32) (i32.const 0)))
    (core instance $i (instantiate $m))
    (func $make (result string)
      (canon lift (core func $i "make") (memory (core memory $i "memory"))))
    (start $make (result (value $text)))
    (export "text" (value $text)))
  (component $keeper
    (import "text" (value $text string))
    (import "more" (value $more u32))
    (core module $m
      (memory (export "memory") 1)
      (global $length (mut i32) (i32.const 0))
      (global $sum (mut i32) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
      (func (export "keep") (param i32 i32 i32) (local $at i32)
        (global.set $length (i32.add (local.get 1) (local.get 2)))
        (loop $next
          (global.set $sum (i32.add (global.get $sum)
            (i32.load8_u (i32.add (local.get 0) (local.get $at)))))
          (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1)))
            (local.get 1)))))
      (func (export "length") (result i32) (global.get $length))
      (func (export "sum") (result i32) (global.get $sum)))
    (core instance $i (instantiate $m))
    (func $keep (param "text" string) (param "more" u32)
      (canon lift (core func $i "keep") (memory (core memory $i "memory"))
        (realloc (core func $i "realloc"))))
    (start $keep (value $text) (value $more))
    (func (export "length") (result u32) (canon lift (core func $i "length")))
    (func (export "sum") (result u32) (canon lift (core func $i "sum"))))
  (component $counter
    (core module $m (func (export "count") (result i32) (i32.const 100)))
    (core instance $i (instantiate $m))
    (func $count (result u32) (canon lift (core func $i "count")))
    (start $count (result (value $number)))
    (instance $inner (export "number" (value $number)))
    (export "inner" (instance $inner)))
  (instance $made (instantiate $maker))
  (alias export $made "text" (value $text))
  (instance $counted (instantiate $counter))
  (alias export $counted "inner" (instance $inner))
  (alias export $inner "number" (value $number))
  (instance $kept (instantiate $keeper
    (with "text" (value $text)) (with "more" (value $number))))
  (export "length" (func $kept "length"))
  (export "sum" (func $kept "sum")))
(assert_return (invoke "length") (u32.const 113))
(assert_return (invoke "sum") (u32.const 1248))

;; Definitions before the start function are there, it runs once, and after it comes the rest. Here it is a function
;; of a child, which calls what its parent gave it.
(component
  (core module $state
    (global $n (mut i32) (i32.const 0))
    (func (export "add") (param i32) (result i32)
      (global.set $n (i32.add (global.get $n) (local.get 0))) (global.get $n)))
  (core instance $s (instantiate $state))
  (func $add (param "by" u32) (result u32) (canon lift (core func $s "add")))
  (component $child
    (import "add" (func $add (param "by" u32) (result u32)))
    (core func $add' (canon lower (func $add)))
    (core module $m
      (import "" "add" (func $add (param i32) (result i32)))
      (func (export "run") (result i32) (i32.add (call $add (i32.const 5)) (i32.const 1000))))
    (core instance $i (instantiate $m (with "" (instance (export "add" (func $add'))))))
    (func (export "run") (result u32) (canon lift (core func $i "run"))))
  (component $sibling
    (import "run" (func $run (result u32)))
    (start $run (result (value $value)))
    (export "value" (value $value)))
  (instance $c (instantiate $child (with "add" (func $add))))
  (instance $sib (instantiate $sibling (with "run" (func $c "run"))))
  (alias export $sib "value" (value $value))
  (start $add (value $value) (result (value $sum)))
  (export "sum" (value $sum))
  (export "add" (func $add)))
(assert_return (invoke "add" (u32.const 0)) (u32.const 1010))

;; A value may hold a handle: here one that a start function makes, another one drops.
(component
  (component $maker
    (core module $d
      (global $drops (mut i32) (i32.const 0))
      (func (export "dtor") (param i32) (global.set $drops (i32.add (global.get $drops) (local.get 0))))
      (func (export "drops") (result i32) (global.get $drops)))
    (core instance $d (instantiate $d))
    (type $r' (resource (rep i32) (dtor (core func $d "dtor"))))
    (export $r "r" (type $r'))
    (core func $new (canon resource.new $r'))
    (core module $m
      (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 42))))
    (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
    (func $make (result (own $r)) (canon lift (core func $i "make")))
    (func (export "drops") (result u32) (canon lift (core func $d "drops")))
    (start $make (result (value $one)))
    (export "one" (value $one)))
  (component $user
    (import "r" (type $r (sub resource)))
    (import "one" (value $one (own $r)))
    (core func $drop (canon resource.drop $r))
    (core module $m
      (import "" "drop" (func $drop (param i32)))
      (func (export "use") (param i32) (call $drop (local.get 0))))
    (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))))))
    (func $use (param "r" (own $r)) (canon lift (core func $i "use")))
    (start $use (value $one)))
  (instance $made (instantiate $maker))
  (alias export $made "r" (type $r))
  (alias export $made "one" (value $one))
  (instance (instantiate $user (with "r" (type $r)) (with "one" (value $one))))
  (export "drops" (func $made "drops")))
(assert_return (invoke "drops") (u32.const 42))
