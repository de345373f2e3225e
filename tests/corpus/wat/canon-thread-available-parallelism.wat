;; The built-in thread.available_parallelism.
(component
  (core func (canon thread.available_parallelism))
)
