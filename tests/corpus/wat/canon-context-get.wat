;; The built-in context.get: both slots.
(component
  (core func (canon context.get i32 0))
  (core func (canon context.get i32 1))
)
