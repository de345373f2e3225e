;; The primitive type bool: as a definition and inline in a function type.
(component
  (type $t bool)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" bool) (result bool)))
)
