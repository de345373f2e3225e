;; Futures: of a value, of a result, without a type; a future of a stream.
(component
  (type $bytes (stream u8))
  (import "value" (func (param "x" (future string)) (result (future (result u32 (error string))))))
  (import "bare" (func (param "x" (future))))
  (import "nested" (func (param "x" (tuple (stream u8) (future $bytes)))))
)
