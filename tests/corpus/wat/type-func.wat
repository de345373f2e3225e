;; Function types: no parameters, no result, one defined once and used by two imports.
(component
  (type $f (func (param "a" u32) (param "b-c" string) (result (tuple u32 string))))
  (type $nothing (func))
  (import "one" (func (type $f)))
  (import "two" (func (type $f)))
  (import "three" (func (type $nothing)))
)
