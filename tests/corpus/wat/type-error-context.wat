;; The primitive type error-context: as a definition and inline in a function type.
(component
  (type $t error-context)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" error-context) (result error-context)))
)
