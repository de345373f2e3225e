;; Custom sections nobody knows, before, between and after others, and nested.
(component
  (@custom "first" "\00\01\02")
  (type (list u8))
  (@custom "middle" "text")
  (component (@custom "inner" ""))
  (@custom "" "no name")
)
