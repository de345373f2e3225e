;; The built-in task.cancel.
(component
  (core func (canon task.cancel))
)
