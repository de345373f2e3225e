;; A middleware that exports weft:hooks/before and nothing else; it does nothing.
(component $before-only
  (core module $m (func (export "on-call") (param i32 i64)))
  (core instance $i (instantiate $m))
  (func $on-call (param "target" u32) (param "call" u64) (canon lift (core func $i "on-call")))
  (instance $before (export "on-call" (func $on-call)))
  (export "weft:hooks/before@0.1.0" (instance $before))
)
