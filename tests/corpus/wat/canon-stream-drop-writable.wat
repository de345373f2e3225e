;; The built-in stream.drop-writable.
(component
  (type $s (stream u8))
  (core func (canon stream.drop-writable $s))
)
