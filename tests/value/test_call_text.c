/* The text of calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/alloc.h"
#include "value/call_text.h"
#include "value/type_text.h"

static type_pool_t *pool;

static int make_pool(void **state) {
    (void)state;
    return weft_type_pool_new(&pool) ? 1 : 0;
}

static int delete_pool(void **state) {
    (void)state;
    weft_type_pool_delete(pool);
    return 0;
}

static void assert_part(weft_str_t part, const char *wanted) {
    if (!weft_str_eq(part, weft_str(wanted)))
        fail_msg("found `%.*s`, wanted `%s`", STR_ARG(part), wanted);
}

static void names_are_taken_apart(void **state) {
    (void)state;
    static const struct {
        const char *text, *bind, *interface, *func;
        bool has_hash;
    } cases[] = {
        {"my:app/orders@1.0.0#get(\"a-17\")", "", "my:app/orders@1.0.0", "get", true},
        {"orders#get()", "", "orders", "get", true},
        {"#get()", "", "", "get", true},
        {"get ( )", "", "", "get", false},
        {"get(\"#\")", "", "", "get", false},
        {"a#order.total($x)", "", "a", "order.total", true},
        {"a#[constructor]order()", "", "a", "[constructor]order", true},
        {"$x = a#order()", "x", "a", "order", true},
        {"$x=order(\"=\")", "x", "", "order", false},
        {"f($x)", "", "", "f", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        call_text_t call;
        assert_null(weft_call_text_read(weft_str(cases[i].text), &call));
        assert_part(call.bind, cases[i].bind);
        assert_part(call.interface, cases[i].interface);
        assert_part(call.func, cases[i].func);
        assert_int_equal(call.has_hash, cases[i].has_hash);
        assert_int_equal(call.text.ptr[call.args], '(');
    }
}

static void wrong_names_are_refused(void **state) {
    (void)state;
#define HELP                                                                                       \
    "help: a call is written 'ns:pkg/iface#func(arg, ...)', at the component's root "              \
    "'#func(arg, ...)'\n"
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"", "weft: 1:1: expected the name of a function\n" HELP},
        {"a#", "weft: 1:3: expected the name of a function\n  a#\n    ^\n" HELP},
        {"a#f", "weft: 1:4: expected `(` and the arguments behind `f`\n  a#f\n     ^\n" HELP},
        {"a#f g()", "weft: 1:4: this is not the name of a function\n  a#f g()\n     ^\n" HELP},
        {"a#b#c()", "weft: 1:4: this is not the name of a function\n  a#b#c()\n     ^\n" HELP},
        {"f\"(\"", "weft: 1:2: expected `(` and the arguments behind `f`\n  f\"(\"\n   ^\n" HELP},
        {"$x", "weft: 1:1: expected `$name = ` and a call\n  $x\n  ^\n"},
        {"$ = f()", "weft: 1:1: expected a name between `$` and `=`\n  $ = f()\n  ^\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        call_text_t call;
        char *text = rendered(weft_call_text_read(weft_str(cases[i].text), &call));
        assert_string_equal(text, cases[i].error);
        weft_free(text);
    }
}

/* f: func(a: u8, b: string, c: option<u8>) */
static const func_type_t *sample_type(void) {
    static type_field_t params[3];
    static func_type_t shape = {.param_count = 3, .params = params};
    params[0] = (type_field_t){STR_LIT("a"), type_of(pool, "u8")};
    params[1] = (type_field_t){STR_LIT("b"), type_of(pool, "string")};
    params[2] = (type_field_t){STR_LIT("c"), type_of(pool, "option<u8>")};
    return &shape;
}

static weft_error_t *read_args(const char *text, bool json, value_vec_t *args) {
    call_text_t call;
    assert_null(weft_call_text_read(weft_str(text), &call));
    return weft_call_args_read(&call, sample_type(), NULL, json, args);
}

static void arguments_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool json;
    } cases[] = {
        {"f(1, \"x\", none)", false}, {"f(1, \"x\")", false}, {" f ( 1, \"x\" , ) ", false},
        {"f(1, \"x\", null)", true},  {"f(1, \"x\")", true},  {" f ( 1, \"x\" , ) ", true},
    };
    weft_value_t expected[3] = {weft_u8(1), weft_string("x"), weft_none()};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        value_vec_t args;
        assert_null(read_args(cases[i].text, cases[i].json, &args));
        assert_int_equal(args.count, 3);
        for (size_t k = 0; k < 3; k++) assert_true(weft_value_equal(&args.items[k], &expected[k]));
        weft_value_vec_free(&args);
    }
}

static void wrong_arguments_are_refused(void **state) {
    (void)state;
#define TYPE "note: f: func(a: u8, b: string, c: option<u8>)\n"
    static const struct {
        const char *text;
        bool json;
        const char *error;
    } cases[] = {
        {"f(1)", false, "weft: 1:4: the argument `b` is missing\n  f(1)\n     ^\n" TYPE},
        {"f(1, 2)", false,
         "weft: 1:6: expected a string in double quotes (string), found `2`\n  f(1, 2)\n"
         "       ^\nnote: in the argument `b`\n" TYPE},
        {"f(1, \"\", 2, 3)", false,
         "weft: 1:13: the function takes 3 arguments\n  f(1, \"\", 2, 3)\n              ^\n" TYPE},
        {"f(1, \"\"", false,
         "weft: 1:8: expected `,` or `)`, found the end\n  f(1, \"\"\n"
         "         ^\n" TYPE},
        {"f(1, \"\") g", false,
         "weft: 1:10: expected the end of the call, found `g`\n  f(1, \"\") g\n"
         "           ^\n" TYPE},
        {"f(1)", true, "weft: 1:4: the argument `b` is missing\n  f(1)\n     ^\n" TYPE},
        {"f(1, 2)", true,
         "weft: 1:6: expected a string (string), found a number\n  f(1, 2)\n"
         "       ^\nnote: in the argument `b`\n" TYPE},
        {"f(1, \"\", 2, 3)", true,
         "weft: 1:13: the function takes 3 arguments\n  f(1, \"\", 2, 3)\n              ^\n" TYPE},
        {"f(1, \"\"", true,
         "weft: 1:8: expected `,` or `)`, found the end\n  f(1, \"\"\n"
         "         ^\n" TYPE},
        {"f(1, \"\") g", true,
         "weft: 1:10: expected the end of the call, found `g`\n  f(1, \"\") g\n"
         "           ^\n" TYPE},
        {"f(1, [\"\")", true,
         "weft: 1:9: ']' expected near ')'\n  f(1, [\"\")\n          ^\n"
         "note: in the argument `b`\n" TYPE},
        {"f(1,\n  {\"b\": ", true,
         "weft: 2:9: unexpected token near end of file\n    {\"b\": \n          ^\n"
         "note: in the argument `b`\n" TYPE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        value_vec_t args;
        char *text = rendered(read_args(cases[i].text, cases[i].json, &args));
        assert_string_equal(text, cases[i].error);
        weft_free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_taken_apart),
        cmocka_unit_test(wrong_names_are_refused),
        cmocka_unit_test(arguments_are_read),
        cmocka_unit_test(wrong_arguments_are_refused),
    };
    return cmocka_run_group_tests_name("value/call_text", tests, make_pool, delete_pool);
}
