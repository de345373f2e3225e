;; One import of each sort, types by equality and as a fresh resource.
(component
  (type $t' (list string))
  (import "m" (core module (export "f" (func))))
  (import "f" (func))
  (import "t" (type (eq $t')))
  (import "r" (type (sub resource)))
  (import "i" (instance))
  (import "c" (component))
)
