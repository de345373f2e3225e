;; A hook with an interface of the host's, whose types are those of the cell's.
(component $sorter
  (import "w:cell/in@1.0.0" (instance $in
    (type $k (enum "one" "two"))
    (export "kind" (type (eq $k)))
    (export "put" (func (param "x" u32)))))
  (alias export $in "kind" (type $kind))
  (import "w:cell/sort@1.0.0" (instance
    (alias outer $sorter $kind (type $k))
    (export "kind" (type $mine (eq $k)))
    (export "sort" (func (param "x" $mine)))))
  (core module $m (func (export "on-call") (param i32 i64)))
  (core instance $i (instantiate $m))
  (func $on-call (param "target" u32) (param "call" u64) (canon lift (core func $i "on-call")))
  (instance $before (export "on-call" (func $on-call)))
  (export "weft:hooks/before@0.1.0" (instance $before)))
