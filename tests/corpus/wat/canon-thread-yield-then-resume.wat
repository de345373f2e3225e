;; The built-in thread.yield-then-resume.
(component
  (core func (canon thread.yield-then-resume))
)
