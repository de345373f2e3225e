;; The attribute version-suffix: the rest of a canonical version.
(component
  (import "a:b/c@1" (version-suffix ".2.3") (instance))
  (import "a:b/c@0.2" (version-suffix ".3") (instance $i))
  (import "a:b/c@0.0.3" (instance))
  (export "a:b/d@2" (version-suffix ".0.1") (instance $i))
)
