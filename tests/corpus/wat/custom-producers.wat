;; A producers section, in the component and in a module.
(component
  (@producers (language "C" "17") (processed-by "one" "1.0") (processed-by "two" "2.0"))
  (core module (@producers (sdk "three" "3.0")))
)
