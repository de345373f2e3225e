;; locked-dep names, with and without version and integrity.
;; not validated: wasm-tools 1.263 no longer knows such names; they must be read and written all the same.
(component
  (import "locked-dep=<a:b>" (func))
  (import "locked-dep=<a:b@1.2.3>" (func))
  (import "locked-dep=<a:c@1.2.3>,integrity=<sha256-a>" (func))
)
