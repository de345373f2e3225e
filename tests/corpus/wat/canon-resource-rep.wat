;; The built-in resource.rep.
(component
  (type $r (resource (rep i32)))
  (core func (canon resource.rep $r))
)
