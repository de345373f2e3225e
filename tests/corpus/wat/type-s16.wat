;; The primitive type s16: as a definition and inline in a function type.
(component
  (type $t s16)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" s16) (result s16)))
)
