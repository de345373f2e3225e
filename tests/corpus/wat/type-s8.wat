;; The primitive type s8: as a definition and inline in a function type.
(component
  (type $t s8)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" s8) (result s8)))
)
