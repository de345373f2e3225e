;; The built-in thread.suspend.
(component
  (core func (canon thread.suspend))
)
