/* Which known name is meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/nearest.h"

#define STR(text) {text, sizeof(text) - 1}

static void assert_nearest(const char *name, const char *expected) {
    const weft_str_t known[] = {STR("interface"), STR("provider"), STR("inner"),
                                STR("outer"),     STR("path"),     STR("a")};
    weft_str_t found = weft_nearest(weft_str(name), known, sizeof known / sizeof *known);
    assert_int_equal(found.len, strlen(expected));
    assert_memory_equal(found.ptr ? found.ptr : "", expected, found.len);
}

static void few_edits_are_near(void **state) {
    (void)state;
    assert_nearest("interfcae", "interface"); /* a swap is one edit */
    assert_nearest("iner", "inner");
    assert_nearest("innre", "inner");
    assert_nearest("pth", "path");
    assert_nearest("Path", "path");
}

static void a_beginning_is_near(void **state) {
    (void)state;
    assert_nearest("interf", "interface");
    assert_nearest("prov", "provider");
}

static void other_names_are_not(void **state) {
    (void)state;
    assert_nearest("something", "");
    assert_nearest("x", "");
    assert_nearest("", "");
    assert_nearest("i", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_edits_are_near),
        cmocka_unit_test(a_beginning_is_near),
        cmocka_unit_test(other_names_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
