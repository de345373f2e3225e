;; Enums of one and of three cases.
(component
  (type $unit' (enum "only"))
  (import "unit" (type $unit (eq $unit')))
  (type $suit' (enum "clubs" "hearts" "spades"))
  (import "suit" (type $suit (eq $suit')))
  (import "f" (func (param "x" $unit) (param "y" $suit) (result $suit)))
)
