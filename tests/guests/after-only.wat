;; A middleware that exports weft:hooks/after and nothing else; it does nothing.
(component $after-only
  (core module $m (func (export "on-return") (param i32 i64)))
  (core instance $i (instantiate $m))
  (func $on-return (param "target" u32) (param "call" u64) (canon lift (core func $i "on-return")))
  (instance $after (export "on-return" (func $on-return)))
  (export "weft:hooks/after@0.1.0" (instance $after))
)
