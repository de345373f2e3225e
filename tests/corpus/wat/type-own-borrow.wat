;; Handles: own and borrow of an imported resource type, also inside other types.
(component
  (import "r" (type $r (sub resource)))
  (import "take" (func (param "x" (own $r))))
  (import "look" (func (param "x" (borrow $r)) (result u32)))
  (import "many" (func (param "x" (list (borrow $r))) (result (list (own $r)))))
  (import "maybe" (func (param "x" (option (own $r))) (result (result (own $r) (error string)))))
)
