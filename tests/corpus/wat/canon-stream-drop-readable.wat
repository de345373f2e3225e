;; The built-in stream.drop-readable.
(component
  (type $s (stream u8))
  (core func (canon stream.drop-readable $s))
)
