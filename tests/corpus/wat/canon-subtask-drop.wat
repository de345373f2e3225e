;; The built-in subtask.drop.
(component
  (core func (canon subtask.drop))
)
