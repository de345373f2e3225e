;; A middleware whose weft:hooks/after has the optional on-cancel too.
(component $after-cancel
  (core module $m (func (export "hook") (param i32 i64)))
  (core instance $i (instantiate $m))
  (type $hook (func (param "target" u32) (param "call" u64)))
  (func $on-return (type $hook) (canon lift (core func $i "hook")))
  (func $on-cancel (type $hook) (canon lift (core func $i "hook")))
  (instance $after (export "on-return" (func $on-return)) (export "on-cancel" (func $on-cancel)))
  (export "weft:hooks/after@0.1.0" (instance $after))
)
