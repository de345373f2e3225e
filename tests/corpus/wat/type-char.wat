;; The primitive type char: as a definition and inline in a function type.
(component
  (type $t char)
  (import "by-index" (func (param "x" $t) (result $t)))
  (import "inline" (func (param "x" char) (result char)))
)
