;; The built-in thread.spawn-indirect.
(component
  (core type $start (shared (func (param i32))))
  (core module $m (table (export "table") shared 1 (ref null (shared func))))
  (core instance $i (instantiate $m))
  (core func (canon thread.spawn-indirect $start (core table $i "table")))
)
