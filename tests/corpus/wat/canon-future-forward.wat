;; The built-in future.forward.
(component
  (type $f (future u32))
  (core func (canon future.forward $f))
)
