;; 8 flags.
(component
  (type $f' (flags "b0" "b1" "b2" "b3" "b4" "b5" "b6" "b7"))
  (import "f" (type $f (eq $f')))
  (import "g" (func (param "x" $f) (result $f)))
)
