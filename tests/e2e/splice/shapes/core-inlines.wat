;; Core functions behind lifts that come through inline core instances, from a module that is imported, from the
;; instance of another module, with post-return; the destructor of a resource is a function that is also lifted.
(component
  (import "m" (core module $in
    (export "f" (func (param i32 i32) (result i32)))
    (export "mem" (memory 1))
    (export "realloc" (func (param i32 i32 i32 i32) (result i32)))))
  (core module $m
    (func (export "drop") (param i32))
    (func (export "post") (param i32)))
  (core instance $x (instantiate $in))
  (core instance $c (instantiate $m))
  (core instance $all (export "f" (func $x "f")) (export "drop" (func $c "drop")) (export "mem" (memory $x "mem")))
  (alias core export $all "f" (core func $f))
  (alias core export $all "drop" (core func $drop))
  (type $r' (resource (rep i32) (dtor (core func $drop))))
  (export $r "r" (type $r'))
  (func $lift (param "s" string) (result string)
    (canon lift (core func $f) (memory (core memory $all "mem")) (realloc (core func $x "realloc"))
      (post-return (core func $c "post"))))
  (func $close (param "x" u32) (canon lift (core func $drop)))
  (func $make (param "x" u32) (canon lift (core func $c "post")))
  (export "text" (func $lift))
  (export "close" (func $close))
  (export "make" (func $make))
  (func (export "same") (param "s" string) (result string)
    (canon lift (core func $f) (memory (core memory $all "mem")) (realloc (core func $x "realloc"))))
)
