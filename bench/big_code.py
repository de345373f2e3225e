#!/usr/bin/env python3
"""Writes a component with much code as WAT: functions that mix numbers and call one another.

    big_code.py FUNCTIONS    each is about 1 KiB of code
"""
import sys

count = int(sys.argv[1])
number = 88172645463325252


def next_number():
    global number
    number ^= number << 13 & 0xFFFFFFFFFFFFFFFF
    number ^= number >> 7
    number ^= number << 17 & 0xFFFFFFFFFFFFFFFF
    return number | 1 << 62


print("(component (core module $m")
for i in range(count):
    body = " ".join(f"i64.const {next_number()} i64.xor i64.const {next_number()} i64.mul" for _ in range(44))
    onward = f"call $f{i + 1}" if i + 1 < count else ""
    print(f"(func $f{i} (param i64) (result i64) local.get 0 {body} {onward})")
print("""(func (export "mix") (param i64) (result i64) local.get 0 call $f0))
  (core instance $i (instantiate $m))
  (func (export "mix") (param "x" u64) (result u64) (canon lift (core func $i "mix"))))""")
