;; Core types of the GC proposal: struct, array, subtypes, recursion groups.
(component
  (core type $s (struct (field i32) (field (mut i64))))
  (core type $a (array (mut i8)))
  (core type $open (sub (struct (field i32))))
  (core type $narrow (sub final $open (struct (field i32) (field (ref $a)))))
  (core rec
    (type $x (struct (field (ref null $y))))
    (type $y (struct (field (ref null $x)))))
  (core type (sub (func)))
)
