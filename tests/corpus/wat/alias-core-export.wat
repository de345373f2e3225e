;; Aliases of exports of a core instance, one of each sort.
(component
  (core module $m
    (func (export "f"))
    (table (export "t") 1 funcref)
    (memory (export "m") 1)
    (global (export "g") i32 (i32.const 0))
    (tag (export "e") (param i32))
  )
  (core instance $i (instantiate $m))
  (alias core export $i "f" (core func $f))
  (alias core export $i "t" (core table $t))
  (alias core export $i "m" (core memory $mem))
  (alias core export $i "g" (core global $g))
  (alias core export $i "e" (core tag $e))
  (core instance (export "f" (func $f)) (export "t" (table $t)) (export "m" (memory $mem)) (export "g" (global $g)) (export "e" (tag $e)))
)
