;; The built-in thread.spawn-ref.
(component
  (core type $start (shared (func (param i32))))
  (core func (canon thread.spawn-ref $start))
)
