;; The built-in error-context.drop.
(component
  (core func (canon error-context.drop))
)
