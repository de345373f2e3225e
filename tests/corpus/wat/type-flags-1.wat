;; 1 flags.
(component
  (type $f' (flags "b0"))
  (import "f" (type $f (eq $f')))
  (import "g" (func (param "x" $f) (result $f)))
)
