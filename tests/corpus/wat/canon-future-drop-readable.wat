;; The built-in future.drop-readable.
(component
  (type $f (future u32))
  (core func (canon future.drop-readable $f))
)
