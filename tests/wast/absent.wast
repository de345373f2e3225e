;; Async built-ins do not stand in the way of what does not call them, when the direct engine is asked for; and an instance
;; that may not leave may not call them.
(component definition $Tester
  (core func $new (canon waitable-set.new))
  (core func $return (canon task.return (result u32)))
  (core module $m
    (import "" "new" (func $new (result i32)))
    (import "" "return" (func $return (param i32)))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "leave") (param i32) (drop (call $new)))
    (func (export "later") (call $return (i32.const 1))))
  (core instance $i (instantiate $m (with "" (instance
    (export "new" (func $new)) (export "return" (func $return))))))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
  (func (export "leave") (param "a" u32) (param "b" u32) (result u32)
    (canon lift (core func $i "add") (post-return (core func $i "leave"))))
  (func (export "later") async (result u32) (canon lift (core func $i "later") async))
)
(component instance $i $Tester)
(assert_return (invoke "add" (u32.const 1) (u32.const 2)) (u32.const 3))
(assert_trap (invoke "leave" (u32.const 1) (u32.const 2)) "cannot leave component instance")
