;; The built-in waitable-set.drop.
(component
  (core func (canon waitable-set.drop))
)
