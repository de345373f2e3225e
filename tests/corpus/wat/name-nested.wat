;; Names with nested namespaces and packages.
(component
  (import "a:b:c:d/e" (func))
  (import "a:b-c:d-e:f-g/h-i/j-k/l-m/n/o/p@1.0.0" (func))
)
