;; The primitive type f64: as a definition and inline in a function type.
(component
  (type $t f64)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" f64) (result f64)))
)
