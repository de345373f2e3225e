;; The built-in backpressure.inc.
(component
  (core func (canon backpressure.inc))
)
