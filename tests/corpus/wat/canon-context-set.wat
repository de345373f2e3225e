;; The built-in context.set: both slots.
(component
  (core func (canon context.set i32 0))
  (core func (canon context.set i32 1))
)
