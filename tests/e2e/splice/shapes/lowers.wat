;; A function lowered several times, each lower used several times: in `with` instances, by name through inline
;; instances of inline instances, as a `with` argument of two modules, exported from an inline instance and aliased again.
(component
  (import "a:b/i@1.0.0" (instance $i
    (export "f" (func (param "x" u32) (result u32)))
    (export "g" (func (param "x" string) (result string)))))
  (alias export $i "f" (func $f))
  (alias export $i "f" (func $f2))
  (alias export $i "g" (func $g))
  (core func $f-a (canon lower (func $f)))
  (core func $f-b (canon lower (func $f)))
  (core func $f-c (canon lower (func $f2)))
  (core instance $in (export "f" (func $f-a)) (export "f2" (func $f-a)) (export "f3" (func $f-c)))
  (alias core export $in "f2" (core func $f-d))
  (core instance $in2 (export "f" (func $f-d)) (export "f2" (func $f-b)))
  (core module $m
    (import "" "f" (func $f (param i32) (result i32)))
    (memory (export "mem") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 16))
    (func (export "run") (param i32) (result i32) (call $f (local.get 0))))
  (core instance $x (instantiate $m (with "" (instance $in))))
  (core instance $y (instantiate $m (with "" (instance $in2))))
  (core func $g-x (canon lower (func $g) (memory (core memory $x "mem")) (realloc (core func $x "realloc"))))
  (core func $g-y (canon lower (func $g) (memory (core memory $y "mem")) (realloc (core func $y "realloc")) string-encoding=utf16))
  (core module $late
    (import "x" "g" (func $gx (param i32 i32 i32)))
    (import "y" "g" (func $gy (param i32 i32 i32)))
    (import "y" "f" (func $f (param i32) (result i32))))
  (core instance $z (instantiate $late
    (with "x" (instance (export "g" (func $g-x))))
    (with "y" (instance (export "g" (func $g-y)) (export "f" (func $f-b))))))
  (core instance $z2 (instantiate $late
    (with "x" (instance (export "g" (func $g-y))))
    (with "y" (instance (export "g" (func $g-x)) (export "f" (func $f-c))))))
  ;; a lower that is lifted as it is
  (func (export "straight") (param "x" u32) (result u32) (canon lift (core func $f-a)))
  (func (export "run") (param "x" u32) (result u32) (canon lift (core func $y "run")))
  (func (export "run-b") (param "x" u32) (result u32) (canon lift (core func $y "run")))
)
