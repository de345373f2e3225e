;; Interface names with and without version, with prerelease and build.
(component
  (import "a:b/c" (instance)) (import "a:b/c@1.0.0" (instance)) (import "a:b/c@1.2.3-rc.1" (instance))
  (import "wasi:http/types@0.2.0" (instance)) (import "a-b:c-d/e-f@10.20.30+build.5" (instance))
  (import "a:b/f" (func))
)
