;; The built-in thread.yield.
(component
  (core func (canon thread.yield))
)
