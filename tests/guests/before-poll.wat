;; A middleware that exports weft:hooks/before, does nothing, and imports a newer wasi:io than others do: here
;; streams leans on poll.
(component $before-poll
  (import "wasi:io/poll@0.2.6" (instance $poll (export "pollable" (type (sub resource)))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/error@0.2.6" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $e))
  (import "wasi:io/streams@0.2.6" (instance $streams
    (alias outer 1 $pollable (type $p))
    (alias outer 1 $e (type $e'))
    (export "pollable" (type (eq $p)))
    (export "error" (type (eq $e')))
    (export "output-stream" (type (sub resource)))
  ))
  (core module $m (func (export "on-call") (param i32 i64)))
  (core instance $i (instantiate $m))
  (func $on-call (param "target" u32) (param "call" u64) (canon lift (core func $i "on-call")))
  (instance $before (export "on-call" (func $on-call)))
  (export "weft:hooks/before@0.1.0" (instance $before))
)
