;; 17 flags.
(component
  (type $f' (flags "b0" "b1" "b2" "b3" "b4" "b5" "b6" "b7" "b8" "b9" "b10" "b11" "b12" "b13" "b14" "b15" "b16"))
  (import "f" (type $f (eq $f')))
  (import "g" (func (param "x" $f) (result $f)))
)
