;; The built-in context.get of 64 bits.
(component
  (core func (canon context.get i64 0))
)
