;; Lists of fixed length, also nested and of strings.
(component
  (import "four" (func (param "x" (list u32 4)) (result (list u32 4))))
  (import "matrix" (func (param "x" (list (list f32 3) 3)) (result (list f32 9))))
  (import "strings" (func (param "x" (list string 2)) (result (list string 2))))
)
