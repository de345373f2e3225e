"""Puts proxies on the edges of compositions, runs them before and after, and compares: the results must be the same.

    run.py [COMPOSITION...]     WEFT, WEFT_TESTS_DIR, WEFT_CORPUS_DIR in the environment

Each edge by itself, then all at once."""

import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["WEFT_TESTS_DIR"], "e2e", "splice"))
from run import WEFT, VALUES, Failure, call, composition, expect, guest, rule, run, splice

ACCOUNTS = ["test:bank-user/report#run()"]
SHOP = ["shop:front/app#menu()", 'shop:front/app#order("Ada", [{sku: "tea", quantity: 2}])']
shop = lambda name: os.path.join(os.environ["WEFT_TESTS_DIR"], "..", "examples", "shop", name + ".wasm")

# What is run, and the components besides in which interfaces are found.
CASES = {
    "echo-relay": (composition("echo-relay"), VALUES, []),
    "relay-utf16": (composition("relay-utf16"), VALUES, []),
    "relay-twice": (composition("relay-twice"), VALUES, []),
    "bank": (composition("bank"), ACCOUNTS, [guest("bank-user")]),
    "banks": (composition("banks"), ACCOUNTS + ["bob#run()"], [guest("bank-user")]),
    "shop": (composition("shop"), SHOP, [shop("store"), shop("orders"), shop("front")]),
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


def main():
    failed = 0
    for name in sys.argv[1:] or CASES:
        with tempfile.TemporaryDirectory() as tmp:
            try:
                print(f"ok   {name}: {check(tmp, *CASES[name])} edges")
            except Failure as failure:
                failed += 1
                print(f"FAIL {name}: {failure}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
