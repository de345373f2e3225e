;; What becomes text, and what keeps its bytes.
(component
  (import "a:b/c" (instance
    (type $b (list u8))
    (export "bytes" (type $bytes (eq $b)))
    (type $h (record (field "b" $bytes)))
    (export "holder" (type $holder (eq $h)))
    (type $p (tuple string $bytes))
    (export "pair" (type $pair (eq $p)))
    (export "plain" (func (param "b" (list u8)) (result $bytes)))
    (export "deep" (func (param "l" (list (option $pair))) (result (result (tuple (list u8) bool) (error $bytes)))))
    (export "kept" (func (param "h" $holder) (param "s" (list s8)) (param "f" (list u8 4)) (result (stream (list u8))))))))
