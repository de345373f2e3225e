;; The built-in thread.index.
(component
  (core func (canon thread.index))
)
