;; The built-in thread.suspend-then-promote.
(component
  (core func (canon thread.suspend-then-promote))
)
