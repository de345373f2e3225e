#!/usr/bin/env python3
"""Writes valid components in encodings that no tool produces: odd.py OUT

A reader has to take them, and a writer that copies what nobody edited has to give the same bytes back.
"""
import sys

HEADER = b"\0asm\x0d\0\x01\0"


def leb(n, width=0):
    """n as unsigned LEB128, padded with needless bytes to `width`."""
    out = bytearray()
    while True:
        byte, n = n & 0x7F, n >> 7
        if n or len(out) + 1 < width:
            out.append(byte | 0x80)
        else:
            out.append(byte)
            return bytes(out)


def name(text, width=0):
    return leb(len(text), width) + text.encode()


def vec(items, width=0):
    return leb(len(items), width) + b"".join(items)


def section(kind, body, width=0):
    return bytes([kind]) + leb(len(body), width) + body


CUSTOM, CORE_MODULE, CORE_INSTANCE, CORE_TYPE, COMPONENT, INSTANCE, ALIAS, TYPE, CANON, START, IMPORT, EXPORT = range(12)

U8, STRING = b"\x7d", b"\x73"
FUNC_NOTHING = b"\x40\x00\x01\x00"


def import_func(text, index, lead=b"\x00", width=0):
    return lead + name(text, width) + b"\x01" + leb(index, width)


def export_func(text, index, lead=b"\x00", width=0):
    return lead + name(text, width) + b"\x01" + leb(index, width) + b"\x00"


def custom(text, body=b"", width=0):
    return section(CUSTOM, name(text, width) + body, width)


def padded():
    """Every number that may be longer than it must be is five bytes long."""
    w = 5
    return (HEADER
            + section(TYPE, vec([b"\x40" + vec([name("x", w) + U8], w) + b"\x00" + STRING, FUNC_NOTHING], w), w)
            + section(IMPORT, vec([import_func("f", 0, width=w), import_func("g", 1, width=w)], w), w)
            + section(COMPONENT, HEADER, w)
            + section(INSTANCE, vec([b"\x00" + leb(0, w) + leb(0, w)], w), w)
            + section(EXPORT, vec([export_func("f2", 0, width=w), export_func("g2", 1, width=w)], w), w)
            + custom("odd", b"bytes", w))


def empty_sections():
    """Sections with no definitions, of every kind that has a count."""
    kinds = (CORE_INSTANCE, CORE_TYPE, INSTANCE, ALIAS, TYPE, CANON, IMPORT, EXPORT)
    return HEADER + b"".join(section(kind, vec([])) for kind in kinds) + section(TYPE, vec([FUNC_NOTHING]))


def one_each():
    """A section for every definition, with a custom section after each."""
    out = HEADER
    for i in range(8):
        out += section(TYPE, vec([FUNC_NOTHING])) + custom(f"after-type-{i}")
        out += section(IMPORT, vec([import_func(f"f{i}", i)])) + custom(f"after-import-{i}", b"\xff" * i)
    for i in range(8):
        out += section(EXPORT, vec([export_func(f"g{i}", 2 * i)]))
    return out


def old_names():
    """Import and export names with the lead byte 0x01 that tools wrote in 2023."""
    return (HEADER + section(TYPE, vec([FUNC_NOTHING]))
            + section(IMPORT, vec([import_func("a:b/f", 0, lead=b"\x01"), import_func("g", 0)]))
            + section(EXPORT, vec([export_func("h", 1, lead=b"\x01")])))


def names_first():
    """A name section before what it names, a second one, and one with an unknown subsection and index."""
    funcs = b"\x01" + (lambda b: leb(len(b)) + b)(b"\x01" + vec([leb(0) + name("f-name"), leb(7) + name("nobody")]))
    whole = b"\x00" + leb(5) + name("odd1")
    unknown = b"\x7e" + leb(3) + b"abc"
    return (HEADER + custom("component-name", whole + funcs)
            + section(TYPE, vec([FUNC_NOTHING])) + section(IMPORT, vec([import_func("f", 0)]))
            + custom("component-name", unknown) + custom("producers", vec([])))


def nested_odd():
    """An odd encoding inside a nested component, between plain ones."""
    return (HEADER + section(COMPONENT, HEADER) + section(COMPONENT, padded()) + section(COMPONENT, empty_sections(), 3)
            + section(CORE_MODULE, b"\0asm\x01\0\0\0", 4))


def repeated_results():
    """Both encodings of "no result", as a function type may have."""
    return HEADER + section(TYPE, vec([FUNC_NOTHING, b"\x40\x00\x01\x00", b"\x40\x00\x00" + U8]))


if __name__ == "__main__":
    for make in (padded, empty_sections, one_each, old_names, names_first, nested_odd, repeated_results):
        with open(f"{sys.argv[1]}/{make.__name__.replace('_', '-')}.wasm", "wb") as file:
            file.write(make())
