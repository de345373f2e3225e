;; The primitive type u32: as a definition and inline in a function type.
(component
  (type $t u32)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" u32) (result u32)))
)
