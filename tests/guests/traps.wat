;; Traps: by unreachable, by endless recursion, by a division by zero, and by an endless loop (for deadlines).
(component $traps
  (core module $m
    (func $deep (export "deep") (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))
    (func (export "trap") unreachable)
    (func (export "divide") (param i32 i32) (result i32) (i32.div_u (local.get 0) (local.get 1)))
    (func (export "spin") (loop (br 0))))
  (core instance $i (instantiate $m))
  (func (export "deep") (param "x" u32) (result u32) (canon lift (core func $i "deep")))
  (func (export "trap") (canon lift (core func $i "trap")))
  (func (export "divide") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "divide")))
  (func (export "spin") (canon lift (core func $i "spin")))
)
