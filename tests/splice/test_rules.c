/* The rules file: what is read, and every way of being wrong with its whole message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "splice/rules.h"
#include "support/alloc.h"

static weft_error_t *read_rules(const char *yaml, rules_t *rules) {
    return weft_rules_read(weft_str("r.yaml"), weft_str(yaml), rules);
}

static void expect_text(const weft_error_t *error, const char *expected) {
    char *text = NULL;
    assert_null(weft_error_render(error, &text));
    assert_string_equal(text, expected);
    weft_free(text);
}

static void expect_errors(const char *yaml, const char *expected) {
    rules_t rules = {0};
    weft_error_t *error = read_rules(yaml, &rules);
    if (!error) weft_rules_free(&rules);
    assert_non_null(error);
    expect_text(error, expected);
    weft_error_delete(error);
}

static void expect_warnings(const char *yaml, const char *expected) {
    rules_t rules = {0};
    assert_null(read_rules(yaml, &rules));
    assert_non_null(rules.warnings);
    expect_text(rules.warnings, expected);
    weft_rules_free(&rules);
}

static void expect_str(weft_str_t str, const char *expected) {
    assert_true(weft_str_eq(str, weft_str(expected)));
}

/* A file with one rule whose lines after `- ` are given, and a middleware. */
#define RULE(lines) "version: 1\nrules:\n  - " lines "    inject: [{ name: m, path: m.wasm }]\n"

/* ---- what is read --------------------------------------------------------------------------- */

static void rules_read_splicers_format(void **state) {
    (void)state;
    rules_t rules;
    assert_null(read_rules("version: 1\n"
                           "rules:\n"
                           "  - before:\n"
                           "      interface: wasi:http/handler@0.3.0-rc-2026-01-06\n"
                           "      provider: { name: auth, alias: auth-service }\n"
                           "    inject:\n"
                           "      - name: tracing\n"
                           "        path: ./tracing.wasm\n"
                           "      - builtin: hello-tier1\n"
                           "  - between:\n"
                           "      interface: wasi:http/handler\n"
                           "      inner:\n"
                           "        name: srv-b\n"
                           "        alias: renamed\n"
                           "      outer:\n"
                           "        name: srv\n"
                           "    inject:\n"
                           "      - name: only-a-name\n"
                           "      - builtin:\n"
                           "          name: hello-tier2\n"
                           "          alias: greeter\n"
                           "          config: { greeting: hi, levels: [1, 2] }\n",
                           &rules));
    assert_null(rules.warnings);
    assert_int_equal(rules.count, 2);
    const rule_t *before = &rules.items[0], *between = &rules.items[1];
    assert_int_equal(before->kind, RULE_BEFORE);
    assert_int_equal(before->interfaces.count, 1);
    expect_str(before->interfaces.items[0].str, "wasi:http/handler@0.3.0-rc-2026-01-06");
    expect_str(before->provider.name.str, "auth");
    expect_str(before->provider.alias.str, "auth-service");
    assert_int_equal(before->inject_count, 2);
    expect_str(before->injects[0].name.str, "tracing");
    expect_str(before->injects[0].path.str, "./tracing.wasm");
    assert_null(before->injects[0].builtin.str.ptr);
    expect_str(before->injects[1].name.str, "hello-tier1");
    expect_str(before->injects[1].builtin.str, "hello-tier1");
    assert_int_equal(between->kind, RULE_BETWEEN);
    expect_str(between->provider.name.str, "srv-b");
    expect_str(between->provider.alias.str, "renamed");
    expect_str(between->consumer.name.str, "srv");
    assert_null(between->consumer.alias.str.ptr);
    assert_null(between->injects[0].path.str.ptr);
    expect_str(between->injects[1].name.str, "greeter");
    expect_str(between->injects[1].builtin.str, "hello-tier2");
    assert_int_equal(between->injects[1].config->count, 2);
    weft_rules_free(&rules);
}

static void rules_read_wefts_additions(void **state) {
    (void)state;
    rules_t rules;
    assert_null(
        read_rules("version: 1\n"
                   "rules:\n"
                   "  - on-node: { name: auth-*, direction: out, interface: [a:b/*, c:d/e@^1.2] }\n"
                   "    functions: [get, list-*]\n"
                   "    except:\n"
                   "      - { interface: a:b/secret, functions: get }\n"
                   "      - { consumer: [x, y], provider: z }\n"
                   "    how: weave\n"
                   "    inject:\n"
                   "      - name: m\n"
                   "        path: m.wasm\n"
                   "        instances: per-edge\n"
                   "        wire: { \"my:app/store\": store-node }\n"
                   "        config: { k: v }\n"
                   "  - on-subgraph: { nodes: [a, outer/inner] }\n"
                   "    inject: [{ name: n }]\n",
                   &rules));
    const rule_t *node = &rules.items[0], *subgraph = &rules.items[1];
    assert_int_equal(node->kind, RULE_ON_NODE);
    assert_int_equal(node->direction, DIRECTION_OUT);
    expect_str(node->nodes.items[0].str, "auth-*");
    assert_int_equal(node->interfaces.count, 2);
    assert_int_equal(node->functions.count, 2);
    assert_int_equal(node->exception_count, 2);
    expect_str(node->exceptions[0].functions.items[0].str, "get");
    assert_int_equal(node->exceptions[1].consumers.count, 2);
    assert_int_equal(node->how, HOW_WEAVE);
    assert_true(node->injects[0].per_edge);
    assert_int_equal(node->injects[0].wire_count, 1);
    expect_str(node->injects[0].wires[0].interface.str, "my:app/store");
    expect_str(node->injects[0].wires[0].node.str, "store-node");
    assert_non_null(node->injects[0].config);
    assert_int_equal(subgraph->kind, RULE_ON_SUBGRAPH);
    assert_int_equal(subgraph->direction, DIRECTION_BOTH);
    assert_int_equal(subgraph->nodes.count, 2);
    assert_int_equal(subgraph->interfaces.count, 0);
    weft_rules_free(&rules);
}

/* ---- the document --------------------------------------------------------------------------- */

static void rules_reject_an_empty_file(void **state) {
    (void)state;
    expect_errors("", "weft: r.yaml: the file is empty\n");
    expect_errors("# nothing\n", "weft: r.yaml: the file is empty\n");
}

static void rules_reject_tabs(void **state) {
    (void)state;
    expect_errors("version: 1\nrules:\n\t- before:\n",
                  "weft: r.yaml:3:1: a tab stands where YAML wants spaces\n"
                  "  \t- before:\n"
                  "  ^\n"
                  "help: indent with spaces\n");
}

static void rules_reject_broken_yaml(void **state) {
    (void)state;
    expect_errors("version: \"1\nrules: []\n",
                  "weft: r.yaml:1:10: wrongly indented double-quoted scalar\n"
                  "  version: \"1\n"
                  "           ^\n");
}

static void rules_reject_bytes_that_are_not_text(void **state) {
    (void)state;
    expect_errors("version: 1 # \xc3\xa9 \xff\n",
                  "weft: r.yaml:1:16: the byte 0xff is not UTF-8 text\n");
    expect_errors("version: \x01\n", "weft: r.yaml:1:10: the control character U+0001 is not text\n"
                                     "  version: \\x01\n"
                                     "           ^\n");
}

static void rules_reject_a_second_document(void **state) {
    (void)state;
    expect_errors("version: 1\n---\nrules: []\n",
                  "weft: r.yaml:2:1: a second document begins here, a rules file has one\n"
                  "  ---\n"
                  "  ^\n");
}

static void rules_reject_anchors_aliases_and_tags(void **state) {
    (void)state;
    expect_errors("version: !!int 1\n"
                  "rules:\n"
                  "  - before: &b { interface: a:b/c }\n"
                  "    inject: [{ name: m }]\n"
                  "  - before: *b\n"
                  "    inject: [{ name: n }]\n",
                  "weft: r.yaml:1:10: tags (`!name`) are not used here\n"
                  "  version: !!int 1\n"
                  "           ^\n"
                  "help: leave the tag out\n"
                  "\nweft: r.yaml:3:13: anchors (`&name`) are not used here\n"
                  "    - before: &b { interface: a:b/c }\n"
                  "              ^\n"
                  "help: write the value out wherever it is needed\n"
                  "\nweft: r.yaml:5:13: aliases (`*name`) are not used here\n"
                  "    - before: *b\n"
                  "              ^\n"
                  "help: write the value out where it is needed\n");
}

static void rules_reject_duplicate_keys(void **state) {
    (void)state;
    expect_errors("version: 1\nrules: []\nversion: 1\n",
                  "weft: r.yaml:3:1: the key `version` stands here twice\n"
                  "  version: 1\n"
                  "  ^\n"
                  "note: it stands at 1:1 already\n");
}

static void rules_reject_what_is_no_mapping(void **state) {
    (void)state;
    expect_errors("- before\n", "weft: r.yaml:1:1: a rules file is a mapping, this is a list\n"
                                "  - before\n"
                                "  ^\n"
                                "help: begin it with `version: 1` and `rules:`\n");
    expect_errors("version: 1\n? [a]\n: b\nrules: []\n", "weft: r.yaml:2:3: a key must be text\n"
                                                         "  ? [a]\n"
                                                         "    ^\n"
                                                         "help: write `key: value`\n");
}

static void rules_reject_deep_nesting(void **state) {
    (void)state;
    expect_errors("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
                  "weft: r.yaml:1:33: lists and mappings may be nested 32 deep in a rules file\n"
                  "  [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n"
                  "                                  ^\n");
}

/* `count` bytes of a repeated text. */
static void expect_error_of_repeated(const char *head, const char *part, size_t size,
                                     const char *expected) {
    char *text = weft_alloc(size + 1);
    assert_non_null(text);
    size_t head_length = strlen(head), length = strlen(part);
    memcpy(text, head, head_length);
    for (size_t i = head_length; i < size; i++) text[i] = part[(i - head_length) % length];
    text[size] = '\0';
    rules_t rules = {0};
    weft_error_t *error = weft_rules_read(weft_str("r.yaml"), (weft_str_t){text, size}, &rules);
    assert_non_null(error);
    expect_text(error, expected);
    weft_error_delete(error);
    weft_free(text);
}

static void rules_reject_ten_megabytes(void **state) {
    (void)state;
    expect_error_of_repeated(
        "", "- a\n", 10 << 20,
        "weft: r.yaml: a rules file may have 1048576 bytes, this has 10485760\n");
}

static void rules_reject_too_many_values(void **state) {
    (void)state;
    expect_error_of_repeated("", "- a\n", 1 << 20,
                             "weft: r.yaml:100000:3: a rules file may have 100000 values\n"
                             "  - a\n"
                             "    ^\n");
}

static void rules_report_fifty_problems_of_many(void **state) {
    (void)state;
    rules_t rules = {0};
    char text[4000] = "version: 1\nrules:\n";
    for (int i = 0; i < 60; i++) strcat(text, "  - 1\n");
    weft_error_t *error = read_rules(text, &rules);
    size_t count = 0;
    const weft_error_t *last = NULL;
    for (const weft_error_t *e = error; e; e = weft_error_next(e)) {
        count++;
        last = e;
    }
    assert_int_equal(count, 51);
    expect_text(last, "weft: 10 more problems are not shown\n");
    weft_error_delete(error);
}

/* ---- version and rules ---------------------------------------------------------------------- */

static void rules_reject_versions(void **state) {
    (void)state;
    expect_errors("version: 99\nrules: []\n",
                  "weft: r.yaml:1:10: version `99` of the rules file is not known\n"
                  "  version: 99\n"
                  "           ^\n"
                  "help: write `version: 1`\n");
    expect_errors("rules: []\n", "weft: r.yaml:1:1: `version` is missing\n"
                                 "  rules: []\n"
                                 "  ^\n");
    expect_errors("version:\nrules: []\n", "weft: r.yaml:1:1: `version` has no value\n"
                                           "  version:\n"
                                           "  ^\n");
    expect_errors("version: [1]\nrules: []\n",
                  "weft: r.yaml:1:10: `version` must be a number, this is a list\n"
                  "  version: [1]\n"
                  "           ^\n");
}

static void rules_reject_wrong_types(void **state) {
    (void)state;
    expect_errors("version: 1\nrules: { before: x }\n",
                  "weft: r.yaml:2:8: `rules` must be a list, this is a mapping\n"
                  "  rules: { before: x }\n"
                  "         ^\n");
    expect_errors("version: 1\nrules: [7]\n",
                  "weft: r.yaml:2:9: an entry of `rules` must be a mapping, this is text\n"
                  "  rules: [7]\n"
                  "          ^\n");
    expect_errors(RULE("before: a:b/c\n"),
                  "weft: r.yaml:3:13: `before` must be a mapping, this is text\n"
                  "    - before: a:b/c\n"
                  "              ^\n"
                  "help: write `before: { interface: ns:pkg/name }`\n");
    expect_errors(
        RULE("before: { interface: { a: b } }\n"),
        "weft: r.yaml:3:26: `interface` must be text or a list of texts, this is a mapping\n"
        "    - before: { interface: { a: b } }\n"
        "                           ^\n");
    expect_errors(RULE("before: { interface: a:b/c, provider: [x] }\n"),
                  "weft: r.yaml:3:43: `provider` must be a node's name, this is a list\n"
                  "    - before: { interface: a:b/c, provider: [x] }\n"
                  "                                            ^\n");
}

static void rules_warn_of_unknown_keys(void **state) {
    (void)state;
    expect_warnings(RULE("before: { interface: a:b/c, provider_name: x }\n    note: hello\n"),
                    "weft: r.yaml:3:33: the key `provider_name` is not known and has no effect\n"
                    "    - before: { interface: a:b/c, provider_name: x }\n"
                    "                                  ^\n"
                    "help: did you mean `provider`?\n"
                    "\nweft: r.yaml:4:5: the key `note` is not known and has no effect\n"
                    "      note: hello\n"
                    "      ^\n"
                    "note: known here: `before`, `between`, `on-node`, `on-subgraph`, `inject`, "
                    "`functions`, `except` and `how`\n");
    expect_warnings("version: 1\nrules: []\n", "weft: r.yaml:2:8: there are no rules in this file\n"
                                               "  rules: []\n"
                                               "         ^\n");
}

/* ---- selectors ------------------------------------------------------------------------------ */

static void rules_reject_no_selector_or_two(void **state) {
    (void)state;
    expect_errors(RULE("befor: { interface: a:b/c }\n"),
                  "weft: r.yaml:3:5: the rule does not say which edges\n"
                  "    - befor: { interface: a:b/c }\n"
                  "      ^\n"
                  "help: give it `before`, `between`, `on-node` or `on-subgraph`\n"
                  "\nweft: r.yaml:3:5: the key `befor` is not known and has no effect\n"
                  "    - befor: { interface: a:b/c }\n"
                  "      ^\n"
                  "help: did you mean `before`?\n");
    expect_errors(RULE("before: { interface: a:b/c }\n    between: { interface: a:b/c }\n"),
                  "weft: r.yaml:4:5: a rule has one selector, this has `before` and `between`\n"
                  "      between: { interface: a:b/c }\n"
                  "      ^\n"
                  "help: make two rules of it\n");
}

static void rules_reject_interfaces(void **state) {
    (void)state;
    expect_errors(RULE("before: { provider: x }\n"), "weft: r.yaml:3:13: `interface` is missing\n"
                                                     "    - before: { provider: x }\n"
                                                     "              ^\n");
    expect_errors(RULE("before: { interface: '' }\n"),
                  "weft: r.yaml:3:26: `interface` must not be empty\n"
                  "    - before: { interface: '' }\n"
                  "                           ^\n");
    expect_errors(RULE("before: { interface: [a:b/c@^1.x, \"a:b/c d\", a:b/c@] }\n"),
                  "weft: r.yaml:3:27: `a:b/c@^1.x`: this is not a version range\n"
                  "    - before: { interface: [a:b/c@^1.x, \"a:b/c d\", a:b/c@] }\n"
                  "                            ^\n"
                  "help: write it like `ns:pkg/name`, `ns:pkg/name@1.2.3` or `ns:pkg/*@^1.2`\n"
                  "\nweft: r.yaml:3:39: `a:b/c d`: an interface has no spaces in it\n"
                  "    - before: { interface: [a:b/c@^1.x, \"a:b/c d\", a:b/c@] }\n"
                  "                                        ^\n"
                  "help: write it like `ns:pkg/name`, `ns:pkg/name@1.2.3` or `ns:pkg/*@^1.2`\n"
                  "\nweft: r.yaml:3:50: `a:b/c@`: a version must follow `@`\n"
                  "    - before: { interface: [a:b/c@^1.x, \"a:b/c d\", a:b/c@] }\n"
                  "                                                   ^\n"
                  "help: write it like `ns:pkg/name`, `ns:pkg/name@1.2.3` or `ns:pkg/*@^1.2`\n");
}

static void rules_reject_between_one_node(void **state) {
    (void)state;
    expect_errors(RULE("between: { interface: a:b/c, inner: { name: x }, outer: { name: x } }\n"),
                  "weft: r.yaml:3:69: `inner` and `outer` name the same node, `x`\n"
                  "    - between: { interface: a:b/c, inner: { name: x }, outer: { name: x } }\n"
                  "                                                                      ^\n");
    expect_errors(RULE("between: { interface: a:b/c, inner: { alias: x } }\n"),
                  "weft: r.yaml:3:14: `outer` is missing\n"
                  "    - between: { interface: a:b/c, inner: { alias: x } }\n"
                  "               ^\n"
                  "\nweft: r.yaml:3:41: `name` is missing\n"
                  "    - between: { interface: a:b/c, inner: { alias: x } }\n"
                  "                                          ^\n");
}

static void rules_reject_words(void **state) {
    (void)state;
    expect_errors(RULE("on-node: { name: x, direction: up }\n    how: weav\n"),
                  "weft: r.yaml:3:36: `direction` is `up`\n"
                  "    - on-node: { name: x, direction: up }\n"
                  "                                     ^\n"
                  "note: it may be `in`, `out` or `both`\n"
                  "\nweft: r.yaml:4:10: `how` is `weav`\n"
                  "      how: weav\n"
                  "           ^\n"
                  "note: it may be `auto`, `weave` or `proxy`\n"
                  "help: did you mean `weave`?\n");
}

static void rules_reject_exceptions_without_content(void **state) {
    (void)state;
    expect_errors(RULE("on-subgraph: { nodes: [] }\n    except: [{}, x]\n"),
                  "weft: r.yaml:3:27: `nodes` is an empty list\n"
                  "    - on-subgraph: { nodes: [] }\n"
                  "                            ^\n"
                  "\nweft: r.yaml:4:14: this exception leaves out everything\n"
                  "      except: [{}, x]\n"
                  "               ^\n"
                  "help: give it an `interface`, `provider`, `consumer` or `functions`\n"
                  "\nweft: r.yaml:4:18: an entry of `except` must be a mapping, this is text\n"
                  "      except: [{}, x]\n"
                  "                   ^\n");
}

/* ---- inject --------------------------------------------------------------------------------- */

#define INJECT(text) "version: 1\nrules:\n  - before: { interface: a:b/c }\n    inject:" text "\n"

static void rules_reject_empty_inject(void **state) {
    (void)state;
    expect_errors(INJECT(" []"),
                  "weft: r.yaml:4:13: `inject` is empty: the rule puts nothing anywhere\n"
                  "      inject: []\n"
                  "              ^\n");
    expect_errors(INJECT(" m.wasm"),
                  "weft: r.yaml:4:13: `inject` must be a list of middleware, this is text\n"
                  "      inject: m.wasm\n"
                  "              ^\n");
    expect_errors(INJECT(" [m.wasm]"),
                  "weft: r.yaml:4:14: an entry of `inject` must be a mapping, this is text\n"
                  "      inject: [m.wasm]\n"
                  "               ^\n"
                  "help: write `- { name: ..., path: ... }` or `- builtin: ...`\n");
    expect_errors("version: 1\nrules:\n  - before: { interface: a:b/c }\n",
                  "weft: r.yaml:3:5: `inject` is missing\n"
                  "    - before: { interface: a:b/c }\n"
                  "      ^\n");
}

static void rules_reject_middleware_without_name(void **state) {
    (void)state;
    expect_errors(INJECT(" [{ path: m.wasm }]"),
                  "weft: r.yaml:4:14: the middleware has no `name`\n"
                  "      inject: [{ path: m.wasm }]\n"
                  "               ^\n"
                  "help: write `name: ...` and `path: ...`, or `builtin: ...`\n");
    expect_errors(INJECT(" [{ name: \"\", path: '' }]"),
                  "weft: r.yaml:4:22: `name` must not be empty\n"
                  "      inject: [{ name: \"\", path: '' }]\n"
                  "                       ^\n"
                  "\nweft: r.yaml:4:32: `path` must not be empty\n"
                  "      inject: [{ name: \"\", path: '' }]\n"
                  "                                 ^\n");
}

static void rules_reject_builtin_mixed_with_path(void **state) {
    (void)state;
    expect_errors(INJECT(" [{ name: a, builtin: hello, path: x }]"),
                  "weft: r.yaml:4:16: `name` cannot stand beside `builtin`\n"
                  "      inject: [{ name: a, builtin: hello, path: x }]\n"
                  "                 ^\n"
                  "help: another name for a builtin is `builtin: { name: ..., alias: ... }`\n"
                  "\nweft: r.yaml:4:41: `path` cannot stand beside `builtin`\n"
                  "      inject: [{ name: a, builtin: hello, path: x }]\n"
                  "                                          ^\n"
                  "help: drop one of the two\n");
}

static void rules_reject_names_used_twice(void **state) {
    (void)state;
    expect_errors(INJECT("\n      - { name: a }\n      - builtin: { name: b, alias: a }"),
                  "weft: r.yaml:6:36: two middlewares have the name `a`\n"
                  "        - builtin: { name: b, alias: a }\n"
                  "                                     ^\n"
                  "note: the first stands at 5:17\n"
                  "help: give it another name: `builtin: { name: ..., alias: ... }`\n");
}

static void rules_reject_wires_and_instances(void **state) {
    (void)state;
    expect_errors(
        INJECT(" [{ name: a, instances: many, wire: { x: [] }, config: 3 }]"),
        "weft: r.yaml:4:36: `instances` is `many`\n"
        "      inject: [{ name: a, instances: many, wire: { x: [] }, config: 3 }]\n"
        "                                     ^\n"
        "note: it may be `shared` or `per-edge`\n"
        "\nweft: r.yaml:4:53: `wire` must be the name of a node for each interface, this is a "
        "list\n"
        "      inject: [{ name: a, instances: many, wire: { x: [] }, config: 3 }]\n"
        "                                                      ^\n"
        "\nweft: r.yaml:4:67: `config` must be a mapping, this is text\n"
        "      inject: [{ name: a, instances: many, wire: { x: [] }, config: 3 }]\n"
        "                                                                    ^\n");
}

/* ---- memory --------------------------------------------------------------------------------- */

static void rules_survive_lack_of_memory(void **state) {
    (void)state;
    const char *yaml =
        RULE("before: { interface: [a:b/c, d:e/f], provider: x, z: 1 }\n    functions: [a]\n");
    for (size_t n = 1;; n++) {
        rules_t rules = {0};
        weft_alloc_fail_after(n);
        weft_error_t *error = read_rules(yaml, &rules);
        weft_alloc_fail_after(0);
        if (!error) {
            bool complete = rules.warnings && weft_error_code(rules.warnings) != WEFT_NO_MEMORY;
            weft_rules_free(&rules);
            if (complete) break;
            continue;
        }
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
        assert_true(n < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_read_splicers_format),
        cmocka_unit_test(rules_read_wefts_additions),
        cmocka_unit_test(rules_reject_an_empty_file),
        cmocka_unit_test(rules_reject_tabs),
        cmocka_unit_test(rules_reject_broken_yaml),
        cmocka_unit_test(rules_reject_bytes_that_are_not_text),
        cmocka_unit_test(rules_reject_a_second_document),
        cmocka_unit_test(rules_reject_anchors_aliases_and_tags),
        cmocka_unit_test(rules_reject_duplicate_keys),
        cmocka_unit_test(rules_reject_what_is_no_mapping),
        cmocka_unit_test(rules_reject_deep_nesting),
        cmocka_unit_test(rules_reject_ten_megabytes),
        cmocka_unit_test(rules_reject_too_many_values),
        cmocka_unit_test(rules_report_fifty_problems_of_many),
        cmocka_unit_test(rules_reject_versions),
        cmocka_unit_test(rules_reject_wrong_types),
        cmocka_unit_test(rules_warn_of_unknown_keys),
        cmocka_unit_test(rules_reject_no_selector_or_two),
        cmocka_unit_test(rules_reject_interfaces),
        cmocka_unit_test(rules_reject_between_one_node),
        cmocka_unit_test(rules_reject_words),
        cmocka_unit_test(rules_reject_exceptions_without_content),
        cmocka_unit_test(rules_reject_empty_inject),
        cmocka_unit_test(rules_reject_middleware_without_name),
        cmocka_unit_test(rules_reject_builtin_mixed_with_path),
        cmocka_unit_test(rules_reject_names_used_twice),
        cmocka_unit_test(rules_reject_wires_and_instances),
        cmocka_unit_test(rules_survive_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
