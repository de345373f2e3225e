;; The built-in subtask.cancel, blocking and async.
(component
  (core func (canon subtask.cancel))
  (core func (canon subtask.cancel async))
)
