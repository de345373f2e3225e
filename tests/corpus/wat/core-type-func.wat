;; Core function types of every number type, and several results.
(component
  (core type (func))
  (core type (func (param i32 i64 f32 f64 v128) (result i32 i64)))
  (core type (func (param funcref externref) (result (ref null func))))
)
