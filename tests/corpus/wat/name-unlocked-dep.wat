;; unlocked-dep names with each form of version range.
;; not validated: wasm-tools 1.263 no longer knows such names; they must be read and written all the same.
(component
  (import "unlocked-dep=<a:b>" (func))
  (import "unlocked-dep=<a:b@*>" (func))
  (import "unlocked-dep=<a:b@{>=1.2.3}>" (func))
  (import "unlocked-dep=<a:b@{<1.2.3-rc}>" (func))
  (import "unlocked-dep=<a:b@{>=1.2.3 <2.0.0}>" (func))
)
