"""Splices compositions, runs them before and after, and compares: the results must be the same, the hooks' lines
must tell of each call in order.

    run.py [SCENARIO...]     WEFT, WEFT_TESTS_DIR, WEFT_CORPUS_DIR in the environment

The middleware is the guest `recorder`, which writes `declare TARGET NAME`, `before TARGET CALL`, `after TARGET CALL`
(and `gate TARGET CALL`) to stderr, and the example `print`, which writes `-> NAME` and `<- NAME`."""

import json
import os
import random
import re
import subprocess
import sys
import tempfile

import handles

WEFT = os.environ["WEFT"]
TESTS = os.environ["WEFT_TESTS_DIR"]
CORPUS = os.environ["WEFT_CORPUS_DIR"]
GUESTS = os.path.join(TESTS, "guests")
PRINT = os.path.join(TESTS, "..", "examples", "middleware", "print.wasm")

ECHO = "test:values/echo@1.0.0"
VALUES = [
    "echo-bool(true)", "echo-s8(-128)", "echo-u8(255)", "echo-s16(-32768)", "echo-u16(65535)",
    "echo-s32(-2147483648)", "echo-u32(4294967295)", "echo-s64(-9223372036854775808)",
    "echo-u64(18446744073709551615)", "echo-f32(1.5)", "echo-f64(-0.1)", "echo-char('\\u{1F600}')",
    'echo-string("grüße, \\u{65E5}\\u{672C}")', "echo-string(\"\")", "echo-point({x: -3, y: 2.5})",
    'echo-person({name: "Ada", age: 36, emails: ["a@x", "b@y"]})', "echo-shape(empty)",
    "echo-shape(dot({x: 1, y: 2}))", 'echo-shape(label("l"))',
    "echo-shape(polygon([{x: 1, y: 2}, {x: 3, y: 4}]))", "echo-suit(hearts)", "echo-few({a, c})",
    "echo-many({f0, f16})",
    'echo-tree({id: 7, branch: pair(({shape: label("x"), suits: [clubs]}, {shape: empty, suits: []})), '
    'rest: some(one({shape: dot({x: 9, y: 8}), suits: [spades, hearts]}))})',
    'echo-tuple((1, "two", -3))', "echo-bytes([0, 127, 255])", "echo-numbers([1, 18446744073709551615])",
    'echo-strings(["", "a", "bc"])', "echo-lists([[], [1, 2], [65535]])",
    'echo-people([{name: "B", age: 1, emails: []}])', 'echo-option(some("s"))', "echo-option(none)",
    "echo-options(some(none))", "echo-options(none)", "echo-result(ok(5))", 'echo-result(err("bad"))',
    'echo-results(ok(ok("deep")))', "echo-results(err(err))", "nothing()",
    "sum17(%s)" % ", ".join(str(i) for i in range(1, 18)),
    "sum40((1, 2, 3, 4), (5, 6, 7, 8), %s)" % ", ".join(["(9, 10, 11, 12)"] * 8),
    'join17("begin", %s, "end")' % ", ".join(str(i) for i in range(1, 16)),
]
VALUES = [f"{ECHO}#{call}" for call in VALUES]

# What a skipped call gives its caller, in the order of VALUES.
DEFAULTS = """false 0 0 0 0 0 0 0 0 0 0 '\\u{0}' "" "" {x: 0, y: 0} {name: "", age: 0, emails: []} empty empty empty
empty clubs {} {} {id: 0, branch: %none} (0, "", 0) [] [] [] [] [] none none none none ok(0) ok(0)
ok(ok("")) ok(ok("")) 0 0 "\""""

scenarios = {}


def scenario(function):
    scenarios[function.__name__] = function
    return function


class Failure(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Failure(message)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout, done.stderr


def guest(name):
    return os.path.join(GUESTS, name + ".wasm")


def composition(name):
    return os.path.join(CORPUS, "compositions", name + ".wasm")


def rule(selector, *middleware):
    """One rule as YAML; `middleware` are pairs of a name and a path."""
    lines = [f"  - {selector}", "    inject:"]
    lines += [f"      - {{ name: {name}, path: '{path}' }}" for name, path in middleware]
    return "\n".join(lines)


def before(interface, provider=None):
    which = f", provider: {{ name: {provider} }}" if provider else ""
    return f'before: {{ interface: "{interface}"{which} }}'


def between(interface, outer, inner):
    return f'between: {{ interface: "{interface}", outer: {{ name: {outer} }}, inner: {{ name: {inner} }} }}'


RECORDER = ("recorder", guest("recorder"))


def splice(tmp, source, *rules, options=()):
    path, out = os.path.join(tmp, "rules.yaml"), os.path.join(tmp, "out.wasm")
    with open(path, "w") as file:
        file.write("version: 1\nrules:\n" + "\n".join(rules) + "\n")
    code, _, errors = run(WEFT, "splice", path, source, "-o", out, *options)
    expect(code == 0, f"splice failed:\n{errors}")
    code, _, errors = run("wasm-tools", "validate", "--features", "all", out)
    expect(code == 0, f"the output is not valid:\n{errors}")
    return out


def call(component, *calls):
    code, out, errors = run(WEFT, "call", component, *calls)
    expect(code == 0, f"call failed:\n{errors}")
    return out, errors


def names_of(lines):
    """Checks that hooks nest, that each call is told twice under one number, and that no number comes again; gives
    the names of the targets in the order of the calls."""
    targets, stack, seen, names = {}, [], set(), []
    for line in lines.splitlines():
        kind, *rest = line.split(" ", 2)
        if kind == "declare":
            targets[rest[0]] = rest[1]
        elif kind == "before":
            expect(rest[1] not in seen, f"call number {rest[1]} comes again")
            seen.add(rest[1])
            stack.append(rest)
            expect(rest[0] in targets, f"target {rest[0]} was not declared")
            names.append(targets[rest[0]])
        elif kind == "after":
            expect(stack and stack[-1] == rest, f"'{line}' does not end the innermost call")
            stack.pop()
        elif kind == "gate":
            expect(stack and stack[-1] == rest, f"'{line}' is not between before and after")
        else:
            raise Failure(f"unexpected line: {line}")
    expect(not stack, "a call was not told to have returned")
    return names


def same_with_hooks(tmp, source, calls, expected, *rules):
    """Splices, compares results, and expects the calls' names (a list, or a count by name)."""
    plain, _ = call(source, *calls)
    result, lines = call(splice(tmp, source, *rules), *calls)
    expect(result == plain, f"results differ:\n{plain}\n{result}")
    names = names_of(lines)
    expect(names == expected, f"expected calls {expected}\ngot            {names}")


def called(calls):
    return [re.match(r"[^(]*", call)[0] for call in calls]


@scenario
def every_value_type_provider_side(tmp):
    same_with_hooks(tmp, composition("echo-relay"), VALUES, called(VALUES),
                    rule(before(ECHO, "provider"), RECORDER))


@scenario
def every_value_type_consumer_side(tmp):
    # a gate decides before anything is lowered
    gate = ("gate", guest("recorder-gate"))
    same_with_hooks(tmp, composition("echo-relay"), VALUES, called(VALUES), rule(before(ECHO, "provider"), gate))


@scenario
def every_value_type_across_encodings(tmp):
    same_with_hooks(tmp, composition("relay-utf16"), VALUES,
                    [name for name in called(VALUES) for _ in range(2)], rule(before(ECHO), RECORDER))


@scenario
def plain_component_is_wrapped(tmp):
    same_with_hooks(tmp, guest("echo"), VALUES, called(VALUES), rule(before(ECHO), RECORDER))


@scenario
def resources(tmp):
    accounts = "test:bank/accounts@1.0.0"
    calls = ["test:bank-user/report#run()"]
    plain, _ = call(composition("bank"), *calls)
    for selector, middleware in ((before(accounts), RECORDER),
                                 (between(accounts, "user", "bank"), ("gate", guest("recorder-gate")))):
        result, lines = call(splice(tmp, composition("bank"), rule(selector, middleware)), *calls)
        expect(result == plain, "results differ")
        names = set(names_of(lines))
        for function in "[constructor]account", "[method]account.deposit", "[static]account.merge", "transfer":
            expect(f"{accounts}#{function}" in names, f"{function} was not told")


@scenario
def one_of_two_instances_is_cloned(tmp):
    accounts = "test:bank/accounts@1.0.0"
    source = composition("banks")
    plain, _ = call(source, "test:bank-user/report#run()")
    for selected, other, rules in (
        ("test:bank-user/report#run()", "bob#run()", rule(before(accounts, "north"), RECORDER)),
        ("bob#run()", "test:bank-user/report#run()", rule(before(accounts, "south"), RECORDER)),
        ("test:bank-user/report#run()", "bob#run()", rule(between(accounts, "ada", "north"), ("gate", guest("recorder-gate")))),
    ):
        out = splice(tmp, source, rules)
        result, lines = call(out, selected)
        expect(result == plain and len(names_of(lines)) > 10, "the selected instance has no hooks")
        result, lines = call(out, other)
        expect(result == plain and lines == "", "the other instance has hooks")


@scenario
def a_node_inside_one_of_two_compositions_is_cloned(tmp):
    """The composition around it is cloned, then the node's component; and again, inside what was cloned before."""
    source, calls = composition("nested-twice"), VALUES[:4]
    west = called(calls)
    east = [call.replace(ECHO, "east") for call in calls]
    plain, _ = call(source, *calls)
    once = splice(tmp, source, rule(before(ECHO, "west/plain"), RECORDER))
    result, lines = call(once, *calls)
    expect(result == plain and names_of(lines) == west, f"west: {result}{lines}")
    result, lines = call(once, *east)
    expect(result == plain and lines == "", f"east: {result}{lines}")
    kept = os.path.join(tmp, "once.wasm")
    os.rename(once, kept)
    for provider, hooked, quiet in (("west/first", calls, east), ("east/plain", east, [])):
        again = splice(tmp, kept, rule(before(ECHO, provider), ("printer", PRINT)))
        result, lines = call(again, *hooked)
        expect(result == plain and lines.count("->") == len(calls), f"{provider}: {result}{lines}")
        if quiet:
            result, lines = call(again, *quiet)
            expect(result == plain and lines == "", f"beside {provider}: {result}{lines}")


@scenario
def two_interfaces_share_a_type(tmp):
    calls = ['test:shared-user/report#run("box", 3)']
    plain, _ = call(composition("shared"), *calls)
    source = composition("shared")
    rules = [rule(before(f"test:shared/{name}@1.0.0"), (f"rec-{name}", guest("recorder")))
             for name in ("maker", "measurer")]
    result, lines = call(splice(tmp, source, *rules), *calls)
    expect(result == plain, "results differ")
    told = "\n".join(lines.splitlines())
    expect("test:shared/maker" in told and "test:shared/measurer" in told, "an interface was not told")


@scenario
def one_rule_on_a_hundred_edges(tmp):
    source = os.path.join(CORPUS, "large", "chain-101.wasm")
    calls = ["t:chain/step#f(0)"]
    plain, _ = call(source, *calls)
    for middleware in RECORDER, ("before", guest("before-only")):
        selector = before("t:chain/step@1.0.0")
        result, lines = call(splice(tmp, source, rule(selector, middleware)), *calls)
        expect(result == plain, "results differ")
        names = names_of(lines)
        expected = 101 if middleware is RECORDER else 0
        expect(names == ["t:chain/step@1.0.0#f"] * expected, f"{len(names)} calls were told")


@scenario
def middleware_shared_by_nodes_and_scopes(tmp):
    calls = VALUES[:6]
    source = composition("nested-three")
    plain, _ = call(source, *calls)
    result, lines = call(splice(tmp, source, rule(before(ECHO), RECORDER)), *calls)
    expect(result == plain, "results differ")
    names = names_of(lines)
    expect(len(names) > 3 * len(calls), f"only {len(names)} calls were told")


@scenario
def a_node_inside_a_composed_one(tmp):
    source = composition("nested-shop")
    calls = ["shop:front/app#menu()"]
    same_with_hooks(tmp, source, calls, ["shop:store/stock@1.0.0#items"],
                    rule(before("shop:store/stock@1.0.0", "back/store"), RECORDER))


def order(tmp, *rules):
    """The lines of one call through `print` and `recorder`, without names and numbers."""
    source = composition("echo-relay")
    _, lines = call(splice(tmp, source, *rules), f"{ECHO}#echo-u8(3)")
    return " ".join(line.split()[0] for line in lines.splitlines() if not line.startswith("declare"))


@scenario
def first_injected_is_outermost(tmp):
    record, gate, printer = RECORDER, ("gate", guest("recorder-gate")), ("printer", PRINT)
    edge = before(ECHO, "provider")
    for middleware, expected in (
        ((printer, record), "-> before after <-"),
        ((record, printer), "before -> <- after"),
        ((gate, printer), "before gate -> <- after"),
        ((printer, gate), "-> before gate after <-"),
        ((printer, record, ("second", PRINT)), "-> before -> <- after <-"),
        ((record, gate, printer), "before before gate -> <- after after"),
    ):
        told = order(tmp, rule(edge, *middleware))
        expect(told == expected, f"{[name for name, _ in middleware]}: {told}")


@scenario
def later_rules_are_inner(tmp):
    record, gate, printer = RECORDER, ("gate", guest("recorder-gate")), ("printer", PRINT)
    edge = before(ECHO, "provider")
    for middleware, expected in (
        ((printer, record), "-> before after <-"),
        ((record, printer), "before -> <- after"),
        ((record, gate), "before before gate after after"),
        ((gate, record), "before gate before after after"),
    ):
        told = order(tmp, *(rule(edge, one) for one in middleware))
        expect(told == expected, f"{[name for name, _ in middleware]}: {told}")


@scenario
def later_rules_are_inner_in_clones(tmp):
    """The later rule selects one of the instances that the first has woven, which is cloned then."""
    accounts = "test:bank/accounts@1.0.0"
    for middleware, expected in ((RECORDER, ("printer", PRINT)), "before -> <- after"), ((("printer", PRINT), RECORDER), "-> before after <-"):
        out = splice(tmp, composition("banks"), rule(before(accounts), middleware[0]), rule(before(accounts, "north"), middleware[1]))
        _, lines = call(out, "test:bank-user/report#run()")
        told = " ".join(line.split()[0] for line in lines.splitlines() if not line.startswith("declare"))
        expect(told.startswith(expected), f"{[name for name, _ in middleware]}: {told[:100]}")


@scenario
def skipped_calls_give_defaults(tmp):
    out = splice(tmp, composition("echo-relay"), rule(before(ECHO, "provider"), ("skip", guest("gate-skip"))))
    result, _ = call(out, *VALUES)
    wanted = " ".join(DEFAULTS.split())
    expect(" ".join(result.split()) == wanted, f"expected {wanted}\ngot      {' '.join(result.split())}")


@scenario
def refused_calls_trap_with_a_name(tmp):
    out = splice(tmp, composition("echo-relay"), rule(before(ECHO, "provider"), ("guard", guest("gate-fail"))))
    code, _, errors = run(WEFT, "call", out, f"{ECHO}#echo-u8(3)")
    expect(code == 1 and f"weft: guard.admit refused {ECHO}#echo-u8" in errors, f"{code}: {errors}")


@scenario
def what_cannot_be_skipped_fails_with_a_name(tmp):
    """A constructor returns a handle, which has no default."""
    accounts = "test:bank/accounts@1.0.0"
    out = splice(tmp, composition("bank"), rule(between(accounts, "user", "bank"), ("skipper", guest("gate-skip"))))
    code, _, errors = run(WEFT, "call", out, "test:bank-user/report#run()")
    expect(code == 1 and f"weft: skipper.admit refused {accounts}#[constructor]account" in errors, f"{code}: {errors}")


@scenario
def a_skipped_call_drops_the_handles_it_owns(tmp):
    """`hold.sell` takes the hold: sold, the pots are gone; skipped, the hold is dropped, which gives them back."""
    pots = ['shop:front/app#order("Ada", [{sku: "pot", quantity: 2}])'] * 3
    source = composition("shop")
    plain, _ = call(source, *pots)
    expect(plain.count("Sorry") == 2, f"there are two pots: {plain}")
    selector = between("shop:store/stock@1.0.0", "orders", "store")
    text = f"  - {selector}\n    functions: [hold.sell]\n    inject:\n"
    text += f"      - {{ name: skipper, path: '{guest('gate-skip')}' }}\n"
    result, _ = call(splice(tmp, source, text), *pots)
    expect(result.count("Sorry") == 0, f"the pots come back: {result}")


def splice_skipper(tmp):
    """On what handles.build made."""
    source = os.path.join(tmp, "both.wasm")
    code, _, errors = run(WEFT, "compose", os.path.join(tmp, "provider.wasm"), os.path.join(tmp, "consumer.wasm"), "-o", source)
    expect(code == 0, errors)
    text = f'  - {before(handles.API)}\n    functions: ["take-*"]\n    inject: [{{ name: skipper, path: "{guest("gate-skip")}" }}]\n'
    return splice(tmp, source, text)


def skip_with_handles(tmp, functions, choices, times, asynchronous=False):
    """Each handle is dropped once: the provider counts none that is left, and tables of handles stay small."""
    at_once = handles.build(tmp, functions, choices, asynchronous)
    result, _ = call(splice_skipper(tmp), *[f"#test-{k}({times})" for k in range(len(functions))])
    for types, number in zip(functions, map(int, result.split())):
        live, highest = number >> 32, number & 0xffffffff
        expect(live == 0 and highest <= max(at_once), f"{types}: {live} live, the highest handle is {highest}")


OWN = ("own",)
VARIANTS = [("variant", OWN, ("u32",), None), ("variant", ("u64",), OWN), ("variant", OWN, ("f32",)), ("variant", ("f64",), OWN),
            ("variant", ("tuple", ("f32",), ("f64",)), ("tuple", OWN, ("string",), OWN), ("list", OWN))]
POSITIONS = [
    [OWN], [("u8",), OWN, ("borrow",), OWN], [("record", ("u8",), OWN, ("u64",))], [("tuple", OWN, ("string",), OWN)],
    [("list", OWN)], [("list", ("record", ("u8",), VARIANTS[1], ("variant", None, OWN)))], [("option", OWN)],
    [("result", OWN, ("string",))], [("result", None, OWN)], *([variant] for variant in VARIANTS),
    [("list", ("list", ("option", ("list", OWN))))], [("fixed", OWN, 3)], [("fixed", ("variant", OWN, ("u64",)), 40)],
    [("list", ("fixed", ("tuple", ("u8",), OWN), 5))], [OWN] * 17, [("u8",), ("u64",), OWN] * 6,
    [*VARIANTS, ("list", VARIANTS[4]), ("u8",)], [("option", ("variant", VARIANTS[1], VARIANTS[2], VARIANTS[0]))] * 2,
    [("variant", *[OWN, ("u16",)] * 150)], [("list", ("variant", *[("u16",), OWN] * 150))],
]


@scenario
def a_skipped_call_drops_handles_wherever_they_lie(tmp):
    """In all cases of variants, with one, two and three elements in lists."""
    for turn in 1, 2, 4, 8:
        skip_with_handles(tmp, POSITIONS, [handles.Turn(turn)] * len(POSITIONS), 100000 if turn == 1 else 2)


@scenario
def a_skipped_call_drops_handles_in_random_types(tmp):
    rng = random.Random(7)
    functions = [handles.random_function(rng) for _ in range(60)]
    skip_with_handles(tmp, functions, [rng] * len(functions), 3)


@scenario
def a_skipped_call_drops_streams_and_futures(tmp):
    """Of sync functions, and of async ones that are lowered synchronously."""
    stream, rest = ("stream", ("u8",)), ("record", ("u8",), ("variant", None, ("list", OWN)))
    functions = [
        [("stream",)], [stream], [("future",)], [("future", ("string",))], [("stream", OWN)], [("future", rest), OWN],
        [("list", ("record", ("u8",), ("future", rest)))], [("variant", ("u64",), ("f32",), ("stream", rest))], [stream] * 17,
        [OWN, ("result", ("stream", ("variant", ("u64",), rest)), ("f64",))], [("list", ("option", ("stream", ("result", None, rest))))],
    ]
    for turn in 1, 2:
        for asynchronous in False, True:
            skip_with_handles(tmp, functions, [handles.Turn(turn)] * len(functions), 10000, asynchronous)


@scenario
def a_skipped_call_traps_where_its_arguments_lie(tmp):
    """An address behind the memory, one whose load would wrap, a count that no list has, a handle that there is not."""
    functions = [[("list", ("tuple", ("u32",), OWN))]] # the consumer's memory has one page
    for address, count, trap in ((65536, 1, "out of bounds"), (0xfffffff8, 2, "out of bounds"), (0xfffffffc, 1, "out of bounds"),
                                 (1024, 0x4000000, "unreachable"), (2048, 1, "unknown handle index 0")):
        handles.build(tmp, functions, [handles.Turn(1)], edit=lambda text: re.sub(
            r"\(call \$take-0 .*", f"(call $take-0 (i32.const {address}) (i32.const {count}))", text))
        code, _, errors = run(WEFT, "call", splice_skipper(tmp), "#test-0(1)")
        expect(code == 1 and trap in errors, f"{address}, {count}: {code} {errors}")


@scenario
def splicer_hooks(tmp):
    for name in "splicer-counter", "splicer-counter-old":
        out = splice(tmp, composition("echo-relay"), rule(before(ECHO, "provider"), (name, guest(name))))
        plain, _ = call(composition("echo-relay"), *VALUES)
        result, _ = call(out, *VALUES)
        expect(result == plain, f"{name}: results differ")
    out = splice(tmp, composition("echo-relay"), rule(before(ECHO, "provider"), ("block", guest("splicer-blocker"))))
    result, _ = call(out, *[f"{ECHO}#echo-u8(3)"] * 4)
    expect(sorted(result.split()) == ["0", "0", "3", "3"], f"every second call is blocked: {result}")


@scenario
def middleware_that_exports_the_interface_is_wired_in(tmp):
    source = composition("steps")
    double = ("double", guest("step-double"))
    plain, _ = call(source, "t:chain/step#f(5)")
    expect(plain.strip() == "24", plain) # ((5 + 1) * 2) * 2
    out = splice(tmp, source, rule(before("t:chain/step@1.0.0", "step"), double))
    result, _ = call(out, "t:chain/step#f(5)")
    expect(result.strip() == "48", result)


@scenario
def config_is_sealed_in(tmp):
    """The guest adds the length of the WAVE text of `greeting`, 1000 when there is none; two doublings follow."""
    source = composition("steps")
    for config, length in ("", 1000), ("{ other: 1 }", 1000), ("{ other: 1, greeting: hello }", 7), \
                          ("{ greeting: 12 }", 2), ('{ greeting: "12" }', 4), ("{ greeting: [a, true, 1.5] }", 16):
        selector = before("t:chain/step@1.0.0", "step")
        text = f"  - {selector}\n    inject:\n      - name: greet\n        path: '{guest('step-config')}'\n"
        text += f"        config: {config}\n" if config else ""
        result, _ = call(splice(tmp, source, text), "t:chain/step#f(5)")
        expect(int(result) == (5 + length) * 4, f"{config}: {result}")


@scenario
def hooks_and_wiring_on_one_edge(tmp):
    source = composition("steps")
    out = splice(tmp, source, rule(before("t:chain/step@1.0.0", "step"),
                                   RECORDER, ("double", guest("step-double")), ("printer", PRINT)))
    result, lines = call(out, "t:chain/step#f(5)")
    told = " ".join(line.split()[0] for line in lines.splitlines() if not line.startswith("declare"))
    expect(result.strip() == "48" and told == "before -> <- after", f"{result} {told}")


@scenario
def types_follow_what_is_wired_in(tmp):
    """`relay` imports and exports an interface full of named types: exported from the whole, too."""
    relay = ("relay-too", guest("relay"))
    plain, _ = call(composition("echo-relay"), *VALUES)
    out = splice(tmp, composition("echo-relay"), rule(before(ECHO), relay, RECORDER))
    result, lines = call(out, *VALUES)
    expect(result == plain, "results differ")
    expect(len(names_of(lines)) == 2 * len(VALUES), "both edges are told")


@scenario
def imports_of_middleware_join_those_that_are_there(tmp):
    """The guests of other toolchains import wasi:io of other versions than the middleware."""
    for folder, name in (("languages-composed", "python.wasm"), ("languages-composed", "rust.wasm"),
                         ("compositions", "shop.wasm")):
        source = os.path.join(CORPUS, folder, name)
        if not os.path.exists(source):
            continue
        interface = "shop:store/stock@1.0.0" if name == "shop.wasm" else "test:words/case@1.0.0"
        out = splice(tmp, source, rule(before(interface), RECORDER))
        _, wit, _ = run("wasm-tools", "component", "wit", out)
        imports = re.findall(r"^  import (wasi:[^@]*)@", wit, re.M)
        expect(len(imports) == len(set(imports)), f"{name}: an interface is imported twice: {imports}")


@scenario
def a_plain_component_stands_beside_the_middleware(tmp):
    """No component calls an instance inside itself: the new root has no code."""
    out = splice(tmp, guest("echo"), rule(before(ECHO), RECORDER))
    _, text, _ = run("wasm-tools", "print", "--skeleton", out)
    top = [line for line in text.splitlines() if re.match(r"  \((core|canon)", line)]
    expect(top == [], f"the root has code of its own: {top}")


@scenario
def the_world_stays_as_it_was(tmp):
    """A middleware that takes only types and exports hooks adds nothing to what the composition imports."""
    for name in "counter", "splicer-counter", "gate-admit":
        source = composition("loop")
        out = splice(tmp, source, rule(before("test:ops/math@1.0.0"), (name, guest(name))))
        _, plain, _ = run("wasm-tools", "component", "wit", source)
        _, spliced, _ = run("wasm-tools", "component", "wit", out)
        expect(plain == spliced, f"{name}: the world differs:\n{plain}\n{spliced}")


@scenario
def an_edge_costs_little(tmp):
    """In bytes: at most half a KiB for each edge of three functions or fewer."""
    counter = ("counter", guest("counter"))
    source = os.path.join(CORPUS, "large", "chain-101.wasm")
    out = splice(tmp, source, rule(before("t:chain/step@1.0.0"), counter))
    each = (os.path.getsize(out) - os.path.getsize(source) - os.path.getsize(guest("counter"))) / 101
    expect(each <= 512, f"{each} bytes for each of 101 edges")
    for selector in before("test:ops/math@1.0.0"), between("test:ops/math@1.0.0", "loop", "ops"):
        source = composition("loop")
        out = splice(tmp, source, rule(selector, counter))
        added = os.path.getsize(out) - os.path.getsize(source) - os.path.getsize(guest("counter"))
        expect(added <= 512, f"{added} bytes for one edge")


@scenario
def a_component_is_stored_once(tmp):
    """Two rules with the same middleware: the second costs less than the component."""
    source = composition("shop")
    rules = [rule(before(f"shop:{name}@1.0.0"), (f"print-{name[:2]}", PRINT)) for name in ("orders/api", "store/stock")]
    one = os.path.getsize(splice(tmp, source, rules[0]))
    both = os.path.getsize(splice(tmp, source, *rules))
    expect(both - one < os.path.getsize(PRINT), f"{both - one} bytes for the second")


@scenario
def one_module_for_each_woven_component(tmp):
    """On the provider's side; on the consumer's at most two (with and without memory)."""
    def modules(path):
        _, text, _ = run("wasm-tools", "print", "--skeleton", path)
        return len(re.findall(r"^\s*\(core module", text, re.M))
    source = composition("echo-relay")
    own = modules(guest("counter"))
    counter = ("counter", guest("counter"))
    added = modules(splice(tmp, source, rule(before(ECHO, "provider"), counter))) - modules(source) - own
    expect(added == 1, f"{added} modules on the provider's side")
    gate = ("gate", guest("gate-admit"))
    added = modules(splice(tmp, source, rule(before(ECHO, "provider"), gate))) - modules(source) - modules(guest("gate-admit"))
    expect(added <= 2, f"{added} modules on the consumer's side")


@scenario
def names_follow_their_definitions(tmp):
    """The name section is renumbered: nodes have the names they had, and the middleware its own."""
    for name in "shop", "banks", "nested-shop":
        source = composition(name)
        nodes = lambda path: {node["path"] for node in json.loads(run(WEFT, "graph", path, "--format", "json")[1])["nodes"]}
        interface = "test:bank/accounts@1.0.0" if name == "banks" else "shop:store/stock@1.0.0"
        provider = "north" if name == "banks" else None
        out = splice(tmp, source, rule(before(interface, provider), RECORDER))
        expect(nodes(source) | {"recorder", "recorder-adapter"} == nodes(out), f"{nodes(source)}\n{nodes(out)}")


@scenario
def a_name_is_taken_by_nodes_of_every_level(tmp):
    """The first splice puts `m` beside nodes inside of others; the second one's `m` must not stand for those."""
    source, edges = os.path.join(tmp, "source.wasm"), 'before: { interface: "*" }\n    except: [{ consumer: host }]'
    run("wasm-tools", "parse", os.path.join(TESTS, "e2e", "splice", "shapes", "nested-uses.wat"), "-o", source)
    once = splice(tmp, source, rule(edges, ("m", guest("gate-admit"))))
    os.rename(once, source)
    again = splice(tmp, source, rule(edges, ("m", guest("counter")), ("n", guest("gate-admit"))))
    nodes = [node["path"] for node in json.loads(run(WEFT, "graph", again, "--format", "json")[1])["nodes"]]
    expect("source/m" in nodes and any(path.endswith("/m-2") for path in nodes), f"{nodes}")


@scenario
def an_engines_limit_is_told(tmp):
    """The output of 1000 modules and components, and of more."""
    wat = os.path.join(tmp, "chain.wat")
    with open(wat, "w") as file:
        generate = os.path.join(TESTS, "corpus", "generate.py")
        file.write(subprocess.run([sys.executable, generate, "chain", "480"], capture_output=True, text=True).stdout)
    path, out = os.path.join(tmp, "rules.yaml"), os.path.join(tmp, "out.wasm")
    source = os.path.join(tmp, "chain.wasm")
    expect(run("wasm-tools", "parse", wat, "-o", source)[0] == 0, "the chain cannot be made")
    with open(path, "w") as file:
        file.write("version: 1\nrules:\n" + rule(before("t:chain/step@1.0.0"), ("counter", guest("counter"))) + "\n")
    code, _, errors = run(WEFT, "splice", path, source, "-o", out)
    expect(code == 0 and os.path.exists(out), errors)
    expect("core modules and components; engines allow 1000" in errors, errors)


@scenario
def wires_are_edges_like_others(tmp):
    """A printer on the wire, put there by a later rule, tells the calls of the wired middleware and no others."""
    folder = os.path.join(TESTS, "e2e", "splice", "wires")
    source, file = os.path.join(folder, "app.wat"), lambda name: os.path.join(folder, name + ".wat")
    wired = lambda name, wires: f"{{ name: {name}, path: '{file(name)}', wire: {wires} }}"
    with_wires = lambda selector, *some: "\n".join([f"  - {selector}", "    inject:"] + [f"      - {one}" for one in some])
    note = ["-> w:app/log@1.1.0#note", "<- w:app/log@1.1.0#note"]
    ask = ["-> w:app/stock@1.0.0#f", "<- w:app/stock@1.0.0#f"]
    orders = before("w:app/orders")
    logger, asker = wired("logger", "{ log: ledger }"), wired("asker", "{ stock: store }")
    printer = ("printer", PRINT)
    for rules, expected in (
        ([with_wires(orders, logger), rule(between("w:app/log", "logger", "ledger"), printer)], note * 2),
        ([with_wires(orders, asker), rule(between("w:app/stock", "asker", "store"), printer)], ask),
        ([rule(before("w:app/stock", "store"), printer), with_wires(orders, asker)], ask), # only that of orders
        ([with_wires(orders, logger, asker), rule(between("w:app/*", "asker", "store"), printer)], ask),
        ([with_wires(orders, logger, asker), rule(between("w:app/*", "'*er'", "'*'"), printer)], note + ask + note),
    ):
        result, lines = call(splice(tmp, source, *rules), "w:app/front#f(4)")
        expect(result == "10\n", f"the result is {result}")
        expect(lines.split("\n")[:-1] == expected, f"expected {expected}\ngot      {lines}")


@scenario
def components_of_other_languages(tmp):
    """Each imports and exports the same interfaces and does the same, so all must give what the first gives unspliced.
    Both sides in one output: compiling the large ones takes seconds."""
    folder = os.path.join(CORPUS, "languages-composed")
    languages = sorted(os.listdir(folder), key=lambda name: os.path.getsize(os.path.join(folder, name))) \
        if os.path.isdir(folder) else []
    calls = ['test:lang/greet#loud("ann")', 'test:lang/greet#hello("bob")', "test:lang/greet#sum([1, 2, 3])"]
    rules = [rule(before("test:words/case@1.0.0"), ("gate", guest("recorder-gate"))),
             rule(before("test:lang/greet@1.0.0"), ("printer", PRINT))]
    plain = languages and call(os.path.join(folder, languages[0]), *calls)[0]
    for language in languages:
        result, lines = call(splice(tmp, os.path.join(folder, language), *rules), *calls)
        expect(result == plain, f"{language}: results differ")
        printed = [line for line in lines.splitlines() if line.lstrip().startswith(("->", "<-"))]
        expect(len(printed) == 2 * len(calls), f"{language}: the provider's side told {printed}")
        recorded = "\n".join(line for line in lines.splitlines() if line not in printed)
        expect(names_of(recorded), f"{language}: the consumer's side told nothing")


def main():
    failed = 0
    names = sys.argv[1:] or list(scenarios)
    for name in names:
        with tempfile.TemporaryDirectory() as tmp:
            try:
                scenarios[name](tmp)
                print(f"ok   {name}")
            except Failure as failure:
                failed += 1
                print(f"FAIL {name}: {failure}")
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
