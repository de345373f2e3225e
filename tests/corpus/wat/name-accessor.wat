;; The names [get] and [set], plain, of a resource, and static.
(component
  (import "r" (type $r (sub resource)))
  (import "[get]level" (func (result u32)))
  (import "[set]level" (func (param "value" u32)))
  (import "[method][get]r.size" (func (param "self" (borrow $r)) (result u64)))
  (import "[method][set]r.size" (func (param "self" (borrow $r)) (param "value" u64)))
  (import "[static][get]r.count" (func (result u32)))
  (import "[static][set]r.count" (func (param "value" u32)))
)
