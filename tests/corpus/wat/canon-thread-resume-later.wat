;; The built-in thread.resume-later.
(component
  (core func (canon thread.resume-later))
)
