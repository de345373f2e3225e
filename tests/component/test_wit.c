/* Components as WIT text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component/wat.h"
#include "component/wit/wit.h"
#include "support/alloc.h"

typedef weft_error_t *printer_fn(const wit_t *wit, wit_wanted_t *wanted, void *context, buf_t *out,
                                 size_t *count);

static void assert_printed(printer_fn *print, wit_wanted_t *wanted, const char *text,
                           const char *expected) {
    wat_t wat;
    wit_t wit;
    buf_t out = {0};
    size_t count;
    wat_load(&wat, text);
    if (wat.error) fail_msg("%.*s", STR_ARG(weft_error_message(wat.error)));
    assert_null(weft_wit_collect(wat.type, &wit));
    assert_null(print(&wit, wanted, NULL, &out, &count));
    weft_buf_byte(&out, 0);
    assert_string_equal((char *)out.data, expected);
    weft_buf_free(&out);
    weft_wit_free(&wit);
    wat_free(&wat);
}

static void assert_wit(const char *text, const char *expected) {
    assert_printed(weft_wit_text, NULL, text, expected);
}

static void an_empty_component_is_an_empty_world(void **state) {
    (void)state;
    assert_wit("(component)", "package root:component;\n\nworld root {\n}\n");
}

static void types_of_every_kind_are_declared(void **state) {
    (void)state;
    assert_wit("(component"
               " (type $r' (record (field \"a\" u8) (field \"type\" string)))"
               " (import \"r\" (type $r (eq $r')))"
               " (type $v' (variant (case \"x\" $r) (case \"y\")))"
               " (import \"v\" (type $v (eq $v')))"
               " (type $e' (enum \"one\" \"two\")) (import \"e\" (type $e (eq $e')))"
               " (type $f' (flags \"p\")) (import \"f\" (type $f (eq $f')))"
               " (type $l' (list (tuple $r $v))) (import \"l\" (type $l (eq $l')))"
               " (type $m' (map string (list u8 4))) (import \"m\" (type $m (eq $m')))"
               " (type $u' u64) (import \"u\" (type $u (eq $u')))"
               " (import \"s\" (type $s (eq $e)))"
               " (import \"g\" (func (param \"l\" $l) (param \"o\" (option $m))"
               "  (result (result $u (error $s))))))",
               "package root:component;\n"
               "\n"
               "world root {\n"
               "  record r {\n"
               "    a: u8,\n"
               "    %type: string,\n"
               "  }\n"
               "\n"
               "  variant v {\n"
               "    x(r),\n"
               "    y,\n"
               "  }\n"
               "\n"
               "  enum e {\n"
               "    one,\n"
               "    two,\n"
               "  }\n"
               "\n"
               "  flags f {\n"
               "    p,\n"
               "  }\n"
               "\n"
               "  type l = list<tuple<r, v>>;\n"
               "\n"
               "  type m = map<string, list<u8, 4>>;\n"
               "\n"
               "  type u = u64;\n"
               "\n"
               "  type s = e;\n"
               "  import g: func(l: l, o: option<m>) -> result<u, s>;\n"
               "}\n");
}

static void resources_hold_their_functions(void **state) {
    (void)state;
    assert_wit("(component (import \"a:b/c@1.0.0\" (instance"
               " (export \"r\" (type $r (sub resource)))"
               " (export \"f\" (func (param \"r\" (own $r)) (param \"b\" (borrow $r))))"
               " (export \"[constructor]r\" (func (param \"x\" u8) (result (own $r))))"
               " (export \"[static]r.s\" (func async (result (own $r))))"
               " (export \"[method]r.m\" (func (param \"self\" (borrow $r)) (result bool)))"
               " (export \"[method][get]r.size\" (func (param \"self\" (borrow $r)) (result u64)))"
               " (export \"q\" (type (sub resource))))))",
               "package root:component;\n"
               "\n"
               "world root {\n"
               "  import a:b/c@1.0.0;\n"
               "}\n"
               "\n"
               "package a:b@1.0.0 {\n"
               "  interface c {\n"
               "    resource r {\n"
               "      constructor(x: u8);\n"
               "      s: static async func() -> r;\n"
               "      m: func() -> bool;\n"
               "      size: get() -> u64;\n"
               "    }\n"
               "\n"
               "    resource q;\n"
               "\n"
               "    f: func(r: r, b: borrow<r>);\n"
               "  }\n"
               "}\n");
}

static const char *const TWO_PACKAGES =
    "(component"
    " (import \"z:types/t@1.2.0\" (instance $t (type $p (record (field \"x\" u8)))"
    "  (export \"p\" (type (eq $p))) (export \"r\" (type (sub resource)))))"
    " (alias export $t \"p\" (type $p)) (alias export $t \"r\" (type $r))"
    " (import \"a:user/u\" (instance"
    "  (alias outer 1 $p (type $p')) (export \"point\" (type $pp (eq $p')))"
    "  (alias outer 1 $r (type $r')) (export \"r\" (type $rr (eq $r')))"
    "  (export \"f\" (func (param \"p\" $pp) (result (own $rr)))))))";

static void types_of_other_interfaces_are_used(void **state) {
    (void)state;
    assert_wit(TWO_PACKAGES, "package root:component;\n"
                             "\n"
                             "world root {\n"
                             "  import z:types/t@1.2.0;\n"
                             "  import a:user/u;\n"
                             "}\n"
                             "\n"
                             "package z:types@1.2.0 {\n"
                             "  interface t {\n"
                             "    record p {\n"
                             "      x: u8,\n"
                             "    }\n"
                             "\n"
                             "    resource r;\n"
                             "  }\n"
                             "}\n"
                             "\n"
                             "package a:user {\n"
                             "  interface u {\n"
                             "    use z:types/t@1.2.0.{p as point, r};\n"
                             "\n"
                             "    f: func(p: point) -> r;\n"
                             "  }\n"
                             "}\n");
}

static bool is_user(weft_str_t path, void *context) {
    (void)context;
    return weft_str_eq(path, weft_str("a:user/u"));
}

static void one_interface_alone(void **state) {
    (void)state;
    assert_printed(weft_wit_text, is_user, TWO_PACKAGES,
                   "package a:user {\n"
                   "  interface u {\n"
                   "    use z:types/t@1.2.0.{p as point, r};\n"
                   "\n"
                   "    f: func(p: point) -> r;\n"
                   "  }\n"
                   "}\n");
}

static void an_interface_on_both_sides_is_one(void **state) {
    (void)state;
    assert_wit("(component"
               " (import \"a:b/c\" (instance $i (export \"f\" (func))))"
               " (import \"g\" (func $g))"
               " (instance $x (export \"f\" (func $i \"f\")) (export \"g\" (func $g)))"
               " (export \"a:b/c\" (instance $x)))",
               "package root:component;\n"
               "\n"
               "world root {\n"
               "  import a:b/c;\n"
               "  import g: func();\n"
               "\n"
               "  export a:b/c;\n"
               "}\n"
               "\n"
               "package a:b {\n"
               "  interface c {\n"
               "    f: func();\n"
               "\n"
               "    g: func();\n"
               "  }\n"
               "}\n");
}

static void interfaces_with_names_of_their_own(void **state) {
    (void)state;
    assert_wit(
        "(component"
        " (import \"list\" (instance (export \"f\" (func (param \"x\" u8)))))"
        " (import \"first\" (implements \"a:b/kv@1.0.0\") (instance (export \"get\" (func))))"
        " (import \"second\" (implements \"a:b/kv@1.0.0\") (external-id \"a\\\"b\")"
        "  (instance (export \"get\" (func)))))",
        "package root:component;\n"
        "\n"
        "world root {\n"
        "  import %list: interface {\n"
        "    f: func(x: u8);\n"
        "  }\n"
        "  import first: a:b/kv@1.0.0;\n"
        "  @external-id(\"a\\\"b\")\n"
        "  import second: a:b/kv@1.0.0;\n"
        "}\n"
        "\n"
        "package a:b@1.0.0 {\n"
        "  interface kv {\n"
        "    get: func();\n"
        "  }\n"
        "}\n");
}

static void what_wit_cannot_say_is_a_comment(void **state) {
    (void)state;
    assert_wit("(component"
               " (import \"m\" (core module))"
               " (import \"c\" (component))"
               " (import \"i\" (instance (export \"j\" (instance)) (type $f (func))"
               "  (export \"t\" (type (eq $f)))))"
               " (import \"a:b:c/d\" (instance))"
               " (type $r (record (field \"x\" u8)))"
               " (export $r2 \"r\" (type $r))"
               " (export \"s\" (type $r2)))",
               "package root:component;\n"
               "\n"
               "world root {\n"
               "  import i: interface {\n"
               "    // instance `j` has no form in WIT\n"
               "    // the type `t` is the type of a function, an instance or a component\n"
               "  }\n"
               "\n"
               "  // exported, which WIT can say of an interface's types only\n"
               "  record r {\n"
               "    x: u8,\n"
               "  }\n"
               "\n"
               "  // exported, which WIT can say of an interface's types only\n"
               "  type s = r;\n"
               "\n"
               "  // the import `m` is a core module\n"
               "  // the import `c` is a component\n"
               "  // instance `a:b:c/d` has a name that WIT cannot write\n"
               "}\n");
}

/* An imported instance exported under another plain name: its types are the same, which only `use` could say. */
static void types_that_cannot_be_used_are_declared_again(void **state) {
    (void)state;
    assert_wit(
        "(component"
        " (import \"i\" (instance $i (export \"r\" (type $r (sub resource)))"
        "  (export \"f\" (func (result (own $r))))))"
        " (export \"j\" (instance $i)))",
        "package root:component;\n"
        "\n"
        "world root {\n"
        "  import i: interface {\n"
        "    resource r;\n"
        "\n"
        "    f: func() -> r;\n"
        "  }\n"
        "\n"
        "  export j: interface {\n"
        "    // the same type as one elsewhere in this component, which WIT cannot say here\n"
        "    resource r;\n"
        "\n"
        "    f: func() -> r;\n"
        "  }\n"
        "}\n");
}

/* A tuple of 2^17 numbers in each of 200 functions. */
static void text_without_end_is_refused(void **state) {
    (void)state;
    buf_t text = {0};
    weft_buf_printf(&text, "(component (type $t0 u8)");
    for (int i = 1; i <= 17; i++)
        weft_buf_printf(&text, "(type $t%d (tuple $t%d $t%d))", i, i - 1, i - 1);
    weft_buf_printf(&text, "(type $f (func (param \"x\" $t17)))");
    for (int i = 0; i < 200; i++) weft_buf_printf(&text, "(import \"f%d\" (func (type $f)))", i);
    weft_buf_printf(&text, ")");
    weft_buf_byte(&text, 0);
    wat_t wat;
    wit_t wit;
    buf_t out = {0};
    size_t count;
    wat_load(&wat, (char *)text.data);
    if (wat.error) {
        assert_int_equal(weft_error_code(wat.error), WEFT_LIMIT);
    } else {
        assert_null(weft_wit_collect(wat.type, &wit));
        weft_error_t *error = weft_wit_text(&wit, NULL, NULL, &out, &count);
        assert_int_equal(weft_error_code(error), WEFT_LIMIT);
        weft_error_delete(error);
        weft_wit_free(&wit);
    }
    weft_buf_free(&out);
    weft_buf_free(&text);
    wat_free(&wat);
}

static void json_has_the_same(void **state) {
    (void)state;
    assert_printed(weft_wit_json, is_user, TWO_PACKAGES,
                   "{\n"
                   "  \"interfaces\": [\n"
                   "    {\n"
                   "      \"name\": \"a:user/u\",\n"
                   "      \"types\": [\n"
                   "        {\n"
                   "          \"name\": \"point\",\n"
                   "          \"kind\": \"record\",\n"
                   "          \"of\": \"p\",\n"
                   "          \"from\": \"z:types/t@1.2.0\"\n"
                   "        },\n"
                   "        {\n"
                   "          \"name\": \"r\",\n"
                   "          \"kind\": \"resource\",\n"
                   "          \"of\": \"r\",\n"
                   "          \"from\": \"z:types/t@1.2.0\"\n"
                   "        }\n"
                   "      ],\n"
                   "      \"functions\": [\n"
                   "        {\n"
                   "          \"name\": \"f\",\n"
                   "          \"kind\": \"function\",\n"
                   "          \"item\": \"f\",\n"
                   "          \"async\": false,\n"
                   "          \"params\": [\n"
                   "            {\n"
                   "              \"name\": \"p\",\n"
                   "              \"type\": \"point\"\n"
                   "            }\n"
                   "          ],\n"
                   "          \"result\": \"r\"\n"
                   "        }\n"
                   "      ],\n"
                   "      \"remarks\": []\n"
                   "    }\n"
                   "  ]\n"
                   "}\n");
}

static void a_failed_allocation_is_an_error(void **state) {
    (void)state;
    wat_t wat;
    wat_load(&wat, TWO_PACKAGES);
    assert_null(wat.error);
    size_t n = 1;
    for (bool done = false; !done; n++) {
        wit_t wit;
        buf_t out = {0};
        size_t count;
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_wit_collect(wat.type, &wit);
        if (!error) {
            error = weft_wit_text(&wit, NULL, NULL, &out, &count);
            weft_wit_free(&wit);
        }
        weft_alloc_fail_after(0);
        done = !error;
        if (error) assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
        weft_buf_free(&out);
    }
    assert_true(n > 10);
    wat_free(&wat);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_component_is_an_empty_world),
        cmocka_unit_test(types_of_every_kind_are_declared),
        cmocka_unit_test(resources_hold_their_functions),
        cmocka_unit_test(types_of_other_interfaces_are_used),
        cmocka_unit_test(one_interface_alone),
        cmocka_unit_test(an_interface_on_both_sides_is_one),
        cmocka_unit_test(interfaces_with_names_of_their_own),
        cmocka_unit_test(what_wit_cannot_say_is_a_comment),
        cmocka_unit_test(types_that_cannot_be_used_are_declared_again),
        cmocka_unit_test(text_without_end_is_refused),
        cmocka_unit_test(json_has_the_same),
        cmocka_unit_test(a_failed_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
