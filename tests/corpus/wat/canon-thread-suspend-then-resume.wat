;; The built-in thread.suspend-then-resume.
(component
  (core func (canon thread.suspend-then-resume))
)
