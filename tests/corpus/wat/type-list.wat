;; Lists: of numbers, of strings, of lists, of records.
(component
  (type $r' (record (field "x" u8) (field "y" u32)))
  (import "r" (type $r (eq $r')))
  (import "bytes" (func (param "x" (list u8)) (result (list u8))))
  (import "strings" (func (param "x" (list string)) (result (list string))))
  (import "lists" (func (param "x" (list (list f64))) (result (list (list f64)))))
  (import "records" (func (param "x" (list $r)) (result (list $r))))
)
