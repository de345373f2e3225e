;; A constructor that can fail.
(component
  (import "r" (type $r (sub resource)))
  (import "[constructor]r" (func (param "x" u32) (result (result (own $r) (error string)))))
)
