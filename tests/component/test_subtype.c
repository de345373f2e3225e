/* Subtyping and its reasons: what is asked for against what is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "component/types/subtype.h"
#include "component/wat.h"

/* A component that imports `asked` and `given`, each with a type of its own. */
static void load(wat_t *wat, const char *types, const char *asked, const char *given) {
    char text[4096];
    (void)snprintf(text, sizeof text, "(component %s (import \"asked\" %s) (import \"given\" %s))",
                   types, asked, given);
    wat_load(wat, text);
    if (wat->error) fail_msg("%s: %.*s", text, STR_ARG(weft_error_message(wat->error)));
}

static const extern_type_t *import(const wat_t *wat, const char *name) {
    return &weft_extern_find(&wat->type->component.imports, weft_str(name))->type;
}

static weft_error_t *check(const wat_t *wat) {
    match_t match;
    weft_match_init(&match, wat->pool);
    match.asked_words = "the consumer";
    match.given_words = "the provider";
    weft_error_t *error = weft_match_bind(&match, wat->type->component.imported,
                                          import(wat, "asked"), import(wat, "given"));
    if (!error)
        error =
            weft_match_check(&match, weft_str("a:b/c"), import(wat, "asked"), import(wat, "given"));
    weft_match_free(&match);
    return error;
}

static void assert_fits(const char *types, const char *asked, const char *given) {
    wat_t wat;
    load(&wat, types, asked, given);
    weft_error_t *error = check(&wat);
    if (error) fail_msg("%.*s", STR_ARG(weft_error_message(error)));
    wat_free(&wat);
}

static void assert_differs(const char *types, const char *asked, const char *given,
                           const char *why) {
    wat_t wat;
    load(&wat, types, asked, given);
    weft_error_t *error = check(&wat);
    assert_non_null(error);
    assert_int_equal(weft_error_code(error), WEFT_MISMATCH);
    char *found = wat_error(error);
    assert_string_equal(found, why);
    weft_free(found);
    wat_free(&wat);
}

static void an_instance_may_have_more(void **state) {
    (void)state;
    assert_fits("", "(instance (export \"f\" (func)))",
                "(instance (export \"f\" (func)) (export \"g\" (func)))");
    assert_differs("", "(instance (export \"f\" (func)) (export \"g\" (func)))",
                   "(instance (export \"f\" (func)))",
                   "missing: interface a:b/c, function \"g\"\n"
                   "the consumer asks for it, the provider has nothing of that name");
}

static void functions_are_equal(void **state) {
    (void)state;
    assert_fits("", "(func (param \"a\" u8) (result string))",
                "(func (param \"a\" u8) (result string))");
    assert_differs("", "(func)", "(func async)",
                   "the types do not match: function a:b/c\n"
                   "the provider has an async function\n"
                   "the consumer has a function");
    assert_differs("", "(func (param \"a\" u8))", "(func (param \"a\" u8) (param \"b\" u8))",
                   "the types do not match: function a:b/c\n"
                   "the provider has 2 parameters\n"
                   "the consumer has 1 parameter");
    assert_differs("", "(func (result u8))", "(func)",
                   "the types do not match: function a:b/c, result\n"
                   "the provider has nothing\n"
                   "the consumer has u8");
    assert_differs("", "(func (param \"a\" u8))", "(instance)",
                   "the types do not match: function a:b/c\n"
                   "the provider has instance\n"
                   "the consumer has func");
}

/* Each row: two types of a parameter and the place where they first differ. */
static void the_first_difference_is_named(void **state) {
    (void)state;
    static const char *const rows[][4] = {
        {"(record (field \"x\" u8) (field \"y\" u8))",
         "(record (field \"x\" u8) (field \"y\" u16))", ", field \"y\"",
         "the provider has u16\nthe consumer has u8"},
        {"(record (field \"x\" u8))", "(record (field \"z\" u8))", "",
         "the provider has field \"z\"\nthe consumer has field \"x\""},
        {"(record (field \"x\" u8))", "(record (field \"x\" u8) (field \"y\" u8))", "",
         "the provider has 2 fields\nthe consumer has 1 field"},
        {"(variant (case \"a\" u8))", "(variant (case \"a\"))", ", case \"a\"",
         "the provider has nothing\nthe consumer has u8"},
        {"(enum \"a\" \"b\")", "(enum \"a\" \"c\")", "",
         "the provider has case \"c\"\nthe consumer has case \"b\""},
        {"(flags \"a\")", "(flags \"b\")", "",
         "the provider has flag \"b\"\nthe consumer has flag \"a\""},
        {"(list (option u8))", "(list (option s8))", ", element, element",
         "the provider has s8\nthe consumer has u8"},
        {"(list u8 4)", "(list u8 5)", "",
         "the provider has list<u8, 5>\nthe consumer has list<u8, 4>"},
        {"(tuple u8 (result u8 (error u8)))", "(tuple u8 (result u8 (error u16)))",
         ", element 1, case \"error\"", "the provider has u16\nthe consumer has u8"},
        {"(result u8)", "(result u16)", ", case \"ok\"",
         "the provider has u16\nthe consumer has u8"},
        {"(map u8 u8)", "(map s8 u8)", ", key", "the provider has s8\nthe consumer has u8"},
        {"(map u8 u8)", "(map u8 s8)", ", value", "the provider has s8\nthe consumer has u8"},
        {"(stream u8)", "(stream)", ", element", "the provider has nothing\nthe consumer has u8"},
        {"(stream u8)", "(future u8)", "",
         "the provider has future<u8>\nthe consumer has stream<u8>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char types[512], why[512];
        (void)snprintf(types, sizeof types, "(type $a' %s) (type $g' %s)", rows[i][0], rows[i][1]);
        (void)snprintf(why, sizeof why,
                       "the types do not match: interface a:b/c, function \"f\", parameter "
                       "\"p\"%s\n%s",
                       rows[i][2], rows[i][3]);
        assert_differs(
            types,
            "(instance (alias outer 1 $a' (type $a)) (export \"f\" (func (param \"p\" $a))))",
            "(instance (alias outer 1 $g' (type $g)) (export \"f\" (func (param \"p\" $g))))", why);
    }
}

#define RESOURCES(param)                                                                           \
    "(instance (export \"r\" (type $r (sub resource))) (export \"s\" (type $s (sub resource)))"    \
    " (export \"f\" (func (param \"p\" (" param ")))))"

static void resources_are_bound_by_their_place(void **state) {
    (void)state;
    assert_fits("", RESOURCES("own $r"), RESOURCES("own $r"));
    assert_differs("", RESOURCES("own $r"), RESOURCES("own $s"),
                   "the types do not match: interface a:b/c, function \"f\", parameter \"p\"\n"
                   "the provider has s\n"
                   "the consumer has r");
    assert_differs("", RESOURCES("own $r"), RESOURCES("borrow $r"),
                   "the types do not match: interface a:b/c, function \"f\", parameter \"p\"\n"
                   "the provider has borrow<r>\n"
                   "the consumer has r");
    /* one resource given for two */
    assert_fits(
        "", "(instance (export \"r\" (type (sub resource))) (export \"s\" (type (sub resource))))",
        "(instance (export \"r\" (type $r (sub resource))) (export \"s\" (type (eq $r))))");
    /* two given where one is asked for */
    assert_differs(
        "", "(instance (export \"r\" (type $r (sub resource))) (export \"s\" (type (eq $r))))",
        "(instance (export \"r\" (type (sub resource))) (export \"s\" (type (sub "
        "resource))))",
        "the types do not match: interface a:b/c, type \"s\"\n"
        "the provider has the resource \"s\", another one\n"
        "the consumer has the resource \"r\"");
}

static void components_ask_for_less_and_give_more(void **state) {
    (void)state;
    assert_fits("", "(component (import \"i\" (func)) (export \"e\" (func)))",
                "(component (export \"e\" (func)) (export \"g\" (func)))");
    assert_differs("", "(component (export \"e\" (func)))",
                   "(component (import \"i\" (func)) (export \"e\" (func)))",
                   "missing: component a:b/c, function \"i\"\n"
                   "the provider asks for it, the consumer has nothing of that name");
    assert_differs("", "(component (export \"e\" (func)))", "(component)",
                   "missing: component a:b/c, function \"e\"\n"
                   "the consumer asks for it, the provider has nothing of that name");
    assert_fits("",
                "(component (import \"r\" (type $r (sub resource)))"
                " (export \"f\" (func (result (own $r)))))",
                "(component (import \"r\" (type $r (sub resource)))"
                " (export \"f\" (func (result (own $r)))))");
    assert_fits("",
                "(component (export \"r\" (type $r (sub resource)))"
                " (export \"f\" (func (result (own $r)))))",
                "(component (export \"r\" (type $r (sub resource)))"
                " (export \"f\" (func (result (own $r)))))");
    assert_differs("",
                   "(component (import \"r\" (type $r (sub resource)))"
                   " (export \"f\" (func (result (own $r)))))",
                   "(component (export \"r\" (type $r (sub resource)))"
                   " (export \"f\" (func (result (own $r)))))",
                   "the types do not match: component a:b/c, function \"f\", result\n"
                   "the provider has r\n"
                   "the consumer has r\n"
                   "these are two different resources with one name");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instance_may_have_more),
        cmocka_unit_test(functions_are_equal),
        cmocka_unit_test(the_first_difference_is_named),
        cmocka_unit_test(resources_are_bound_by_their_place),
        cmocka_unit_test(components_ask_for_less_and_give_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
