;; The primitive type s64: as a definition and inline in a function type.
(component
  (type $t s64)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" s64) (result s64)))
)
