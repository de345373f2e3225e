/* Patterns and version ranges against names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "splice/match.h"
#include "support/version.h"

static bool interface(const char *pattern, const char *name) {
    return weft_match_interface(weft_str(pattern), weft_str(name));
}

static bool node(const char *pattern, const char *name) {
    return weft_match_node(weft_str(pattern), weft_str(name));
}

static bool function(const char *pattern, const char *name) {
    return weft_match_function(weft_str(pattern), weft_str(name));
}

static bool in_range(const char *version, const char *range) {
    return weft_version_in_range(weft_str(version), weft_str(range));
}

static void interface_patterns_match_versions(void **state) {
    (void)state;
    assert_true(interface("wasi:http/handler@0.3.0", "wasi:http/handler@0.3.0"));
    assert_false(interface("wasi:http/handler@0.3.0", "wasi:http/handler@0.3.1"));
    assert_false(interface("wasi:http/handler@0.3.0", "wasi:http/handler"));
    assert_true(interface("wasi:http/handler", "wasi:http/handler@0.3.0"));
    assert_true(interface("wasi:http/handler", "wasi:http/handler"));
    assert_false(interface("wasi:http/handler", "wasi:http/handlers"));
    assert_true(interface("wasi:http/handler@0.3.0-rc-2026-01-06",
                          "wasi:http/handler@0.3.0-rc-2026-01-06"));
    assert_true(interface("wasi:http/handler@*", "wasi:http/handler"));
    assert_true(interface("wasi:http/handler@0.2.*", "wasi:http/handler@0.2.7"));
}

static void interface_patterns_match_globs(void **state) {
    (void)state;
    assert_true(interface("wasi:http/*", "wasi:http/handler@0.3.0"));
    assert_true(interface("wasi:*", "wasi:http/handler@0.3.0"));
    assert_true(interface("*", "run"));
    assert_true(interface("*/h?ndler@^0.3", "wasi:http/handler@0.3.4"));
    assert_false(interface("wasi:http/*@^0.2", "wasi:http/handler@0.3.0"));
}

static void node_globs_stay_within_a_level(void **state) {
    (void)state;
    assert_true(node("auth-*", "auth-backend"));
    assert_false(node("auth-*", "auth-backend/inner"));
    assert_true(node("auth-*/inner", "auth-backend/inner"));
    assert_true(node("**", "a/b/c"));
    assert_true(node("a/**", "a/b/c"));
    assert_true(node("**/c", "a/b/c"));
    assert_true(node("**/*-x/d", "a/b-x/c-x/d"));
    assert_false(node("*/c", "a/b/c"));
    assert_true(node("*/*/c", "a/b/c"));
    assert_false(node("a?b", "a/b"));
    assert_true(node("*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaab"));
    assert_false(node("*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void function_patterns_match_methods(void **state) {
    (void)state;
    assert_true(function("get", "get"));
    assert_false(function("get", "get-all"));
    assert_true(function("get*", "get-all"));
    assert_true(function("order.total", "[method]order.total"));
    assert_true(function("[method]order.*", "[method]order.total"));
    assert_true(function("order*", "[constructor]order"));
    assert_false(function("total", "[method]order.total"));
}

static void version_ranges_mean_what_they_mean_in_cargo(void **state) {
    (void)state;
    assert_true(in_range("1.2.0", "^1.2") && in_range("1.9.9", "^1.2"));
    assert_false(in_range("1.1.9", "^1.2") || in_range("2.0.0", "^1.2"));
    assert_true(in_range("0.3.9", "^0.3") && !in_range("0.4.0", "^0.3"));
    assert_true(in_range("0.9.0", "^0") && !in_range("1.0.0", "^0"));
    assert_true(in_range("0.0.3", "^0.0.3") && !in_range("0.0.4", "^0.0.3"));
    assert_true(in_range("0.0.9", "^0.0") && !in_range("0.1.0", "^0.0"));
    assert_true(in_range("1.2.9", "~1.2") && !in_range("1.3.0", "~1.2"));
    assert_true(in_range("1.3.0", "~1") && !in_range("2.0.0", "~1"));
    assert_true(in_range("9.0.0", ">=1.2.3") && !in_range("1.2.2", ">=1.2.3"));
    assert_false(in_range("0.3.0-rc.1", "^0.3") || in_range("", "^0.3"));
    assert_true(in_range("0.3.0-rc.2", "^0.3.0-rc.1") && in_range("0.3.1", "^0.3.0-rc.1"));
    assert_false(in_range("0.3.1-rc.2", "^0.3.0-rc.1"));
}

static void version_precedence_is_semvers(void **state) {
    (void)state;
    static const char *const order[] = {"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                        "1.0.0-beta",  "1.0.0-beta.2",  "1.0.0-beta.11",
                                        "1.0.0-rc.1",  "1.0.0",         "1.0.1",
                                        "1.10.0",      "2.0.0"};
    enum { COUNT = sizeof order / sizeof *order };
    version_t versions[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        assert_true(weft_version_parse(weft_str(order[i]), false, &versions[i]));
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < COUNT; k++) {
            int expected = (i > k) - (i < k),
                got = weft_version_compare(&versions[i], &versions[k]);
            assert_int_equal((got > 0) - (got < 0), expected);
        }
}

static void version_parse_rejects_what_is_none(void **state) {
    (void)state;
    static const char *const wrong[] = {"",
                                        "1",
                                        "1.2",
                                        "1.2.",
                                        "01.2.3",
                                        "1.2.3-",
                                        "a.b.c",
                                        "1.2.3-a..b",
                                        "1.2.3+",
                                        "1.2.3.4",
                                        "99999999999999999999.0.0"};
    version_t version;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(weft_version_parse(weft_str(wrong[i]), false, &version));
    assert_true(weft_version_parse(weft_str("1.2.3-a.1+b.2"), false, &version));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interface_patterns_match_versions),
        cmocka_unit_test(interface_patterns_match_globs),
        cmocka_unit_test(node_globs_stay_within_a_level),
        cmocka_unit_test(function_patterns_match_methods),
        cmocka_unit_test(version_ranges_mean_what_they_mean_in_cargo),
        cmocka_unit_test(version_precedence_is_semvers),
        cmocka_unit_test(version_parse_rejects_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
