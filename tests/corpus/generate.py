#!/usr/bin/env python3
"""Writes large compositions as WAT: tiny nodes joined by the interface t:chain/step@1.0.0.

    generate.py chain NODES    each node calls the next one and adds one: f(x) = x + NODES
    generate.py fan NODES      one hub calls each of the others once: f(x) = (NODES - 1) * (x + 1)
    generate.py copies NODES   as chain, but every node is an instance of one and the same component
    generate.py SHAPE NODES BYTES   with so many bytes of payload in each component's core module

chain and fan give each node a component of its own, as a composition of different parts has. Each such node is
two of the 1000 modules and components an engine allows in a file, so they end at about 490 nodes; copies goes
as far as the number of instances does.
"""
import sys

STEP = "t:chain/step@1.0.0"
IN = f'(import "{STEP}" (instance $in (export "f" (func (param "x" u32) (result u32)))))'


payload_bytes = 0


def payload():
    """A passive data segment: code that nobody looks at, as far as a splice is concerned."""
    return f' (data "{"x" * payload_bytes}")' if payload_bytes else ""


def leaf(name):
    return f"""  (component ${name}
    (core module $m{payload()} (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
    (core instance $i (instantiate $m))
    (func $f (param "x" u32) (result u32) (canon lift (core func $i "f")))
    (instance $api (export "f" (func $f)))
    (export "{STEP}" (instance $api)))"""


def link(name):
    return f"""  (component ${name}
    {IN}
    (core func $f (canon lower (func $in "f")))
    (core module $m{payload()}
      (import "" "f" (func $f (param i32) (result i32)))
      (func (export "g") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1))))
    (core instance $i (instantiate $m (with "" (instance (export "f" (func $f))))))
    (func $g (param "x" u32) (result u32) (canon lift (core func $i "g")))
    (instance $api (export "f" (func $g)))
    (export "{STEP}" (instance $api)))"""


def hub(count):
    name = "t:fan/spoke-{}@1.0.0".format
    imports = "\n".join(
        f'    (import "{name(i)}" (instance $in{i} (export "f" (func (param "x" u32) (result u32)))))\n'
        f'    (core func $f{i} (canon lower (func $in{i} "f")))' for i in range(count))
    core = "\n".join(f'      (import "" "f{i}" (func $f{i} (param i32) (result i32)))' for i in range(count))
    calls = "\n".join(f"        (local.set $sum (i32.add (local.get $sum) (call $f{i} (local.get $x))))"
                      for i in range(count))
    args = " ".join(f'(export "f{i}" (func $f{i}))' for i in range(count))
    return f"""  (component $hub
{imports}
    (core module $m
{core}
      (func (export "g") (param $x i32) (result i32) (local $sum i32)
{calls}
        (local.get $sum)))
    (core instance $i (instantiate $m (with "" (instance {args}))))
    (func $g (param "x" u32) (result u32) (canon lift (core func $i "g")))
    (instance $api (export "f" (func $g)))
    (export "{STEP}" (instance $api)))"""


def instance(name, component, *args):
    given = "".join(f' (with "{n}" (instance ${i} "{STEP}"))' for n, i in args)
    return f"  (instance ${name} (instantiate ${component}{given}))"


def chain(count, one_component):
    lines = [leaf("leaf")]
    if one_component:
        lines.append(link("link"))
    lines.append(instance("node-0", "leaf"))
    for i in range(1, count):
        if not one_component:
            lines.append(link(f"link-{i}"))
        lines.append(instance(f"node-{i}", "link" if one_component else f"link-{i}", (STEP, f"node-{i - 1}")))
    return lines, f"node-{count - 1}"


def fan(count):
    lines = []
    for i in range(count - 1):
        lines += [leaf(f"spoke-{i}"), instance(f"node-{i}", f"spoke-{i}")]
    spokes = [(f"t:fan/spoke-{i}@1.0.0", f"node-{i}") for i in range(count - 1)]
    return lines + [hub(count - 1), instance("node-hub", "hub", *spokes)], "node-hub"


def main(shape, count):
    lines, last = {
        "chain": lambda: chain(count, False),
        "copies": lambda: chain(count, True),
        "fan": lambda: fan(count),
    }[shape]()
    print(f";; {shape} {count}", "(component", *lines, f'  (export "{STEP}" (instance ${last} "{STEP}"))', ")", sep="\n")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in ("chain", "fan", "copies"):
        sys.exit(__doc__)
    payload_bytes = int(sys.argv[3]) if len(sys.argv) == 4 else 0
    main(sys.argv[1], int(sys.argv[2]))
