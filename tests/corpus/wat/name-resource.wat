;; The names [constructor], [method] and [static] on imports and exports.
(component
  (import "i" (instance
    (export "r" (type $r (sub resource)))
    (export "[constructor]r" (func (result (own $r))))
    (export "[method]r.m" (func (param "self" (borrow $r)) (param "x" u8)))
    (export "[static]r.s" (func (result (own $r))))
  ))
  (import "q" (type $q (sub resource)))
  (import "[constructor]q" (func (param "x" string) (result (own $q))))
  (import "[method]q.m" (func (param "self" (borrow $q))))
  (import "[static]q.s" (func))
)
