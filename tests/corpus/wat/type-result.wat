;; Results: with both payloads, one, none; payloads whose flat types join.
(component
  (import "both" (func (result (result u32 (error string)))))
  (import "ok" (func (result (result u64))))
  (import "err" (func (result (result (error char)))))
  (import "none" (func (result (result))))
  (import "join" (func (param "x" (result f32 (error u32))) (param "y" (result f64 (error f32))) (result (result (result u8) (error (result))))))
)
