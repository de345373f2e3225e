#!/usr/bin/env python3
"""Writes the composition of the guests ops and loop as WAT, with the machine code of the edge at another place.

    placed.py BEFORE EXTRA POST

The engine copies a list<u8> across an edge byte by byte, in a loop of the adapter that it generates. Where that loop lands
follows from what is encoded in front of it: BEFORE parameters in front of the list, EXTRA functions in front of
`bytes`, a post-return function or none (POST 1 or 0). `bytes` does the same in all of them.
"""
import sys

before, extra, post = map(int, sys.argv[1:])
extras = range(extra)


def each(text):
    return " ".join(text.replace("#", str(i)) for i in extras)


params = " ".join(f'(param "p{i}" u32)' for i in range(before)) + ' (param "data" (list u8)) (result u32)'
core_params = "(param" + " i32" * before + " i32 i32)"
zeros = "(i32.const 0)" * before
post_return = '(post-return (core func $i "post"))' if post else ""

print(f"""(component
  (component $ops
    (core module $m
      (memory (export "memory") 2)
      {each('(func (export "x#") (param i32) (result i32) (local.get 0))')}
      (func (export "post") (param i32))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
      (func (export "bytes") {core_params} (result i32) (local.get {before + 1})))
    (core instance $i (instantiate $m))
    {each('(func $x# (param "a" u32) (result u32) (canon lift (core func $i "x#")))')}
    (func $bytes {params}
      (canon lift (core func $i "bytes") (memory (core memory $i "memory")) (realloc (core func $i "realloc")) {post_return}))
    (instance $math {each('(export "x#" (func $x#))')} (export "bytes" (func $bytes)))
    (export "test:ops/math@1.0.0" (instance $math)))
  (component $loop
    (import "test:ops/math@1.0.0" (instance $math
      {each('(export "x#" (func (param "a" u32) (result u32)))')}
      (export "bytes" (func {params}))))
    (core module $memory (memory (export "memory") 2))
    (core instance $memory (instantiate $memory))
    {each('(core func $x# (canon lower (func $math "x#")))')}
    (core func $bytes (canon lower (func $math "bytes") (memory (core memory $memory "memory"))))
    (core module $m
      {each('(import "math" "x#" (func (param i32) (result i32)))')}
      (import "math" "bytes" (func $bytes {core_params} (result i32)))
      (func (export "bytes") (param $times i32) (param $size i32) (result i32) (local $sum i32)
        (block $done
          (loop $again
            (br_if $done (i32.eqz (local.get $times)))
            (local.set $sum
              (i32.add (local.get $sum) (call $bytes {zeros} (i32.const 1024) (local.get $size))))
            (local.set $times (i32.sub (local.get $times) (i32.const 1)))
            (br $again)))
        (local.get $sum)))
    (core instance $i (instantiate $m
      (with "math" (instance {each('(export "x#" (func $x#))')} (export "bytes" (func $bytes))))))
    (func $times (param "times" u32) (param "size" u32) (result u32) (canon lift (core func $i "bytes")))
    (instance $run (export "bytes" (func $times)))
    (export "test:loop/run@1.0.0" (instance $run)))
  (instance $ops (instantiate $ops))
  (instance $loop (instantiate $loop (with "test:ops/math@1.0.0" (instance $ops "test:ops/math@1.0.0"))))
  (export "test:loop/run@1.0.0" (instance $loop "test:loop/run@1.0.0")))""")
