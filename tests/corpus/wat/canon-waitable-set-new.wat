;; The built-in waitable-set.new.
(component
  (core func (canon waitable-set.new))
)
