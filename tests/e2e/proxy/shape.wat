(component
  (import "a:b/types" (instance $t
    (export "r" (type $r (sub resource)))
    (type $p (record (field "x" u32)))
    (export "point" (type (eq $p)))
    (export "unused" (func))))
  (alias export $t "r" (type $r))
  (alias export $t "point" (type $point))
  (import "a:b/use" (instance
    (alias outer 1 $r (type $r))
    (export "r" (type $r2 (eq $r)))
    (alias outer 1 $point (type $point))
    (export "point" (type $p2 (eq $point)))
    (export "add" (func (param "a" u32) (param "b" u32) (result u32)))
    (export "look" (func (param "rs" (list (borrow $r2))) (result $p2))))))
