/* The composition graph: which nodes and edges a component has, shown as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/oracle.h"
#include "graph/shown.h"

/* A component with code that exports the interface `a:b/step` with the functions f and g. */
#define PROVIDER(name)                                                                             \
    "(component $" name " (core module $m (func (export \"f\")) (func (export \"g\")))"            \
    " (core instance $i (instantiate $m))"                                                         \
    " (func $f (canon lift (core func $i \"f\"))) (func $g (canon lift (core func $i \"g\")))"     \
    " (instance $api (export \"f\" (func $f)) (export \"g\" (func $g)))"                           \
    " (export \"a:b/step\" (instance $api)))"

#define STEP "(instance (export \"f\" (func)) (export \"g\" (func)))"

/* A component with code that imports `a:b/step` and exports the function run. */
#define CONSUMER(name)                                                                             \
    "(component $" name " (import \"a:b/step\" (instance $in (export \"f\" (func))"                \
    " (export \"g\" (func))))"                                                                     \
    " (core func $f (canon lower (func $in \"f\")))"                                               \
    " (core module $m (import \"\" \"f\" (func $f)) (func (export \"run\") (call $f)))"            \
    " (core instance $i (instantiate $m (with \"\" (instance (export \"f\" (func $f))))))"         \
    " (func (export \"run\") (canon lift (core func $i \"run\"))))"

static void assert_text(const char *wat, const char *expected) {
    shown_assert(wat, weft_render_text, DETAIL_INTERFACES, NULL, expected);
}

static void two_nodes_and_the_host_on_both_sides(void **state) {
    (void)state;
    assert_text(
        "(component (import \"h:h/clock\" (instance $clock (export \"now\" (func))))"
        " (component $c (import \"h:h/clock\" (instance $in (export \"now\" (func))))"
        "  (core func $f (canon lower (func $in \"now\")))"
        "  (core module $m) (core instance (instantiate $m))"
        "  (func $t (canon lift (core func $f)))"
        "  (instance $api (export \"tick\" (func $t))) (export \"h:h/tick\" (instance $api)))"
        " (instance $c (instantiate $c (with \"h:h/clock\" (instance $clock))))"
        " (export \"h:h/tick\" (instance $c \"h:h/tick\")))",
        "1 node, 2 edges\n"
        "  exports  h:h/tick  from c\n"
        "  imports  h:h/clock  to c\n"
        "\n"
        "c\n"
        "  imports  h:h/clock  from (host)\n"
        "  exports  h:h/tick  to (host)\n");
}

static void plain_component_is_one_node(void **state) {
    (void)state;
    assert_text(
        "(component $plain (import \"log\" (func $log)) (core func (canon lower (func $log)))"
        " (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
        " (func (export \"run\") (canon lift (core func $i \"f\"))))",
        "1 node, 2 edges\n"
        "  exports  run (func)  from plain\n"
        "  imports  log (func)  to plain\n"
        "\n"
        "plain  (the component itself)\n"
        "  imports  log (func)  from (host)\n"
        "  exports  run (func)  to (host)\n");
}

static void composites_are_transparent_and_addressed_by_path(void **state) {
    (void)state;
    assert_text("(component (component $outer " PROVIDER(
                    "leaf") " (instance $leaf (instantiate $leaf))"
                            " (export \"a:b/step\" (instance $leaf \"a:b/step\"))) " CONSUMER(
                                "user") " (instance $outer (instantiate $outer))"
                                        " (instance $user (instantiate $user"
                                        "  (with \"a:b/step\" (instance $outer \"a:b/step\"))))"
                                        " (export \"run\" (func $user \"run\")))",
                "3 nodes, 2 edges\n"
                "  exports  run (func)  from user\n"
                "\n"
                "user\n"
                "  imports  a:b/step  from outer/leaf\n"
                "  exports  run (func)  to (host)\n"
                "\n"
                "outer  (1 node inside)\n"
                "\n"
                "  outer/leaf\n"
                "    exports  a:b/step  to user\n");
}

/* What wit-component makes for an export with a resource: a component that only hands on. */
static void reexport_components_are_structure_of_their_node(void **state) {
    (void)state;
    assert_text("(component (component $p"
                " (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
                " (func $f (canon lift (core func $i \"f\")))"
                " (component $shim (import \"f\" (func $f)) (export \"f\" (func $f)))"
                " (instance $shim (instantiate $shim (with \"f\" (func $f))))"
                " (export \"a:b/step\" (instance $shim)))"
                " (instance $p (instantiate $p))"
                " (export \"a:b/step\" (instance $p \"a:b/step\")))",
                "1 node, 1 edge\n"
                "  exports  a:b/step  from p\n"
                "\n"
                "p\n"
                "  exports  a:b/step  to (host)\n");
}

/* A component that hands on its import is no provider, but it is remembered; here it holds code besides. */
static void pass_through_leads_on_to_the_provider(void **state) {
    (void)state;
    assert_text(
        "(component " PROVIDER(
            "p") " (component $gate (import \"a:b/step\" (instance $in (export \"f\" (func))"
                 "  (export \"g\" (func))))"
                 "  (core module $m) (core instance (instantiate $m))"
                 "  (export \"a:b/step\" (instance $in))) " CONSUMER(
                     "c") " (instance $p (instantiate $p))"
                          " (instance $gate (instantiate $gate (with \"a:b/step\" (instance $p "
                          "\"a:b/step\"))))"
                          " (instance $c (instantiate $c (with \"a:b/step\" (instance $gate "
                          "\"a:b/step\")))))",
        "3 nodes, 2 edges\n"
        "\n"
        "c\n"
        "  imports  a:b/step  from p through gate\n"
        "  exports  run (func)  unused\n"
        "\n"
        "gate\n"
        "  imports  a:b/step  from p\n"
        "  exports  a:b/step  unused\n"
        "\n"
        "p\n"
        "  exports  a:b/step  to gate, c\n");
}

static void interface_of_several_providers_is_an_edge_for_each(void **state) {
    (void)state;
    assert_text(
        "(component " PROVIDER("p") PROVIDER("q") CONSUMER(
            "c") " (instance $p (instantiate $p)) (instance $q (instantiate $q))"
                 " (alias export $p \"a:b/step\" (instance $ps))"
                 " (alias export $q \"a:b/step\" (instance $qs))"
                 " (instance $both (export \"f\" (func $ps \"f\")) (export \"g\" (func $qs \"g\")))"
                 " (instance $c (instantiate $c (with \"a:b/step\" (instance $both))))"
                 " (export \"run\" (func $c \"run\")))",
        "3 nodes, 3 edges\n"
        "  exports  run (func)  from c\n"
        "\n"
        "c\n"
        "  imports  a:b/step  from p: f\n"
        "           a:b/step  from q: g\n"
        "  exports  run (func)  to (host)\n"
        "\n"
        "q\n"
        "  exports  a:b/step  to c\n"
        "\n"
        "p\n"
        "  exports  a:b/step  to c\n");
}

/* A composite puts an instance together from its own import and from a node inside it. */
static void parts_are_followed_out_of_composites(void **state) {
    (void)state;
    assert_text(
        "(component (import \"f\" (func $f))"
        " (component $mix (import \"f\" (func $f)) " PROVIDER(
            "q") "  (instance $q (instantiate $q)) (alias export $q \"a:b/step\" (instance $qs))"
                 "  (instance $both (export \"f\" (func $f)) (export \"g\" (func $qs \"g\")))"
                 "  (export \"a:b/step\" (instance $both))) " CONSUMER(
                     "c") " (instance $mix (instantiate $mix (with \"f\" (func $f))))"
                          " (instance $c (instantiate $c (with \"a:b/step\" (instance $mix "
                          "\"a:b/step\")))))",
        "3 nodes, 2 edges\n"
        "  imports  f (func)  to c as a:b/step\n"
        "\n"
        "c\n"
        "  imports  a:b/step  from (host) as f through mix: f\n"
        "           a:b/step  from mix/q: g\n"
        "  exports  run (func)  unused\n"
        "\n"
        "mix  (1 node inside)\n"
        "\n"
        "  mix/q\n"
        "    exports  a:b/step  to c\n");
}

static void whole_instance_as_an_interface(void **state) {
    (void)state;
    assert_text("(component (component $p"
                " (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
                " (func (export \"f\") (canon lift (core func $i \"f\")))"
                " (func (export \"g\") (canon lift (core func $i \"f\")))) " CONSUMER(
                    "c") " (instance $p (instantiate $p))"
                         " (instance $c (instantiate $c (with \"a:b/step\" (instance $p)))))",
                "2 nodes, 1 edge\n"
                "\n"
                "c\n"
                "  imports  a:b/step  from p\n"
                "  exports  run (func)  unused\n"
                "\n"
                "p\n"
                "  exports  a:b/step  to c\n");
}

static void function_taken_out_of_an_interface(void **state) {
    (void)state;
    assert_text(
        "(component " PROVIDER(
            "p") " (component $c (import \"do\" (func $do)) (core func (canon lower (func $do))))"
                 " (instance $p (instantiate $p)) (alias export $p \"a:b/step\" (instance $s))"
                 " (instance $c (instantiate $c (with \"do\" (func $s \"g\")))))",
        "2 nodes, 1 edge\n"
        "\n"
        "c\n"
        "  imports  do (func)  from p as a:b/step#g\n"
        "\n"
        "p\n"
        "  exports  a:b/step  to c as do\n");
}

/* A node with code of its own uses one inside it, and gives it a function. */
static void node_with_code_and_nodes_inside(void **state) {
    (void)state;
    assert_text(
        "(component $root (import \"log\" (func $log)) " PROVIDER(
            "p") " (component $c (import \"log\" (func $log)) (core func (canon lower (func "
                 "$log))))"
                 " (instance $p (instantiate $p)) (alias export $p \"a:b/step\" (instance $s))"
                 " (core func $f (canon lower (func $s \"f\"))) (core func (canon lower (func $s "
                 "\"g\")))"
                 " (core func (canon lower (func $log)))"
                 " (func $own (canon lift (core func $f)))"
                 " (instance $c (instantiate $c (with \"log\" (func $own)))))",
        "3 nodes, 3 edges\n"
        "  imports  log (func)  to root\n"
        "\n"
        "root  (the component itself)\n"
        "  imports  log (func)  from (host)\n"
        "           a:b/step    from p\n"
        "  exports  log (func)  to c\n"
        "\n"
        "c\n"
        "  imports  log (func)  from root\n"
        "\n"
        "p\n"
        "  exports  a:b/step  to root\n");
}

static void component_that_the_host_provides(void **state) {
    (void)state;
    assert_text(
        "(component (import \"h:h/log\" (instance $log (export \"f\" (func))))"
        " (import \"mw\" (component $mw"
        "  (import \"h:h/log\" (instance (export \"f\" (func))))"
        "  (export \"a:b/step\" " STEP "))) " CONSUMER(
            "c") " (instance $mw (instantiate $mw (with \"h:h/log\" (instance $log))))"
                 " (instance $c (instantiate $c (with \"a:b/step\" (instance $mw \"a:b/step\")))))",
        "2 nodes, 2 edges\n"
        "  imports  h:h/log         to mw\n"
        "           mw (component)\n"
        "\n"
        "c\n"
        "  imports  a:b/step  from mw\n"
        "  exports  run (func)  unused\n"
        "\n"
        "mw  (a component of the host's)\n"
        "  imports  h:h/log  from (host)\n"
        "  exports  a:b/step  to c\n");
}

/* The component instantiated is an argument: what it means depends on the instance. */
static void component_given_as_an_argument(void **state) {
    (void)state;
    assert_text(
        "(component " PROVIDER(
            "p") " (component $maker (import \"c\" (component $c (export \"a:b/step\" " STEP ")))"
                 "  (instance $made (instantiate $c))"
                 "  (export \"a:b/step\" (instance $made \"a:b/step\"))) " CONSUMER(
                     "c") " (instance $maker (instantiate $maker (with \"c\" (component $p))))"
                          " (instance $c (instantiate $c (with \"a:b/step\" (instance $maker "
                          "\"a:b/step\")))))",
        "3 nodes, 1 edge\n"
        "\n"
        "c\n"
        "  imports  a:b/step  from maker/made\n"
        "  exports  run (func)  unused\n"
        "\n"
        "maker  (1 node inside)\n"
        "\n"
        "  maker/made\n"
        "    exports  a:b/step  to c\n");
}

static void outer_alias_of_a_component(void **state) {
    (void)state;
    assert_text("(component $top " PROVIDER(
                    "p") " (component $a (component $b (alias outer $top $p (component $p))"
                         "   (instance $x (instantiate $p)) (export \"a:b/step\" (instance $x "
                         "\"a:b/step\")))"
                         "  (instance $b (instantiate $b)) (export \"a:b/step\" (instance $b "
                         "\"a:b/step\")))"
                         " (instance $a (instantiate $a)) (export \"a:b/step\" (instance $a "
                         "\"a:b/step\")))",
                "3 nodes, 1 edge\n"
                "  exports  a:b/step  from a/b/x\n"
                "\n"
                "a  (1 node inside)\n"
                "\n"
                "  a/b  (1 node inside)\n"
                "\n"
                "    a/b/x\n"
                "      exports  a:b/step  to (host)\n");
}

static void names_fall_back_and_are_made_unique(void **state) {
    (void)state;
    assert_text("(component"
                " (component $made (core module $m) (core instance (instantiate $m)))"
                " (component (core module $m) (core instance (instantiate $m)))"
                " (instance $x (instantiate 0)) (instance $\"#x x\" (@name \"x\") (instantiate 0))"
                " (instance $\"#x2 x\" (@name \"x\") (instantiate 0))"
                " (instance (instantiate 0)) (instance (instantiate 1)))",
                "5 nodes, 0 edges\n"
                "\n"
                "instance-4\n"
                "\n"
                "made\n"
                "\n"
                "x-3\n"
                "\n"
                "x-2\n"
                "\n"
                "x\n");
}

static void what_the_root_hands_through_joins_host_and_host(void **state) {
    (void)state;
    assert_text("(component (import \"a\" (func $a)) (export \"b\" (func $a)))",
                "0 nodes, 1 edge\n"
                "  exports  b (func)  from (host) as a\n"
                "  imports  a (func)  to (host) as b\n");
}

static void implements_names_the_interface(void **state) {
    (void)state;
    shown_t shown =
        shown_open("(component (import \"main\" (implements \"a:b/step\") (instance $i))"
                   " (component $c (import \"a:b/step\" (instance))"
                   "  (core module $m) (core instance (instantiate $m)))"
                   " (instance $c (instantiate $c (with \"a:b/step\" (instance $i)))))");
    assert_int_equal(shown.graph->edge_count, 1);
    const edge_t *edge = &shown.graph->edges[0];
    assert_true(weft_str_eq(edge->export_name, weft_str("main")));
    assert_true(weft_str_eq(edge->export_interface, weft_str("a:b/step")));
    assert_int_equal(weft_graph_interface(shown.graph, weft_str("a:b/step"))->edges.count, 1);
    shown_close(&shown);
}

/* ---- the other questions ---------------------------------------------------------------------------- */

static const char nested[] = "(component (component $outer " PROVIDER("leaf")
    CONSUMER("near") " (instance $leaf (instantiate $leaf))"
                     " (instance $near (instantiate $near (with \"a:b/step\" (instance $leaf "
                     "\"a:b/step\"))))"
                     " (export \"a:b/step\" (instance $leaf \"a:b/step\"))) " CONSUMER(
                         "user") " (instance $outer (instantiate $outer))"
                                 " (instance $user (instantiate $user (with \"a:b/step\" (instance "
                                 "$outer \"a:b/step\")))))";

static void edges_tell_which_boundaries_they_cross(void **state) {
    (void)state;
    shown_t shown = shown_open(nested);
    graph_t *graph = shown.graph;
    const node_t *outer = weft_graph_node(graph, weft_str("outer"));
    const node_t *user = weft_graph_node(graph, weft_str("user"));
    const node_t *near = weft_graph_node(graph, weft_str("outer/near"));
    const edge_t *from_user = user->consumes.items[0], *from_near = near->consumes.items[0];

    assert_int_equal(weft_edge_crosses(from_user, outer), EDGE_ENTERS);
    assert_int_equal(weft_edge_crosses(from_user, user), EDGE_LEAVES);
    assert_int_equal(weft_edge_crosses(from_near, outer), EDGE_NONE);
    assert_int_equal(weft_edge_crosses(from_near, near), EDGE_LEAVES);
    assert_null(from_user->meet);
    assert_ptr_equal(from_near->meet, outer);
    assert_ptr_equal(weft_edge_level(graph, from_near), outer->inside);
    assert_ptr_equal(from_user->provider, from_near->provider);
    assert_ptr_equal(from_user->given, from_near->given);
    shown_close(&shown);
}

static void edges_keep_the_definitions_of_both_sides(void **state) {
    (void)state;
    shown_t shown = shown_open(nested);
    const node_t *user = weft_graph_node(shown.graph, weft_str("user"));
    edge_t *edge = user->consumes.items[0];

    assert_int_equal(edge->wanted->kind, DEF_IMPORT);
    assert_ptr_equal(edge->wanted->scope, user->inside->scope);
    assert_ptr_equal(edge->arg, &user->instance->instantiate.args[0]);
    assert_int_equal(edge->given->kind, DEF_EXPORT);
    assert_ptr_equal(edge->given->scope, edge->provider->inside->scope);
    assert_int_equal(edge->end->def->kind, DEF_INLINE);

    assert_null(weft_edge_members(shown.graph, edge));
    assert_int_equal(edge->member_count, 2);
    assert_true(weft_str_eq(edge->members[1].name, weft_str("g")));
    assert_int_equal(edge->members[1].place->end->kind, END_FUNC);
    shown_close(&shown);
}

/* ---- what is wrong or too much ------------------------------------------------------------------------ */

static void missing_argument_is_an_error(void **state) {
    (void)state;
    shown_assert_error("(component " CONSUMER("c") " (instance (instantiate $c)))",
                       "the instance lacks the argument \"a:b/step\" that its component imports");
}

static void missing_export_is_an_error(void **state) {
    (void)state;
    shown_assert_error(
        "(component " PROVIDER("p") CONSUMER(
            "c") " (instance $p (instantiate $p))"
                 " (instance (instantiate $c (with \"a:b/step\" (instance $p \"nothing\")))))",
        "the instance has no export \"nothing\"");
}

/* Twenty components, each with two instances of the one before: a million instances from 1 KB. */
static void exponential_unfolding_is_an_error(void **state) {
    (void)state;
    char wat[8192] = "(component (component $c0)";
    size_t at = strlen(wat);
    for (int i = 1; i <= 20; i++)
        at += (size_t)snprintf(wat + at, sizeof wat - at,
                               "(component $c%d (alias outer 1 $c%d (component $x))"
                               " (instance (instantiate $x)) (instance (instantiate $x)))",
                               i, i - 1);
    snprintf(wat + at, sizeof wat - at, "(instance (instantiate $c20)))");
    shown_assert_error(wat, "the composition unfolds into more than 262144 instances");
}

static void every_failing_allocation_is_an_error(void **state) {
    (void)state;
    oracle_need();
    weft_bytes_t bytes = oracle_parse(nested);
    for (size_t n = 1;; n++) {
        document_t *document;
        graph_t *graph = NULL;
        assert_null(weft_document_read(bytes, &document));
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_graph_new(document, &graph);
        weft_alloc_fail_after(0);
        if (error) assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
        weft_graph_delete(graph);
        weft_document_delete(document);
        if (!error) break;
    }
    free((void *)bytes.ptr);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_nodes_and_the_host_on_both_sides),
        cmocka_unit_test(plain_component_is_one_node),
        cmocka_unit_test(composites_are_transparent_and_addressed_by_path),
        cmocka_unit_test(reexport_components_are_structure_of_their_node),
        cmocka_unit_test(pass_through_leads_on_to_the_provider),
        cmocka_unit_test(interface_of_several_providers_is_an_edge_for_each),
        cmocka_unit_test(parts_are_followed_out_of_composites),
        cmocka_unit_test(whole_instance_as_an_interface),
        cmocka_unit_test(function_taken_out_of_an_interface),
        cmocka_unit_test(node_with_code_and_nodes_inside),
        cmocka_unit_test(component_that_the_host_provides),
        cmocka_unit_test(component_given_as_an_argument),
        cmocka_unit_test(outer_alias_of_a_component),
        cmocka_unit_test(names_fall_back_and_are_made_unique),
        cmocka_unit_test(what_the_root_hands_through_joins_host_and_host),
        cmocka_unit_test(implements_names_the_interface),
        cmocka_unit_test(edges_tell_which_boundaries_they_cross),
        cmocka_unit_test(edges_keep_the_definitions_of_both_sides),
        cmocka_unit_test(missing_argument_is_an_error),
        cmocka_unit_test(missing_export_is_an_error),
        cmocka_unit_test(exponential_unfolding_is_an_error),
        cmocka_unit_test(every_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
