;; The built-in stream.cancel-write, blocking and async.
(component
  (type $s (stream u8))
  (core func (canon stream.cancel-write $s))
  (core func (canon stream.cancel-write $s async))
)
