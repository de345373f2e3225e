;; Lowers of an async function, async and synchronous.
(component
  (import "f" (func $f async (param "x" u32) (result u32)))
  (import "g" (func $g async (param "s" string)))
  (core module $m (memory (export "memory") 1))
  (core instance $i (instantiate $m))
  (core func (canon lower (func $f) async (memory (core memory $i "memory"))))
  (core func (canon lower (func $g) async (memory (core memory $i "memory"))))
  (core func (canon lower (func $g) (memory (core memory $i "memory"))))
)
