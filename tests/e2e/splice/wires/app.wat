;; front -> orders -> store, and a ledger behind them all, which takes the stock in an instance that is put together.
(component $app
  (type $step (instance (export "f" (func (param "x" u32) (result u32)))))
  (component $store
    (core module $m (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $i (instantiate $m))
    (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
    (instance $api (export "f" (func $f)))
    (export "w:app/stock@1.0.0" (instance $api)))
  (component $orders
    (import "w:app/stock@1.0.0" (instance $in (export "f" (func (param "x" u32) (result u32)))))
    (core func $f (canon lower (func $in "f")))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "g") (param i32) (result i32) (i32.mul (call $f (local.get 0)) (i32.const 2))))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func $g (param "x" u32) (result u32) (canon lift (core func $i "g")))
    (instance $api (export "f" (func $g)))
    (export "w:app/orders@1.0.0" (instance $api)))
  (component $front
    (import "w:app/orders@1.0.0" (instance $in (export "f" (func (param "x" u32) (result u32)))))
    (core func $f (canon lower (func $in "f")))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "g") (param i32) (result i32) (call $f (local.get 0))))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func $g (param "x" u32) (result u32) (canon lift (core func $i "g")))
    (instance $api (export "f" (func $g)))
    (export "w:app/front@1.0.0" (instance $api)))
  (instance $store (instantiate $store))
  (instance $orders (instantiate $orders (with "w:app/stock@1.0.0" (instance $store "w:app/stock@1.0.0"))))
  (instance $front (instantiate $front (with "w:app/orders@1.0.0" (instance $orders "w:app/orders@1.0.0"))))
  (export "w:app/front@1.0.0" (instance $front "w:app/front@1.0.0"))

  ;; note(x) adds x, total() tells the sum
  (component $ledger
    (import "w:app/stock@1.0.0" (instance $in (export "f" (func (param "x" u32) (result u32)))))
    (core func $f (canon lower (func $in "f")))
    (core module $m
      (import "" "f" (func $f (param i32) (result i32)))
      (global $sum (mut i32) (i32.const 0))
      (func (export "note") (param i32) (result i32)
        (global.set $sum (i32.add (global.get $sum) (local.get 0)))
        (global.get $sum))
      (func (export "total") (result i32) (global.get $sum)))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func $note (param "x" u32) (result u32) (canon lift (core func $i "note")))
    (func $total (result u32) (canon lift (core func $i "total")))
    (instance $api (export "note" (func $note)) (export "total" (func $total)))
    (export "w:app/log@1.2.0" (instance $api)))
  (alias export $store "w:app/stock@1.0.0" (instance $stock))
  (alias export $stock "f" (func $f))
  (instance $assembled (export "f" (func $f)))
  (instance $ledger (instantiate $ledger (with "w:app/stock@1.0.0" (instance $assembled))))
  (export "w:app/log@1.2.0" (instance $ledger "w:app/log@1.2.0")))
