;; The smallest component, and one nested in it.
(component (component))
