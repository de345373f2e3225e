;; Tuples, nested and of every width up to four.
(component
  (import "one" (func (param "x" (tuple u8)) (result (tuple u8))))
  (import "two" (func (param "x" (tuple u8 u64)) (result (tuple u64 u8))))
  (import "nested" (func (param "x" (tuple (tuple s8 string) bool f32)) (result (tuple char (tuple (tuple u16)) u8 u8))))
)
