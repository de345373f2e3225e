;; The built-in context.set of 64 bits.
(component
  (core func (canon context.set i64 0))
)
