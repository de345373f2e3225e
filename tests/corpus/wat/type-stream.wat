;; Streams: of bytes, of records, without an element type.
(component
  (type $r' (record (field "x" string)))
  (import "r" (type $r (eq $r')))
  (import "bytes" (func (param "x" (stream u8)) (result (stream u8))))
  (import "records" (func (param "x" (stream $r))))
  (import "bare" (func (param "x" (stream))))
)
