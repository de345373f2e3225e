;; Names that are only an integrity.
;; not validated: wasm-tools 1.263 no longer knows such names; they must be read and written all the same.
(component
  (import "integrity=<sha256-a>" (func))
  (import "integrity=<sha384-b sha512-c?opt>" (func))
)
