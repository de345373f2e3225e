;; The primitive type u64: as a definition and inline in a function type.
(component
  (type $t u64)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" u64) (result u64)))
)
