"""Puts proxies on the edges of compositions, runs them before and after, and compares: the results must be the same.

    run.py [COMPOSITION...]     WEFT, WEFT_TESTS_DIR, WEFT_CORPUS_DIR in the environment

Each edge by itself, then all at once. Components of other languages, as far as the corpus has them, get one proxy for all
that they import from WASI."""

import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["WEFT_TESTS_DIR"], "e2e", "splice"))
from run import WEFT, VALUES, Failure, call, composition, expect, guest, rule, run, splice

ACCOUNTS = ["test:bank-user/report#run()"]
SHOP = ["wasi:cli/run#run()", "shop:front/app#menu()", 'shop:front/app#order("Ada", [{sku: "tea", quantity: 2}])']
shop = lambda name: os.path.join(os.environ["WEFT_TESTS_DIR"], "..", "examples", "shop", name + ".wasm")

# What is run, and the components besides in which interfaces are found.
CASES = {
    "echo-relay": (composition("echo-relay"), VALUES, []),
    "relay-utf16": (composition("relay-utf16"), VALUES, []),
    "relay-twice": (composition("relay-twice"), VALUES, []),
    "bank": (composition("bank"), ACCOUNTS, [guest("bank-user")]),
    "banks": (composition("banks"), ACCOUNTS + ["bob#run()"], [guest("bank-user")]),
    "shop": (composition("shop"), SHOP, [shop("store"), shop("orders"), shop("front")]),
    "async": (composition("async"), ["test:slow/step#f(3)", 'test:slow/step#g("slow")'], []),
    "shared": (composition("shared"), ['test:shared-user/report#run("box", 3)'], [guest("shared-provider")]),
}


def edges_of(path):
    code, text, errors = run(WEFT, "graph", path, "--format", "json")
    expect(code == 0, errors)
    return [edge for edge in json.loads(text)["edges"] if edge["kind"] == "instance"]


def between(edge):
    name = lambda node: node or "host"
    return 'between: {{ interface: "{}", outer: {{ name: "{}" }}, inner: {{ name: "{}" }} }}'.format(
        edge["interface"], name(edge["consumer"]), name(edge["provider"]))


def proxy(tmp, sources, interface, number):
    path = os.path.join(tmp, f"proxy{number}.wasm")
    for source in sources:
        code, _, errors = run(WEFT, "proxy", source, "--interface", interface, "-o", path)
        if code == 0:
            return f"proxy{number}", path
    raise Failure(f"no proxy of {interface}: {errors}")


def check(tmp, source, calls, parts):
    expected = call(source, *calls)
    rules = []
    for number, edge in enumerate(edges_of(source)):
        one = rule(between(edge), proxy(tmp, [source] + parts, edge["interface"], number))
        try:
            out = splice(tmp, source, one)
        except Failure as failure:
            if "only types are used over its edges" in str(failure) or "no interface here" in str(failure):
                continue
            raise
        expect(call(out, *calls) == expected, f"results differ with a proxy on {edge}")
        rules.append(one)
    out = splice(tmp, source, *rules)
    expect(call(out, *calls) == expected, "results differ with proxies on all edges")
    return len(rules)


def check_language(tmp, source):
    """Python's and JavaScript's take minutes to compile under a sanitizer, and import what Rust's and Go's do."""
    calls = ['test:lang/greet#loud("ann")', 'test:lang/greet#hello("bob")', "test:lang/greet#sum([1, 2, 3])"]
    path, out = os.path.join(tmp, "proxy.wasm"), os.path.join(tmp, "out.wasm")
    for command in ["proxy", source, "--interface", "wasi:*", "-o", path], \
                   ["compose", "guest=" + source, "proxy=" + path, "--export", "guest", "-o", out]:
        code, _, errors = run(WEFT, *command)
        expect(code == 0, errors)
    expect(call(out, *calls) == call(source, *calls), "results differ with a proxy for WASI")
    edges = [edge for edge in edges_of(out) if edge["provider"] == "proxy"]
    expect(len(edges) > 5, "the proxy is not used")
    return len(edges)


LANGUAGES = {name: os.path.join(os.environ["WEFT_CORPUS_DIR"], "languages-composed", name + ".wasm") for name in ("rust", "go")}


def main():
    failed = 0
    names = sys.argv[1:] or list(CASES) + [name for name, path in LANGUAGES.items() if os.path.exists(path)]
    for name in names:
        with tempfile.TemporaryDirectory() as tmp:
            try:
                edges = check(tmp, *CASES[name]) if name in CASES else check_language(tmp, LANGUAGES[name])
                print(f"ok   {name}: {edges} edges")
            except Failure as failure:
                failed += 1
                print(f"FAIL {name}: {failure}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
