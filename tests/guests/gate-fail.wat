;; A middleware whose weft:hooks/gate fails every call.
(component $gate-fail
  (core module $m (func (export "admit") (param $target i32) (param $call i64) (result i32) (i32.const 2)))
  (core instance $i (instantiate $m))
  (type $verdict' (enum "admit" "skip" "fail"))
  (component $shape
    (type $v' (enum "admit" "skip" "fail"))
    (import "admit-type" (type $v (eq $v')))
    (import "admit" (func $admit (param "target" u32) (param "call" u64) (result $v)))
    (export $out "verdict" (type $v))
    (export "admit" (func $admit) (func (param "target" u32) (param "call" u64) (result $out))))
  (func $admit (param "target" u32) (param "call" u64) (result $verdict') (canon lift (core func $i "admit")))
  (instance $gate (instantiate $shape (with "admit-type" (type $verdict')) (with "admit" (func $admit))))
  (export "weft:hooks/gate@0.1.0" (instance $gate))
)
