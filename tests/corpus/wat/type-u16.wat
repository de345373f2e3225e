;; The primitive type u16: as a definition and inline in a function type.
(component
  (type $t u16)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" u16) (result u16)))
)
