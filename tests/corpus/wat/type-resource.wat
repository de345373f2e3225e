;; A resource without a destructor; types are generative, so the two are different.
(component
  (type $a (resource (rep i32)))
  (type $b (resource (rep i32)))
  (core func (canon resource.new $a))
  (core func (canon resource.drop $b))
)
