;; The built-in thread.yield-then-promote.
(component
  (core func (canon thread.yield-then-promote))
)
