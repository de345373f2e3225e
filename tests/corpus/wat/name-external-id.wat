;; The attribute external-id on imports, exports and in types; with implements.
(component
  (import "f" (external-id "some text") (func $f))
  (import "i" (implements "a:b/c") (external-id "both") (instance))
  (type (instance (export "g" (external-id "") (func))))
  (export "g" (external-id "out") (func $f))
)
