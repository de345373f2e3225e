;; The primitive type string: as a definition and inline in a function type.
(component
  (type $t string)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" string) (result string)))
)
