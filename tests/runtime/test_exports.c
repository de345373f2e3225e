/* Finding an exported function by what people write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/exports.h"
#include "runtime/guest.h"

static func_type_t type; /* func() */

#define STR(literal) {literal, sizeof(literal) - 1} /* STR_LIT is no constant to gcc */
#define FUNC(interface, name) {STR(interface), STR(name), &type}

static exported_func_t funcs[] = {
    FUNC("", "get"),
    FUNC("my:app/orders@1.0.0", "get"),
    FUNC("my:app/orders@1.0.0", "[constructor]order"),
    FUNC("my:app/orders@1.0.0", "[method]order.total"),
    FUNC("my:app/orders@1.0.0", "[static]order.merge"),
    FUNC("my:app/users@1.0.0", "find"),
    FUNC("other:app/users@2.1.0", "find"),
    FUNC("plain", "only"),
};

static weft_error_t *find(const char *interface, const char *name, const exported_func_t **found) {
    exported_funcs_t list = {funcs, sizeof funcs / sizeof *funcs, 0};
    func_query_t query = {!interface, weft_str(interface), weft_str(name)};
    return weft_exports_find(&list, &query, found);
}

static void functions_are_found(void **state) {
    (void)state;
    static const struct {
        const char *interface, *name; /* interface NULL: not said */
        size_t index;
    } cases[] = {
        {"", "get", 0},
        {NULL, "get", 0},
        {"my:app/orders@1.0.0", "get", 1},
        {"my:app/orders", "get", 1},
        {"app/orders", "get", 1},
        {"orders", "get", 1},
        {"orders@1.0.0", "get", 1},
        {"orders", "order", 2},
        {"orders", "[constructor]order", 2},
        {NULL, "order.total", 3},
        {NULL, "order.merge", 4},
        {"my:app/users", "find", 5},
        {"users@2.1.0", "find", 6},
        {"other:app/users", "find", 6},
        {"plain", "only", 7},
        {NULL, "only", 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const exported_func_t *found;
        assert_ok(find(cases[i].interface, cases[i].name, &found));
        assert_ptr_equal(found, &funcs[cases[i].index]);
    }
}

#define ORDERS                                                                                     \
    "note: my:app/orders@1.0.0#get: func()\n"                                                      \
    "note: my:app/orders@1.0.0#order: func()\n"                                                    \
    "note: my:app/orders@1.0.0#order.total: func()\n"                                              \
    "note: my:app/orders@1.0.0#order.merge: func()\n"
#define REST                                                                                       \
    "note: my:app/users@1.0.0#find: func()\n"                                                      \
    "note: other:app/users@2.1.0#find: func()\n"                                                   \
    "note: plain#only: func()\n"

static void what_is_not_there_is_told_with_what_is(void **state) {
    (void)state;
    static const struct {
        const char *interface, *name, *error;
    } cases[] = {
        {"orders", "gett",
         "weft: the interface orders has no function `gett`\n" ORDERS
         "help: did you mean `get`?\n"},
        {"orders", "total",
         "weft: the interface orders has no function `total`\n" ORDERS
         "help: did you mean `order.total`?\n"},
        {"order", "get",
         "weft: no interface `order` is exported\nnote: #get: func()\n" ORDERS REST
         "help: did you mean `orders`?\n"},
        {"", "zzz", "weft: the component's root has no function `zzz`\nnote: #get: func()\n"},
        {NULL, "onyl",
         "weft: no function `onyl` is exported\nnote: #get: func()\n" ORDERS REST
         "help: did you mean `only`?\n"},
        {"users", "find",
         "weft: more than one function is meant by `users#find`\n"
         "note: my:app/users@1.0.0#find: func()\nnote: other:app/users@2.1.0#find: func()\n"
         "help: write the interface's full name\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const exported_func_t *found;
        assert_error(find(cases[i].interface, cases[i].name, &found), cases[i].error);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_found),
        cmocka_unit_test(what_is_not_there_is_told_with_what_is),
    };
    return cmocka_run_group_tests_name("runtime/exports", tests, NULL, NULL);
}
