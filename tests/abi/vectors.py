#!/usr/bin/env python3
"""Writes vectors.txt: random types and functions with the layout and the core signatures that the
specification's reference implementation gives them.

    tests/abi/vectors.py .../component-model/design/mvp/canonical-abi > tests/abi/vectors.txt

The argument is the folder of definitions.py. Same seed, same file. One line each, fields behind colons:

    type TYPE : SIZE ALIGN FLAT OFFSETS : the same for 64-bit memories
    func TYPE : LIFT LIFT-CALLBACK LIFT-STACKFUL LOWER LOWER-ASYNC TASK-RETURN : the same for 64-bit memories

FLAT has a letter for each core value (i = i32, I = i64, f = f32, F = f64), * for more than 16, - for none.
OFFSETS are those of the fields (records, tuples), @ and that of the payload (variants), - for others."""
import random
import sys

sys.path.insert(0, sys.argv[1])
import definitions as d  # noqa: E402

R = random.Random(20)
LETTERS = {"i32": "i", "i64": "I", "f32": "f", "f64": "F"}
PRIMS = {
    "bool": d.BoolType, "s8": d.S8Type, "u8": d.U8Type, "s16": d.S16Type, "u16": d.U16Type,
    "s32": d.S32Type, "u32": d.U32Type, "s64": d.S64Type, "u64": d.U64Type, "f32": d.F32Type,
    "f64": d.F64Type, "char": d.CharType, "string": d.StringType, "error-context": d.ErrorContextType,
}
KEYS = ["bool", "u8", "s16", "u32", "s64", "char", "string"]
RESOURCE = d.ResourceType(None, None)


def case_count():
    return R.choice([1, 2, 3, R.randint(4, 12), R.randint(13, 40), 255, 256, 257])


def make(depth):
    """A random type as (text, definition)."""
    kinds = ["prim"] * 4
    if depth:
        kinds += ["record", "tuple", "variant", "option", "result", "list", "fixed", "map",
                  "record", "variant"]
    kinds += ["enum", "flags", "own", "borrow", "stream", "future"]
    kind = R.choice(kinds)
    if kind == "prim":
        name = R.choice(list(PRIMS))
        return name, PRIMS[name]()
    if kind in ("record", "tuple"):
        parts = [make(depth - 1) for _ in range(R.randint(1, 6))]
        text = kind + "(" + ",".join(t for t, _ in parts) + ")"
        if kind == "tuple":
            return text, d.TupleType([t for _, t in parts])
        return text, d.RecordType([d.FieldType(f"f{i}", t) for i, (_, t) in enumerate(parts)])
    if kind == "variant":
        parts = [maybe(depth - 1) for _ in range(R.randint(1, 5))]
        if R.random() < 0.05:
            parts += [("_", None)] * 256
        text = "variant(" + ",".join(t for t, _ in parts) + ")"
        return text, d.VariantType([d.CaseType(f"c{i}", t) for i, (_, t) in enumerate(parts)])
    if kind == "option":
        text, t = make(depth - 1)
        return f"option({text})", d.OptionType(t)
    if kind == "result":
        (ok, t), (error, u) = maybe(depth - 1), maybe(depth - 1)
        return f"result({ok},{error})", d.ResultType(t, u)
    if kind == "list":
        text, t = make(depth - 1)
        return f"list({text})", d.ListType(t)
    if kind == "fixed":
        text, t = make(depth - 1)
        length = R.choice([1, 2, 3, 4, 7, 20])
        return f"fixed({text},{length})", d.ListType(t, length)
    if kind == "map":
        key = R.choice(KEYS)
        text, t = make(depth - 1)
        return f"map({key},{text})", d.MapType(PRIMS[key](), t)
    if kind == "enum":
        n = case_count()
        return f"enum({n})", d.EnumType([f"e{i}" for i in range(n)])
    if kind == "flags":
        n = R.randint(1, 32)
        return f"flags({n})", d.FlagsType([f"g{i}" for i in range(n)])
    if kind == "own":
        return "own", d.OwnType(RESOURCE)
    if kind == "borrow":
        return "borrow", d.BorrowType(RESOURCE)
    text, t = maybe(0)
    return f"{kind}({text})", (d.StreamType if kind == "stream" else d.FutureType)(t)


def maybe(depth):
    return ("_", None) if R.random() < 0.3 else make(depth)


def options(address, is_async=False, callback=None):
    memory = d.MemInst(bytearray(), address)
    return d.CanonicalOptions(memory=memory, async_=is_async, callback=callback)


def flat(values):
    if len(values) > d.MAX_FLAT_PARAMS + 1:
        return "*"
    return "".join(LETTERS[v] for v in values) or "-"


def offsets(t, address):
    t = d.despecialize(t)
    if isinstance(t, d.RecordType):
        out, at = [], 0
        for field in t.fields:
            at = d.align_to(at, d.alignment(field.t, address))
            out.append(str(at))
            at += d.elem_size(field.t, address)
        return ",".join(out)
    if isinstance(t, d.VariantType):
        size = d.elem_size(d.discriminant_type(t.cases), address)
        return "@" + str(d.align_to(size, d.max_case_alignment(t.cases, address)))
    return "-"


def layout(t, address):
    values = d.flatten_type(t, options(address))
    text = flat(values) if len(values) <= d.MAX_FLAT_PARAMS else "*"
    return f"{d.elem_size(t, address)} {d.alignment(t, address)} {text} {offsets(t, address)}"


def signature(ft):
    return flat(ft.params) + ">" + flat(ft.results)


def task_return(results, address):
    """CanonicalABI.md, canon task.return: the core parameters are those of a lifted function that takes the
    result."""
    ft = d.FuncType(results, [])
    return flat(d.flatten_functype(options(address), ft, "lift").params)


def signatures(ft, address):
    shapes = [("lift", False, None), ("lift", True, True), ("lift", True, None),
              ("lower", False, None), ("lower", True, None)]
    out = [signature(d.flatten_functype(options(address, a, c), ft, context))
           for context, a, c in shapes]
    return " ".join(out + [task_return(ft.result, address)])


def main():
    print("# Made by vectors.py from the specification's definitions.py.")
    seen = set()
    while len(seen) < 1500:
        text, t = make(R.randint(0, 4))
        if text in seen:
            continue
        seen.add(text)
        print(f"type {text} : {layout(t, 'i32')} : {layout(t, 'i64')}")
    for _ in range(900):
        depth = R.choice([0, 0, 1, 2])
        params = [make(depth) for _ in range(R.choice([0, 1, 2, 3, 4, 5, 8, 16, 17, 18]))]
        result, t = maybe(depth)
        ft = d.FuncType([t for _, t in params], [t] if t else [])
        text = "func(" + ",".join([result] + [t for t, _ in params]) + ")"
        print(f"func {text} : {signatures(ft, 'i32')} : {signatures(ft, 'i64')}")


main()
