;; The built-in future.drop-writable.
(component
  (type $f (future u32))
  (core func (canon future.drop-writable $f))
)
