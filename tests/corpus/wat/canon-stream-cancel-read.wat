;; The built-in stream.cancel-read, blocking and async.
(component
  (type $s (stream u8))
  (core func (canon stream.cancel-read $s))
  (core func (canon stream.cancel-read $s async))
)
