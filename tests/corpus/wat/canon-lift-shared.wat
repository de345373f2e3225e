;; Two lifts of one core function, and one lift exported twice.
(component
  (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m))
  (alias core export $i "f" (core func $f))
  (func $a (param "x" u32) (result u32) (canon lift (core func $f)))
  (func $b (param "x" s32) (result s32) (canon lift (core func $f)))
  (export "a" (func $a))
  (export "b" (func $b))
  (export "c" (func $a))
)
