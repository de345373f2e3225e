;; The primitive type f32: as a definition and inline in a function type.
(component
  (type $t f32)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" f32) (result f32)))
)
