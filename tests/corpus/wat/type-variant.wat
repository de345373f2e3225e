;; Variants: cases with and without payload, one case, nested three deep, more than 256 cases are in type-variant-wide.
(component
  (type $one' (variant (case "only")))
  (import "one" (type $one (eq $one')))
  (type $v' (variant (case "none") (case "num" u32) (case "text" string) (case "inner" $one)))
  (import "v" (type $v (eq $v')))
  (type $deep' (variant (case "leaf" f64) (case "branch" (tuple $v (option $v)))))
  (import "deep" (type $deep (eq $deep')))
  (import "f" (func (param "x" $deep) (result $v)))
)
