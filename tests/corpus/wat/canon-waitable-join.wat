;; The built-in waitable.join.
(component
  (core func (canon waitable.join))
)
