;; The primitive type u8: as a definition and inline in a function type.
(component
  (type $t u8)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" u8) (result u8)))
)
