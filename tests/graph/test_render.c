/* Names may hold anything; each format writes them so that its reader gets them back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/shown.h"

/* Two nodes with hostile names: a quote, markup, a backslash, a line end, an escape, an override. */
static const char hostile[] =
    "(component"
    " (component $p (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
    "  (func (export \"f\") (canon lift (core func $i \"f\"))))"
    " (component $c (import \"f\" (func $f)) (core func (canon lower (func $f))))"
    " (instance $p (@name \"<b>\\22#1\\22 & `x` \\5c\") (instantiate $p))"
    " (instance $c (@name \"a\\0ab\\1b[0m\\e2\\80\\ae\") (instantiate $c (with \"f\" (func $p "
    "\"f\")))))";

static void text_escapes_what_moves_the_cursor(void **state) {
    (void)state;
    shown_assert(hostile, weft_render_text, DETAIL_INTERFACES, NULL,
                 "2 nodes, 1 edge\n"
                 "\n"
                 "a\\u{a}b\\u{1b}[0m\\u{202e}\n"
                 "  imports  f (func)  from <b>\"#1\" & `x` \\\n"
                 "\n"
                 "<b>\"#1\" & `x` \\\n"
                 "  exports  f (func)  to a\\u{a}b\\u{1b}[0m\\u{202e}\n");
}

static void mermaid_escapes_by_entities(void **state) {
    (void)state;
    shown_assert(hostile, weft_render_mermaid, DETAIL_INTERFACES, NULL,
                 "flowchart LR\n"
                 "  n1[\"a#92;u{a}b#92;u{1b}[0m#92;u{202e}\"]\n"
                 "  n0[\"#lt;b#gt;#quot;#35;1#quot; #amp; #96;x#96; #92;\"]\n"
                 "  n1 -->|\"f (func)\"| n0\n");
}

static void dot_escapes_quotes_and_backslashes(void **state) {
    (void)state;
    shown_assert(hostile, weft_render_dot, DETAIL_INTERFACES, NULL,
                 "digraph \"\" {\n"
                 "  rankdir=LR;\n"
                 "  node [shape=box];\n"
                 "  n1 [label=\"a\\\\u{a}b\\\\u{1b}[0m\\\\u{202e}\"];\n"
                 "  n0 [label=\"<b>\\\"#1\\\" & `x` \\\\\"];\n"
                 "  n1 -> n0 [label=\"f (func)\"];\n"
                 "}\n");
}

static void json_escapes_as_json_does(void **state) {
    (void)state;
    shown_assert(
        hostile, weft_render_json, DETAIL_EDGES, NULL,
        "{\n"
        "  \"version\": 1,\n"
        "  \"name\": \"\",\n"
        "  \"imports\": [],\n"
        "  \"exports\": [],\n"
        "  \"nodes\": [\n"
        "    {\"path\": \"<b>\\\"#1\\\" & `x` \\\\\", \"name\": \"<b>\\\"#1\\\" & `x` \\\\\", "
        "\"parent\": null, \"kind\": \"code\"},\n"
        "    {\"path\": \"a\\u000ab\\u001b[0m\xe2\x80\xae\", \"name\": "
        "\"a\\u000ab\\u001b[0m\xe2\x80\xae\", \"parent\": null, \"kind\": \"code\"}\n"
        "  ],\n"
        "  \"edges\": [\n"
        "    {\"consumer\": \"a\\u000ab\\u001b[0m\xe2\x80\xae\", \"provider\": "
        "\"<b>\\\"#1\\\" & `x` \\\\\"}\n"
        "  ]\n"
        "}\n");
}

/* Edges that match at an end, with both ends; composites around them. */
static void filter_shows_what_matches_and_what_it_touches(void **state) {
    (void)state;
    shown_assert("(component (import \"log\" (func $log)) (import \"net\" (func $net))"
                 " (component $c (import \"log\" (func $f)) (core func (canon lower (func $f))))"
                 " (component $d (import \"net\" (func $f)) (core func (canon lower (func $f))))"
                 " (component $out (import \"log\" (func $log))"
                 "  (alias outer 1 $c (component $c))"
                 "  (instance $in (instantiate $c (with \"log\" (func $log)))))"
                 " (instance $d (instantiate $d (with \"net\" (func $net))))"
                 " (instance $out (instantiate $out (with \"log\" (func $log)))))",
                 weft_render_text, DETAIL_INTERFACES, "lo?",
                 "2 nodes of 3, 1 edge of 2\n"
                 "  imports  log (func)  to out/in\n"
                 "\n"
                 "out  (1 node inside)\n"
                 "\n"
                 "  out/in\n"
                 "    imports  log (func)  from (host)\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_escapes_what_moves_the_cursor),
        cmocka_unit_test(mermaid_escapes_by_entities),
        cmocka_unit_test(dot_escapes_quotes_and_backslashes),
        cmocka_unit_test(json_escapes_as_json_does),
        cmocka_unit_test(filter_shows_what_matches_and_what_it_touches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
