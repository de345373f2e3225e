;; The primitive type s32: as a definition and inline in a function type.
(component
  (type $t s32)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" s32) (result s32)))
)
