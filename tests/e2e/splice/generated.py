"""Splices generated components in many ways and requires that every output is valid and that its world is unchanged.

    generated.py [--first SEED] [--count N] [--smith N] [--wires N] [--keep FOLDER] [--jobs N]
                 [COMPONENT...]

    WEFT and WEFT_TESTS_DIR in the environment

Each seed gives a package (worlds.py, or wasm-tools wit-smith), dummy components of its worlds, compositions of those
(weft compose, wac plug and plugged again, several instances of one component), and for each of them a number of rules
files. Of each splice that succeeds:

    wasm-tools validate and weft validate accept the output
    its world is that of the input but for what the middleware imports
    weft reencode gives the same bytes; weft graph lists every node that was there
    it can be spliced again

Middleware is a guest or, wired to random nodes, a component of the seed itself: `asker` (hooks), `relay` and `provider`
(wired in).

With --wires there are N splices with wires of each component, and no others.

Components given (.wasm, .wat; CTest gives those of shapes/) are spliced in the same ways.

A splice may be refused, with exit status 1, for the reasons in REFUSALS; then there is no output. What fails stays in the
folder given with --keep."""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import worlds

WEFT = os.environ["WEFT"]
GUESTS = os.path.join(os.environ["WEFT_TESTS_DIR"], "guests")
UNGATED = "counter", "recorder", "splicer-counter", "before-only"
MIDDLEWARE = UNGATED + ("gate-admit", "gate-skip", "recorder-gate", "splicer-blocker")
INSIDE = 'before: { interface: "*" }\n    except: [{ consumer: host }]'
BOTH_STDERR = re.compile(r"^ *import wasi:(io/error|io/streams|cli/stderr)@0\.2\.0;\n", re.M)

# Why a splice of a valid component may be refused: the notes of the error.
REFUSALS = [re.compile(pattern) for pattern in (
    r"it is an async function",
    r"it is lifted or lowered asynchronously",
    r"it uses the garbage-collected form of the canonical ABI",
    r"its memory is of a module that comes from an instance",
)]
# What the notes say of the other side.
OTHER_SIDE = [re.compile(pattern) for pattern in (
    r"a gate decides before anything is lowered",
    r"the host (provides|consumes) it",
    r"the provider has (other consumers|no export)",
    r"a later rule wires another consumer to the provider",
    r"the consumer uses an instance inside itself",
    r"it is not lifted in the component that exports it",
    r"an export of it is used elsewhere in the component",
    r"what comes after it is woven there",
    r"what comes (before|after) it (is shared|calls nobody)",
    r"another edge of the provider has middleware wired in",
    r"a node it is wired to needs the (provider|consumer)",
    r"another consumer",
    r"each edge has its own",
)]


# Why wires may be refused, as the error says it.
WIRE_REFUSALS = [re.compile(pattern) for pattern in (
    r"with its wires `m\d+` would need itself",
    r"`m\d+` cannot see `",
    r"stands in a component that is instantiated more than once",
    r"stands inside a nested composition and imports",
    r"uses an instance inside itself",
    r"`m\d+` cannot be wired to `", # resources of two nodes, or of a node and the host
    r"`m\d+` does not fit between",
    r"`m\d+`: the host cannot give it .*, whose types are those of a node",
    r"of the output would use types that have no name there",
    r"it exports neither this interface nor hooks",
    r"`m\d+` gets `[^`]*` from the edge that it stands on",
    r"cannot be woven: (it is an async function|it is lifted or lowered asynchronously)",
)]


class Failure(Exception):
    pass


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, errors="replace")
    return done.returncode, done.stdout, done.stderr


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, text):
    with open(path, "wb" if isinstance(text, bytes) else "w") as file:
        file.write(text)
    return path


class Case:
    """One seed in a folder of its own."""

    def __init__(self, kind, seed, folder, wires=None):
        self.kind, self.seed, self.folder, self.wires = kind, seed, folder, wires
        self.rng = random.Random(f"{kind} {seed}")
        self.counts = collections.Counter()
        self.own = {} # middleware of the seed itself: name -> path

    def path(self, name):
        return os.path.join(self.folder, name)

    # ---- components and compositions ----

    def dummy(self, wit, world, name):
        names = self.rng.choice([["legacy"], ["legacy"], ["standard32"], ["legacy", "--async-callback"],
                                 ["legacy", "--async-stackful"]])
        encoding = self.rng.choice(["utf8", "utf8", "utf16", "compact-utf16"])
        core, out = self.path(name + ".core"), self.path(name + ".wasm")
        if run("wasm-tools", "component", "embed", "--all-features", "--dummy-names", *names, "--encoding", encoding,
               "--world", world, wit, "-o", core)[0] or \
           run("wasm-tools", "component", "new", core, "-o", out)[0]:
            return None
        return out if run("wasm-tools", "validate", "--features", "all", out)[0] == 0 else None

    def of_worlds(self):
        version = self.rng.choice(["1.0.0", "0.3.1", "2.1.0-rc.1"])
        made = {}
        for name, text in worlds.package(self.rng, version).items():
            made[name] = self.dummy(write(self.path(name + ".wit"), text), name, name)
        self.own = {name: made[name] for name in ("asker", "relay", "provider") if made[name]}
        yield from (path for name, path in made.items() if path and name != "asker")
        provider, relay, consumer = made["provider"], made["relay"], made["consumer"]
        if provider and consumer:
            yield self.compose("pair", provider, consumer)
            yield self.instances("twice", provider, consumer)
        if relay and consumer:
            yield self.plug("relayed", relay, consumer)
        if provider and relay:
            chain = self.plug("inner", provider, relay)
            yield chain
            if chain and consumer:
                outer = self.plug("outer", chain, consumer)
                yield outer
                yield self.instances("outer-twice", chain, consumer)

    def of_smith(self):
        seed, package = self.path("seed"), self.path("package.wasm")
        write(seed, self.rng.randbytes(self.rng.randrange(500, 6000)))
        options = [o for o in ("--async", "--streams", "--futures", "--fixed-length-lists") if self.rng.randrange(2)]
        if run("wasm-tools", "wit-smith", seed, "-o", package, *options)[0]:
            return
        code, text, _ = run("wasm-tools", "component", "wit", "--json", package)
        if code:
            return
        known = json.loads(text)
        for number, world in enumerate(known["worlds"]):
            if world["imports"] or world["exports"]:
                name = f"{known['packages'][world['package']]['name'].split('@')[0]}/{world['name']}"
                if "@" in known["packages"][world["package"]]["name"]:
                    name += "@" + known["packages"][world["package"]]["name"].split("@")[1]
                yield self.dummy(package, name, f"smith{number}")

    def of_file(self):
        out = self.path(os.path.basename(self.seed))
        run("wasm-tools", "parse", self.seed, "-o", out)
        if run("wasm-tools", "validate", "--features", "all", out)[0]:
            raise Failure("the input is not valid")
        yield out

    def compose(self, name, *parts):
        out = self.path(name + ".wasm")
        code, _, errors = run(WEFT, "compose", *parts, "-o", out)
        if code not in (0, 1):
            raise Failure(f"compose exits with {code}: {errors}")
        self.counts["compose refused"] += code
        return None if code else out

    def plug(self, name, plug, socket):
        out = self.path(name + ".wasm")
        return None if run("wac", "plug", "--plug", plug, socket, "-o", out)[0] else out

    def instances(self, name, provider, consumer):
        """Two providers; two consumers of the first and one of the second."""
        exports = [e for e in self.graph(provider)["exports"] if e["kind"] == "instance"]
        wanted = {i["name"] for i in self.graph(consumer)["imports"]}
        given = [e["name"] for e in exports if e["name"] in wanted]
        lines = ["package gen:composed;", "let p0 = new gen:provider { ... };", "let p1 = new gen:provider { ... };"]
        for number, source in enumerate(("p0", "p0", "p1")):
            args = "".join(f'"{g}": {source}["{g}"], ' for g in given)
            lines.append(f"let c{number} = new gen:consumer {{ {args}... }};")
            lines += [f'export c{number}["{e["name"]}"] as "c{number}-{k}";'
                      for k, e in enumerate(self.graph(consumer)["exports"]) if e["kind"] == "instance"]
        out = self.path(name + ".wasm")
        wac = write(self.path(name + ".wac"), "\n".join(lines) + "\n")
        code, _, errors = run("wac", "compose", "--dep", f"gen:provider={provider}", "--dep", f"gen:consumer={consumer}", wac,
                              "-o", out)
        self.counts["wac refused"] += code != 0
        return None if code else out

    # ---- splices ----

    def graph(self, path):
        code, text, errors = run(WEFT, "graph", path, "--format", "json")
        if code:
            raise Failure(f"graph exits with {code} on {path}: {errors}")
        return json.loads(text)

    def rules(self, graph):
        """A few rules files: lists of (selector, names of middleware)."""
        name = lambda node: node or "host"
        between = lambda e: 'between: {{ interface: "{}", outer: {{ name: "{}" }}, inner: {{ name: "{}" }} }}'.format(
            e["interface"], name(e["consumer"]), name(e["provider"]))
        every = ['before: { interface: "*" }', 'before: { interface: "*", provider: { name: host } }']
        files = [[(every[0], [one])] for one in UNGATED]
        files += [[(every[1], [one])] for one in ("counter", "gate-skip", "recorder-gate", "splicer-counter")]
        files += [[(INSIDE, [one])] for one in ("counter", "gate-admit", "gate-skip", "recorder-gate", "splicer-blocker")]
        files.append([(one, ["counter", "gate-admit"]) for one in (INSIDE, every[1])])
        files.append([(INSIDE, ["recorder", "splicer-counter", "gate-admit"]), (every[1], ["before-only"])])
        edges = [edge for edge in graph["edges"] if edge["consumer"] != edge["provider"]]
        for edge in self.rng.sample(edges, min(4, len(edges))):
            fit = MIDDLEWARE if edge["consumer"] else UNGATED
            files.append([(between(edge), [self.rng.choice(fit)])])
            files.append([(between(edge), self.rng.sample(fit, 2))])
        if len(edges) > 2:
            some = self.rng.sample(edges, len(edges) // 2)
            files.append([(between(edge), [self.rng.choice(MIDDLEWARE if edge["consumer"] else UNGATED)]) for edge in some])
        files.append([('on-subgraph: { nodes: ["**"], direction: both }', ["counter"])])
        for node in graph["nodes"]:
            files.append([(f'on-node: {{ name: "{node["path"]}", direction: both }}', ["recorder"])])
            for direction, fit in ("in", UNGATED), ("out", MIDDLEWARE):
                files.append([(f'on-node: {{ name: "{node["path"]}", direction: {direction} }}', [self.rng.choice(fit)])])
        return files

    def wired_rules(self, graph):
        """Rules files with middleware of the seed, wired to random nodes; then rules for the edges that the wires make."""
        offers = collections.defaultdict(list)
        for edge in graph["edges"]:
            if edge["provider"]:
                parts = edge["provider"].split("/")
                offers[edge["interface"]] += ["/".join(parts[:n]) for n in range(len(parts), 0, -1)][:1 + self.rng.randrange(2)]
        edges = [edge for edge in graph["edges"] if edge["provider"] and edge["interface"].startswith("gen:")]
        if any(node["path"] == "root" for node in graph["nodes"]): # a plain component gets another name
            return []
        every = ['before: { interface: "gen:p/*" }', 'before: { interface: "gen:p/i*" }', INSIDE]
        between = lambda e: 'between: {{ interface: "{}", outer: {{ name: "{}" }}, inner: {{ name: "{}" }} }}'.format(
            e["interface"], e["consumer"] or "host", e["provider"])
        files = []
        for _ in range((self.wires or 8) if edges and self.own else 0):
            rules = []
            for _ in range(self.rng.randint(1, 3)):
                one = self.own_wired(offers)
                selector = self.rng.choice(every) if self.rng.randrange(4) == 0 else between(self.rng.choice(edges))
                rules.append((selector, [one] if self.rng.randrange(3) else [one, "counter"]))
                if self.rng.randrange(2):
                    rules.append((f'on-node: {{ name: "**m{sum(len(names) for _, names in rules)}", direction: out }}',
                                  [self.rng.choice(UNGATED) if self.rng.randrange(2) else self.own_wired(offers)]))
            files.append(rules)
        return files

    def own_wired(self, offers):
        kind = self.rng.choice(sorted(self.own))
        path, most = self.own[kind], {"asker": 1, "relay": 3, "provider": 1}[kind] # a relay imports what it stands on
        imports = [i["name"] for i in self.graph(path)["imports"] if i["kind"] == "instance"]
        wires = {name: self.rng.choice(offers[name]) for name in imports if offers[name] and self.rng.randrange(5) >= most}
        return path, wires

    def splice(self, source, rules, per_edge=False):
        lines, number = ["version: 1", "rules:"], 0
        for selector, names in rules:
            lines += [f"  - {selector}", "    inject:"]
            for name in names:
                number += 1
                file, wires = (f"{GUESTS}/{name}.wasm", {}) if isinstance(name, str) else name
                extra = ", instances: per-edge" if per_edge else ""
                extra += ", wire: " + json.dumps(wires) if wires else ""
                lines.append(f"      - {{ name: m{number}, path: '{file}'{extra} }}")
        path, out = write(self.path("rules.yaml"), "\n".join(lines) + "\n"), self.path("out.wasm")
        if os.path.exists(out):
            os.remove(out)
        code, _, errors = run(WEFT, "splice", path, source, "-o", out)
        if code == 0:
            return out
        if os.path.exists(out):
            raise Failure("an output of a splice that failed")
        self.refused(code, errors)
        return None

    def refused(self, code, errors):
        if code == 1 and "selects no" in errors or "matches no" in errors:
            self.counts["nothing selected"] += 1
            return
        if code != 1:
            raise Failure(f"splice exits with {code}:\n{errors}")
        wires = [pattern.pattern for pattern in WIRE_REFUSALS if pattern.search(errors)]
        if wires:
            self.counts["refused: " + wires[0]] += 1
            return
        notes = re.findall(r"it cannot be woven into the \w+: (.*)", errors)
        pairs = list(zip(notes[::2], notes[1::2]))
        for pair in pairs:
            if not any(pattern.search(note) for pattern in REFUSALS for note in pair) and \
               not all(any(pattern.search(note) for pattern in OTHER_SIDE) for note in pair):
                raise Failure(f"refused for {pair}:\n{errors}")
            self.counts["refused: " + "; ".join(pair)] += 1
        if "the same function is hooked as an import and as an export" in errors:
            self.counts["refused: both ends of one function"] += 1
        elif not pairs:
            raise Failure(f"splice fails:\n{errors}")

    def check(self, source, out, names):
        for command in ("wasm-tools", "validate", "--features", "all", out), (WEFT, "validate", out):
            code, _, errors = run(*command)
            if code:
                raise Failure(f"{' '.join(command[:2])} exits with {code}:\n{errors}")
        again = self.path("again.wasm")
        code, _, errors = run(WEFT, "reencode", out, "-o", again)
        if code or read(again) != read(out):
            raise Failure(f"reencoding changes it ({code}): {errors}")
        before, after = ({node["path"] for node in self.graph(path)["nodes"]} for path in (source, out))
        lost = {path for path in before - after if not re.search(r"\binstance-\d+|^root$", path) and
                not any(other.endswith("/" + path) for other in after)} # a plain one is wrapped
        if lost or len(before) >= len(after):
            raise Failure(f"nodes are lost: {sorted(before)} became {sorted(after)}")
        if all(isinstance(name, str) for _, some in names for name in some):
            self.same_world(source, out)

    def same_world(self, source, out):
        code, plain, _ = run("wasm-tools", "component", "wit", source)
        if code:
            return
        code, spliced, errors = run("wasm-tools", "component", "wit", out)
        if code:
            raise Failure(f"wasm-tools component wit fails after the splice: {errors}")
        cut = lambda text: "".join(part for part in re.split(r"(?m)^(?=package )", BOTH_STDERR.sub("", text))
                                   if not part.startswith("package wasi:"))
        squeeze = lambda text: re.sub(r"\n\s*\n", "\n", cut(text)).strip()
        if squeeze(plain) != squeeze(spliced):
            raise Failure(f"the world differs:\n{squeeze(plain)}\n---\n{squeeze(spliced)}")

    def try_all(self, source):
        code, _, errors = run(WEFT, "validate", source)
        if code:
            raise Failure(f"weft validate refuses the input ({code}): {errors}")
        for rules in [] if self.wires else self.rules(self.graph(source)):
            self.last = source, rules
            self.counts["splices"] += 1
            out = self.splice(source, rules, per_edge=self.rng.randrange(8) == 0)
            if not out:
                continue
            self.counts["done"] += 1
            self.check(source, out, rules)
            if self.rng.randrange(4) == 0:
                first = shutil.copy(out, self.path("first.wasm"))
                again = self.splice(first, [(INSIDE, ["counter", "gate-admit"])])
                if again:
                    self.counts["done again"] += 1
                    self.check(first, again, rules)
        for rules in self.wired_rules(self.graph(source)):
            self.last = source, rules
            self.counts["splices with wires"] += 1
            out = self.splice(source, rules, per_edge=self.rng.randrange(4) == 0)
            if out:
                self.counts["done with wires"] += 1
                self.check(source, out, rules)

    def run(self):
        self.last = None
        sources = {"worlds": self.of_worlds, "smith": self.of_smith, "file": self.of_file}
        for component in sources[self.kind]():
            if component:
                self.counts["components"] += 1
                self.try_all(component)


def run_case(kind, seed, keep, wires=None):
    with tempfile.TemporaryDirectory() as folder:
        case = Case(kind, seed, folder, wires)
        try:
            case.run()
            return case.counts, None
        except (Failure, subprocess.TimeoutExpired) as failure:
            if keep:
                kept = os.path.join(keep, f"{kind}-{os.path.basename(str(seed))}")
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(folder, kept)
            source, rules = case.last or ("?", "?")
            return case.counts, f"{kind} {seed}, {os.path.basename(source)}, {rules}: {failure}"


def main(least="done"):
    parser = argparse.ArgumentParser()
    parser.add_argument("components", nargs="*")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--smith", type=int, default=0)
    parser.add_argument("--wires", type=int)
    parser.add_argument("--keep")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    cases = [("worlds", options.first + i) for i in range(options.count)] + \
            [("smith", options.first + i) for i in range(options.smith)] + [("file", path) for path in options.components]
    counts, failed = collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for found, failure in pool.map(lambda case: run_case(*case, options.keep, options.wires), cases):
            counts += found
            if failure:
                failed += 1
                print("FAIL", failure, flush=True)
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not counts["done with wires" if options.wires else least] else 0


if __name__ == "__main__":
    sys.exit(main())
