;; What a guest sees of WASI, passed on to whoever calls: its environment, arguments and folders.
(component
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:cli/exit@0.2.0" (instance $exit
    (export "exit" (func (param "status" (result))))))
  (import "wasi:filesystem/types@0.2.0" (instance $types
    (export "descriptor" (type $descriptor (sub resource)))
    (type $code (enum "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist"
      "file-too-large" "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io" "is-directory" "loop"
      "too-many-links" "message-size" "name-too-long" "no-device" "no-entry" "no-lock" "insufficient-memory"
      "insufficient-space" "not-directory" "not-empty" "not-recoverable" "unsupported" "no-tty"
      "no-such-device" "overflow" "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy"
      "cross-device"))
    (export "error-code" (type $error-code (eq $code)))
    (export "[method]descriptor.create-directory-at"
      (func (param "self" (borrow $descriptor)) (param "path" string) (result (result (error $error-code)))))))
  (alias export $types "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (export "descriptor" (type $d (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $d) string)))))))

  (core module $libc
    (memory (export "memory") 4)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $old-len i32) (param $align i32) (param $len i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
      (global.set $free (i32.add (local.get $at) (local.get $len)))
      (local.get $at)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (core func $env (canon lower (func $environment "get-environment") (memory $memory) (realloc $realloc)))
  (core func $args (canon lower (func $environment "get-arguments") (memory $memory) (realloc $realloc)))
  (core func $dirs (canon lower (func $preopens "get-directories") (memory $memory) (realloc $realloc)))
  (core func $mkdir (canon lower (func $types "[method]descriptor.create-directory-at") (memory $memory)))
  (core func $leave (canon lower (func $exit "exit")))
  (core module $m
    (import "libc" "memory" (memory 4))
    (import "wasi" "env" (func $env (param i32)))
    (import "wasi" "args" (func $args (param i32)))
    (import "wasi" "dirs" (func $dirs (param i32)))
    (import "wasi" "mkdir" (func $mkdir (param i32 i32 i32 i32)))
    (import "wasi" "exit" (func $exit (param i32)))
    (func (export "env") (result i32) (call $env (i32.const 16)) (i32.const 16))
    (func (export "args") (result i32) (call $args (i32.const 16)) (i32.const 16))
    ;; The names: (handle, ptr, len) becomes (ptr, len), in place.
    (func (export "dirs") (result i32)
      (local $i i32) (local $list i32)
      (call $dirs (i32.const 16))
      (local.set $list (i32.load (i32.const 16)))
      (block $done
        (loop $next
          (br_if $done (i32.eq (local.get $i) (i32.load (i32.const 20))))
          (i64.store align=4
            (i32.add (local.get $list) (i32.mul (local.get $i) (i32.const 8)))
            (i64.load offset=4 align=4 (i32.add (local.get $list) (i32.mul (local.get $i) (i32.const 12)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next)))
      (i32.const 16))
    ;; Makes a folder in the first folder; whether that went well.
    (func (export "mkdir") (param $ptr i32) (param $len i32) (result i32)
      (call $dirs (i32.const 16))
      (call $mkdir (i32.load (i32.load (i32.const 16))) (local.get $ptr) (local.get $len) (i32.const 32))
      (i32.eqz (i32.load8_u (i32.const 32))))
    (func (export "exit") (param i32) (call $exit (local.get 0)))
    (func (export "run") (result i32) (call $args (i32.const 16))
      ;; One argument more than the program's name: leave by exit(err). Two more: return an error.
      (if (i32.eq (i32.load (i32.const 20)) (i32.const 2)) (then (call $exit (i32.const 1))))
      (i32.eq (i32.load (i32.const 20)) (i32.const 3))))
  (core instance $m (instantiate $m
    (with "libc" (instance $libc))
    (with "wasi" (instance (export "env" (func $env)) (export "args" (func $args)) (export "dirs" (func $dirs))
      (export "mkdir" (func $mkdir)) (export "exit" (func $leave))))))

  (func (export "env") (result (list (tuple string string)))
    (canon lift (core func $m "env") (memory $memory)))
  (func (export "args") (result (list string)) (canon lift (core func $m "args") (memory $memory)))
  (func (export "dirs") (result (list string)) (canon lift (core func $m "dirs") (memory $memory)))
  (func (export "mkdir") (param "name" string) (result bool)
    (canon lift (core func $m "mkdir") (memory $memory) (realloc $realloc)))
  (func (export "exit") (param "status" (result)) (canon lift (core func $m "exit")))
  (func $run (result (result)) (canon lift (core func $m "run")))
  (component $shim
    (import "run" (func $f (result (result))))
    (export "run" (func $f)))
  (instance $run (instantiate $shim (with "run" (func $run))))
  (export "wasi:cli/run@0.2.0" (instance $run)))
