;; A start function that takes two values and gives one.
(component
  (import "f" (func $f (param "a" string) (param "b" u32) (result (list string))))
  (import "v" (value $v string))
  (import "w" (value $w u32))
  (start $f (value $v) (value $w) (result (value $r)))
  (export "r" (value $r))
)
