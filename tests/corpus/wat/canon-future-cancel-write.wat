;; The built-in future.cancel-write, blocking and async.
(component
  (type $f (future u32))
  (core func (canon future.cancel-write $f))
  (core func (canon future.cancel-write $f async))
)
