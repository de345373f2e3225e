;; url and relative-url names, with integrity.
;; not validated: wasm-tools 1.263 no longer knows such names; they must be read and written all the same.
(component
  (import "url=<https://example.com/a.wasm>" (func))
  (import "url=<a>,integrity=<sha256-a sha512-b>" (func))
  (import "relative-url=<b>" (func))
  (import "relative-url=<./c.wasm>,integrity=<sha384-YQ==?x>" (func))
)
