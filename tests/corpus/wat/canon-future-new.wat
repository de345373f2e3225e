;; The built-in future.new.
(component
  (type $f (future u32))
  (core func (canon future.new $f))
)
