;; The built-in backpressure.dec.
(component
  (core func (canon backpressure.dec))
)
