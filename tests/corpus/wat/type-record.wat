;; Records: one field, several, nested, holding a list.
(component
  (type $one' (record (field "x" u8)))
  (import "one" (type $one (eq $one')))
  (type $many' (record (field "a" bool) (field "b" u64) (field "c" string) (field "d" $one)))
  (import "many" (type $many (eq $many')))
  (type $deep' (record (field "list" (list $many)) (field "pair" (tuple $one $many))))
  (import "deep" (type $deep (eq $deep')))
  (import "f" (func (param "x" $deep) (result $many)))
)
