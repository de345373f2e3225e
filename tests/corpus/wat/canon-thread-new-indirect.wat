;; The built-in thread.new-indirect.
(component
  (core type $start (func (param i32)))
  (core module $m (table (export "table") 1 (ref null func)))
  (core instance $i (instantiate $m))
  (core func (canon thread.new-indirect $start (core table $i "table")))
)
