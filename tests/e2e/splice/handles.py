"""Compositions of a consumer that passes handles inside of values of given types, and a provider that counts its resources.

A type is a tuple: ("own",), ("borrow",), ("u8",), ..., ("list", T), ("fixed", T, N), ("record", T...), ("tuple", T...),
("variant", T or None...), ("option", T), ("result", T or None, T or None), ("stream",), ("stream", T), ("future", T); of
streams and futures a function may have one type.

The provider's `take-K` never returns: calls of it must be skipped. The consumer's `test-K(n)` passes values N times
and gives two numbers: how many resources live after that, and the highest handle it got. Every number in a value
that is not a handle is the number of one that the consumer keeps, drops itself in the end, and so must still have. Of
streams and futures it writes to the other end, which must have been told that nobody reads."""

import os
import subprocess

SCALARS = {"u8": (1, "i32"), "u16": (2, "i32"), "u32": (4, "i32"), "char": (4, "i32"), "u64": (8, "i64"), "f32": (4, "f32"),
           "f64": (8, "f64"), "own": (4, "i32"), "borrow": (4, "i32"), "stream": (4, "i32"), "future": (4, "i32")}
PIPES = "stream", "future"
API = "t:handles/api@1.0.0"


# ---- the canonical ABI of a 32-bit memory ----

def cases(t):
    """The payloads of what is laid out as a variant, else None."""
    return {"variant": t[1:], "option": (None,) + t[1:2], "result": t[1:]}.get(t[0])


def align_to(at, align):
    return (at + align - 1) // align * align


def discriminant(t):
    return 1 if len(cases(t)) <= 256 else 2


def align(t):
    if t[0] in SCALARS:
        return SCALARS[t[0]][0]
    if t[0] in ("string", "list"):
        return 4
    if t[0] == "fixed":
        return align(t[1])
    if cases(t):
        return max([discriminant(t)] + [align(c) for c in cases(t) if c])
    return max(map(align, t[1:]))


def payload(t):
    return align_to(discriminant(t), max([1] + [align(c) for c in cases(t) if c]))


def size(t):
    if t[0] in SCALARS:
        return SCALARS[t[0]][0]
    if t[0] in ("string", "list"):
        return 8
    if t[0] == "fixed":
        return t[2] * size(t[1])
    if cases(t):
        return align_to(payload(t) + max([0] + [size(c) for c in cases(t) if c]), align(t))
    return fields(t[1:])[1]


def fields(types):
    at, offsets = 0, []
    for t in types:
        at = align_to(at, align(t))
        offsets.append(at)
        at += size(t)
    return offsets, align_to(at, max([1] + [align(t) for t in types]))


def join(a, b):
    return a if a == b else "i32" if {a, b} == {"i32", "f32"} else "i64"


def pipe_of(t):
    """The stream or future that is somewhere in a type."""
    if t is None or isinstance(t, int):
        return None
    return t if t[0] in PIPES else next(filter(None, map(pipe_of, t[1:])), None)


def flatten(t):
    if t[0] in SCALARS:
        return [SCALARS[t[0]][1]]
    if t[0] in ("string", "list"):
        return ["i32", "i32"]
    if t[0] == "fixed":
        return flatten(t[1]) * t[2]
    if cases(t):
        flat = []
        for case in filter(None, cases(t)):
            for i, value in enumerate(flatten(case)):
                flat[i:i + 1] = [join(flat[i], value) if i < len(flat) else value]
        return ["i32"] + flat
    return [value for part in t[1:] for value in flatten(part)]


# ---- values: code that makes them ----

class Value:
    """Code that stores values (in `code`) and core values (returned), with choices made by `rng`."""

    def __init__(self, rng, number):
        self.number, self.rng, self.code, self.free, self.handles = number, rng, [], 1024, 0

    def room(self, bytes, align):
        at = align_to(self.free, align)
        self.free = at + bytes
        assert self.free < 60000
        return at

    def scalar(self, t):
        if t[0] == "own":
            self.handles += 1
            return "(call $make)"
        if t[0] in PIPES:
            self.handles += 2
            return f"(call $open-{self.number})"
        kept = "(global.get $kept)"
        return {"u64": f"(i64.extend_i32_u {kept})", "f32": f"(f32.reinterpret_i32 {kept})",
                "f64": f"(f64.reinterpret_i64 (i64.extend_i32_u {kept}))", "u8": f"(i32.and {kept} (i32.const 255))",
                "u16": f"(i32.and {kept} (i32.const 65535))"}.get(t[0], kept)

    def range(self, t):
        """The address and the length of a string or a list."""
        if t[0] == "string":
            return self.room(0, 1), 0
        element = t[1]
        count = self.rng.choice([0, 1, 2, 2, 3])
        at = self.room(count * size(element), align(element))
        for i in range(count):
            self.store(element, at + i * size(element))
        return at, count

    def store(self, t, at):
        if t[0] in SCALARS:
            width, flat = SCALARS[t[0]]
            op = flat + ".store" + (str(8 * width) if width < 4 else "")
            self.code.append(f"({op} (i32.const {at}) {self.scalar(t)})")
        elif t[0] in ("string", "list"):
            for i, word in enumerate(self.range(t)):
                self.code.append(f"(i32.store (i32.const {at + 4 * i}) (i32.const {word}))")
        elif t[0] == "fixed":
            for i in range(t[2]):
                self.store(t[1], at + i * size(t[1]))
        elif cases(t):
            k = self.rng.randrange(len(cases(t)))
            for i in range(at, at + size(t) - 3, 4): # what is not of the case is a kept handle
                self.code.append(f"(i32.store (i32.const {i}) (global.get $kept))")
            op = "i32.store8" if discriminant(t) == 1 else "i32.store16"
            self.code.append(f"({op} (i32.const {at}) (i32.const {k}))")
            if cases(t)[k]:
                self.store(cases(t)[k], at + payload(t))
        else:
            for part, offset in zip(t[1:], fields(t[1:])[0]):
                self.store(part, at + offset)

    def flat(self, t):
        if t[0] in SCALARS:
            return [self.scalar(t)]
        if t[0] in ("string", "list"):
            return [f"(i32.const {word})" for word in self.range(t)]
        if t[0] == "fixed":
            return [value for _ in range(t[2]) for value in self.flat(t[1])]
        if not cases(t):
            return [value for part in t[1:] for value in self.flat(part)]
        k = self.rng.randrange(len(cases(t)))
        case, wanted = cases(t)[k], flatten(t)[1:]
        given = self.flat(case) if case else []
        have = flatten(case) if case else []
        values = [joined(value, have[i], wanted[i]) for i, value in enumerate(given)]
        values += [self.scalar(({"i32": "u32", "i64": "u64"}.get(w, w),)) for w in wanted[len(values):]]
        return [f"(i32.const {k})"] + values


def joined(value, have, wanted):
    """The high half of an i64 that holds less is of no meaning: it is not zero here."""
    if have == wanted:
        return value
    if have == "f64":
        return f"(i64.reinterpret_f64 {value})"
    if have == "f32":
        value = f"(i32.reinterpret_f32 {value})"
    return f"(i64.or (i64.extend_i32_u {value}) (i64.const 0x1234500000000))" if wanted == "i64" else value


# ---- components ----

class Wit:
    def __init__(self):
        self.types = []

    def name(self, t):
        if t is None:
            return "_"
        if t[0] in ("record", "variant"):
            name = f"t{len(self.types)}"
            self.types.append("")
            labels = ", ".join(self.label(t[0], i, part) for i, part in enumerate(t[1:]))
            self.types[int(name[1:])] = f"  {t[0]} {name} {{ {labels} }}\n"
            return name
        if t[0] == "fixed":
            return f"list<{self.name(t[1])}, {t[2]}>"
        parts = ", ".join(self.name(part) for part in t[1:])
        if t[0] == "result" and t[2] is None:
            parts = "" if t[1] is None else self.name(t[1])
        return {"own": "r", "borrow": "borrow<r>"}.get(t[0], t[0] + (f"<{parts}>" if parts else ""))

    def label(self, kind, i, part):
        if kind == "record":
            return f"f{i}: {self.name(part)}"
        return f"c{i}({self.name(part)})" if part else f"c{i}"


def wit_of(functions, asynchronous):
    wit, func = Wit(), "async func" if asynchronous else "func"
    takes = ["  take-%d: %s(%s);\n" % (k, func, ", ".join(f"p{i}: {wit.name(t)}" for i, t in enumerate(types)))
             for k, types in enumerate(functions)]
    tests = "".join(f"  export test-{k}: func(n: u32) -> u64;\n" for k in range(len(functions)))
    return ("package t:handles@1.0.0;\ninterface api {\n  resource r { constructor(n: u32); }\n  live: func() -> u32;\n"
            f"{''.join(wit.types)}{''.join(takes)}}}\n"
            f"world provider {{ export api; }}\nworld consumer {{\n  import api;\n{tests}}}\n")


def signature(types):
    flat = [value for t in types for value in flatten(t)]
    return "(param i32)" if len(flat) > 16 else "".join(f"(param {value})" for value in flat)


def provider(functions):
    takes = "\n".join(f'  (func (export "{API}#take-{k}") {signature(types)} unreachable)' for k, types in enumerate(functions))
    return f"""(module
  (import "[export]{API}" "[resource-new]r" (func $new (param i32) (result i32)))
  (memory (export "memory") 1)
  (global $live (mut i32) (i32.const 0))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "{API}#[constructor]r") (param i32) (result i32)
    (global.set $live (i32.add (global.get $live) (i32.const 1)))
    (call $new (local.get 0)))
  (func (export "{API}#[dtor]r") (param i32)
    (global.set $live (i32.sub (global.get $live) (i32.const 1))))
  (func (export "{API}#live") (result i32) (global.get $live))
{takes})"""


def pipe(k, t):
    """What makes a stream or a future and keeps its writable end, and what tries to write to all of those."""
    kind, module = t[0], f'(import "{API}"'
    count = "(i32.const 1)" if kind == "stream" else ""
    return f"""  {module} "[{kind}-new-0]take-{k}" (func $new-{k} (result i64)))
  {module} "[async-lower][{kind}-write-0]take-{k}" (func $write-{k} (param i32 i32{' i32' if count else ''}) (result i32)))
  {module} "[{kind}-drop-writable-0]take-{k}" (func $drop-writable-{k} (param i32)))""", f"""  (func $open-{k} (result i32)
    (local $both i64)
    (local.set $both (call $new-{k}))
    (i32.store (global.get $ends) (call $note (i32.wrap_i64 (i64.shr_u (local.get $both) (i64.const 32)))))
    (global.set $ends (i32.add (global.get $ends) (i32.const 4)))
    (call $note (i32.wrap_i64 (local.get $both))))
  (func $close-{k}
    (loop $again
      (if (i32.eq (global.get $ends) (i32.const 60000)) (then return))
      (global.set $ends (i32.sub (global.get $ends) (i32.const 4)))
      (if (i32.ne (call $write-{k} (i32.load (global.get $ends)) (i32.const 512) {count}) (i32.const 1)) (then unreachable))
      (call $drop-writable-{k} (i32.load (global.get $ends)))
      (br $again)))"""


def test(k, types, rng):
    value, flat = Value(rng, k), [v for t in types for v in flatten(t)]
    if len(flat) > 16:
        offsets, bytes = fields(types)
        at = value.room(bytes, 8)
        for t, offset in zip(types, offsets):
            value.store(t, at + offset)
        args = f"(i32.const {at})"
    else:
        args = " ".join(core for t in types for core in value.flat(t))
    code = "\n      ".join(value.code)
    close = f"(call $close-{k})" if pipe_of(("tuple", *types)) else ""
    return f"""  (func (export "test-{k}") (param $n i32) (result i64)
    (global.set $most (i32.const 0))
    (loop $again
      (global.set $kept (call $make))
      {code}
      (call $take-{k} {args})
      {close}
      (call $drop (global.get $kept))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.or (i64.shl (i64.extend_i32_u (call $live)) (i64.const 32)) (i64.extend_i32_u (global.get $most))))""", value.handles


def consumer(functions, choices):
    imports = [f'  (import "{API}" "take-{k}" (func $take-{k} {signature(types)}))' for k, types in enumerate(functions)]
    tests = [test(k, types, choices[k]) for k, types in enumerate(functions)]
    pipes = [pipe(k, t) for k, t in enumerate(pipe_of(("tuple", *types)) for types in functions) if t]
    before = "\n".join(imports + [imported for imported, _ in pipes])
    bodies = "\n".join([defined for _, defined in pipes] + [text for text, _ in tests])
    return f"""(module
  (import "{API}" "[constructor]r" (func $construct (param i32) (result i32)))
  (import "{API}" "[resource-drop]r" (func $drop (param i32)))
  (import "{API}" "live" (func $live (result i32)))
{before}
  (memory (export "memory") 1)
  (global $kept (mut i32) (i32.const 0))
  (global $most (mut i32) (i32.const 0))
  (global $ends (mut i32) (i32.const 60000))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  (func $note (param $handle i32) (result i32)
    (if (i32.gt_u (local.get $handle) (global.get $most)) (then (global.set $most (local.get $handle))))
    (local.get $handle))
  (func $make (result i32) (call $note (call $construct (i32.const 0))))
{bodies})""", [handles for _, handles in tests]


class Turn:
    """Choices that are made in turn, for a `random.Random`."""

    def __init__(self, turn):
        self.turn = turn

    def randrange(self, count):
        return self.turn % count

    def choice(self, among):
        return among[self.turn % len(among)]


def build(folder, functions, choices, asynchronous=False, edit=lambda text: text):
    """Writes provider.wasm and consumer.wasm; `choices` has what each function's values are chosen by; the functions may be
    `async func`s, which are lowered synchronously all the same. `edit` may change the consumer's core module. Gives how many handles each test has at
    once."""
    def command(*args):
        done = subprocess.run(args, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(args)}: {done.stderr}")
    path = lambda name: os.path.join(folder, name)
    with open(path("handles.wit"), "w") as file:
        file.write(wit_of(functions, asynchronous))
    text, handles = consumer(functions, choices)
    for world, source in ("provider", provider(functions)), ("consumer", edit(text)):
        with open(path(world + ".wat"), "w") as file:
            file.write(source)
        command("wasm-tools", "component", "embed", "--all-features", "--world", world, path("handles.wit"), path(world + ".wat"),
                "-o", path(world + ".core.wasm"))
        command("wasm-tools", "component", "new", path(world + ".core.wasm"), "-o", path(world + ".wasm"))
    return [number + 1 for number in handles] # and the kept one


# ---- random types ----

def random_type(rng, depth, holds):
    """A type that holds a handle somewhere, if `holds`."""
    if depth == 0 or rng.randrange(5) == 0:
        return ("own",) if holds else (rng.choice(["u8", "u16", "u32", "u64", "f32", "f64", "char", "string", "borrow"]),)
    part = lambda holds: random_type(rng, depth - 1, holds)
    kind = rng.choice(["list", "fixed", "record", "tuple", "variant", "variant", "option", "result"])
    if kind in ("list", "option"):
        return (kind, part(holds))
    if kind == "fixed":
        return (kind, part(holds), rng.randrange(1, 4))
    count = 2 if kind == "result" else rng.randrange(1, 5)
    which = rng.randrange(count)
    parts = [part(holds if i == which else rng.randrange(3) == 0) for i in range(count)]
    if kind in ("variant", "result"):
        parts = [p if i == which or rng.randrange(4) else None for i, p in enumerate(parts)]
    return (kind,) + tuple(parts)


def random_function(rng):
    """Parameters; some are too many to be passed flat."""
    return [random_type(rng, rng.randrange(0, 4), i == 0 or rng.randrange(2) == 0)
            for i in range(rng.choice([1, 1, 2, 3, 8]))]
