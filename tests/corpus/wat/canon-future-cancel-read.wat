;; The built-in future.cancel-read, blocking and async.
(component
  (type $f (future u32))
  (core func (canon future.cancel-read $f))
  (core func (canon future.cancel-read $f async))
)
