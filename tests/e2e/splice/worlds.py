"""Random WIT worlds that aim at what hurts a splice: resources with all kinds of methods, types used across interfaces and
exported again, interfaces both imported and exported, items at the root of a world, many parameters, results through
memory, async functions, streams, maps, lists of fixed length, flags without end.

    package(rng) -> for each of WORLDS the text of a package with it

All have the same interfaces, so that what `provider` exports fits what `consumer` imports; `relay` imports and exports
them, `asker` imports some of them and is a middleware with hooks. Not every world is one: an interface may be imported and exported at once by way of those that use it."""

WORLDS = "provider", "relay", "consumer", "rooted", "asker"

HOOKS = """
package weft:hooks@0.1.0 {
  interface before { on-call: func(target: u32, call: u64); }
  interface after { on-return: func(target: u32, call: u64); }
}
"""

SCALARS = "bool u8 s8 u16 s16 u32 s32 u64 s64 f32 f64 char string".split()
KEYS = "bool u8 s8 u16 s16 u32 s32 u64 s64 char string".split()


class Interface:
    """An interface under construction: `types` and `resources` are names that its functions may mention."""

    def __init__(self, rng, name, flavour):
        self.rng, self.name, self.flavour = rng, name, flavour
        self.types, self.resources, self.lines, self.made = [], [], [], 0

    def fresh(self, kind):
        self.made += 1
        return f"{kind}{self.made}"

    def chance(self, percent):
        return self.rng.randrange(100) < percent

    def type(self, depth=2, borrows=False):
        rng = self.rng
        if self.resources and self.chance(15):
            resource = rng.choice(self.resources)
            return f"borrow<{resource}>" if borrows and self.chance(60) else resource
        if self.types and self.chance(35):
            return rng.choice(self.types)
        if depth == 0 or self.chance(45):
            return rng.choice(SCALARS)
        inner = lambda: self.type(depth - 1, borrows)
        shapes = [
            lambda: f"list<{inner()}>",
            lambda: f"option<{inner()}>",
            lambda: rng.choice([f"result<{inner()}, {inner()}>", f"result<{inner()}>", f"result<_, {inner()}>", "result"]),
            lambda: f"tuple<{', '.join(inner() for _ in range(rng.randint(1, 4)))}>",
            lambda: f"list<{inner()}, {rng.randint(1, 5)}>",
            lambda: f"map<{rng.choice(KEYS)}, {rng.choice(SCALARS)}>", # no handles in maps
        ]
        if self.flavour["streams"]:
            shapes += [lambda: "stream<tuple<%s>>" % self.type(depth - 1), lambda: f"future<{self.type(depth - 1)}>",
                       lambda: "stream", lambda: "future"]
        return rng.choice(shapes)()

    def define_type(self):
        rng, name = self.rng, self.fresh("t")
        labels = lambda low, high: [f"l{i}" for i in range(rng.randint(low, high))]
        kind = rng.choice(["record", "variant", "enum", "flags", "alias", "wide"])
        if kind == "record":
            body = f"record {name} {{ " + ", ".join(f"{l}: {self.type(1)}" for l in labels(1, 5)) + " }"
        elif kind == "wide":
            body = f"record {name} {{ " + ", ".join(f"{l}: u32" for l in labels(15, 18)) + " }"
        elif kind == "variant":
            cases = [l + (f"({self.type(1)})" if self.chance(60) else "") for l in labels(1, 5)]
            body = f"variant {name} {{ {', '.join(cases)} }}"
        elif kind == "enum":
            body = f"enum {name} {{ {', '.join(labels(1, 4))} }}"
        elif kind == "flags":
            body = f"flags {name} {{ {', '.join(labels(1, 32))} }}"
        else:
            body = f"type {name} = {self.type(2)};"
        self.lines.append("  " + body)
        self.types.append(name)

    def signature(self, params_from=0):
        rng = self.rng
        count = rng.choice([0, 1, 2, 3, 3, 5, 16, 17, 20])
        params = ", ".join(f"p{i}: {self.type(2, borrows=True)}" for i in range(params_from, params_from + count))
        result = f" -> {self.type(2)}" if self.chance(70) else ""
        is_async = "async " if self.chance(self.flavour["async"]) else ""
        return f"{is_async}func({params}){result};"

    def define_resource(self):
        name = self.fresh("r")
        self.resources.append(name)
        lines = []
        if self.chance(70):
            fallible = " -> result<%s, string>" % name if self.chance(20) else ""
            lines.append("    constructor(%s)%s;" % (", ".join(f"c{i}: {self.type(1)}" for i in range(self.rng.randint(0, 2))),
                                                     fallible))
        for _ in range(self.rng.randint(0, 3)):
            static = "static " if self.chance(30) else ""
            head, rest = self.signature().split("func", 1)
            lines.append(f"    {self.fresh('m')}: {head.replace('async ', '')}{static}{'async ' if head else ''}func{rest}")
        self.lines += [f"  resource {name} {{"] + lines + ["  }"] if lines else [f"  resource {name};"]

    def define_func(self):
        self.lines.append(f"  {self.fresh('f')}: {self.signature()}")

    def use(self, other):
        names = other.types + other.resources
        if not names:
            return
        picked = self.rng.sample(names, min(len(names), self.rng.randint(1, 3)))
        parts = []
        for name in picked:
            mine = self.fresh("u")
            parts.append(f"{name} as {mine}")
            (self.resources if name in other.resources else self.types).append(mine)
        self.lines.append(f"  use {other.name}.{{{', '.join(parts)}}};")

    def fill(self, others):
        for other in others:
            if self.chance(50):
                self.use(other)
        steps = [self.define_type] * self.rng.randint(0, 4) + [self.define_resource] * self.rng.randint(0, 2)
        self.rng.shuffle(steps)
        for step in steps + [self.define_func] * self.rng.randint(0, 3):
            step()
        return self

    def text(self):
        return "\n".join([f"interface {self.name} {{"] + self.lines + ["}", ""])


def root_items(rng, flavour, interfaces):
    """Types, resources, functions and interfaces at the root of a world."""
    root = Interface(rng, "root", flavour)
    for other in interfaces[:2]:
        root.use(other)
    for _ in range(rng.randint(0, 2)):
        root.define_type()
    if root.chance(50):
        root.define_resource()
    for _ in range(rng.randint(1, 3)):
        root.lines.append(f"  import {root.fresh('i')}: {root.signature()}")
    for _ in range(rng.randint(1, 3)):
        root.lines.append(f"  export {root.fresh('e')}: {root.signature()}")
    for way in "import", "export":
        inner = Interface(rng, f"{way}ed", flavour).fill([])
        root.lines += [f"  {way} {inner.name}: interface {{"] + ["  " + line for line in inner.lines] + ["  }"]
    return root.lines


def package(rng, version="1.0.0"):
    flavour = {"async": rng.choice([0, 0, 0, 20]), "streams": rng.randrange(4) == 0}
    interfaces = []
    for i in range(rng.randint(1, 4)):
        interfaces.append(Interface(rng, f"i{i}", flavour).fill(interfaces))
    names = [interface.name for interface in interfaces]
    exported = [name for name in names if rng.randrange(4)] or names[-1:]
    rest = [name for name in names if name not in exported]
    worlds = {
        "provider": [f"export {name};" for name in exported] + [f"import {name};" for name in rest if rng.randrange(2)],
        "relay": [f"import {name};" for name in exported] + [f"export {name};" for name in exported],
        "consumer": [f"import {name};" for name in names] + ["export run;"],
        "rooted": [f"import {name};" for name in names if rng.randrange(2)]
                  + [f"export {name};" for name in names if rng.randrange(2)] + root_items(rng, flavour, interfaces),
        "asker": [f"import {name};" for name in names if rng.randrange(3)] + ["export weft:hooks/before@0.1.0;"]
                 + ["export weft:hooks/after@0.1.0;"] * rng.randrange(2),
    }
    shared = [f"package gen:p@{version};", ""] + [interface.text() for interface in interfaces]
    shared += ["interface run {", "  run: func(a: string) -> list<string>;", "}"]
    return {name: "\n".join(shared + [f"world {name} {{"] + ["  " + line for line in worlds[name]] + ["}", HOOKS])
            for name in WORLDS}
