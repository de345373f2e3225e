;; Plain names: labels with digits, with words in capitals, of one letter.
(component
  (import "a" (func)) (import "a1" (func)) (import "a1-b2" (func)) (import "long-name-of-many-words" (func))
  (import "HTTP" (func)) (import "get-JSON" (func))
)
