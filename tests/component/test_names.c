/* Names of imports and exports, and versions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component/names.h"

static name_t parsed(const char *text) {
    name_t name;
    weft_error_t *error = weft_name_parse(weft_str(text), &name);
    if (error) fail_msg("%.*s", STR_ARG(weft_error_message(error)));
    return name;
}

static void assert_refused(const char *text, const char *why) {
    name_t name;
    weft_error_t *error = weft_name_parse(weft_str(text), &name);
    assert_non_null(error);
    assert_int_equal(weft_error_message(error).len, strlen(why));
    assert_memory_equal(weft_error_message(error).ptr, why, strlen(why));
    assert_int_equal(weft_error_code(error), WEFT_INVALID);
    weft_error_delete(error);
}

static void assert_is(weft_str_t text, const char *wanted) {
    assert_true(weft_str_eq(text, weft_str(wanted)));
}

static void labels_are_in_kebab_case(void **state) {
    (void)state;
    const char *const good[] = {"a", "a-b-c", "a1-2-3", "A", "A-B1", "a11-w0rds", "m1x3d-4CR0NYMS"};
    const char *const bad[] = {"",     "-",  "a-", "-a",  "1a",   "1",
                               "a--b", "aB", "Ab", "a_b", "a-bC", "\xc3\xa9"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(weft_label_valid(weft_str(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(weft_label_valid(weft_str(bad[i])));
}

static void names_are_taken_apart(void **state) {
    (void)state;
    name_t name = parsed("run-it");
    assert_int_equal(name.kind, NAME_LABEL);
    assert_is(name.label, "run-it");
    name = parsed("[constructor]file");
    assert_int_equal(name.kind, NAME_CONSTRUCTOR);
    assert_is(name.resource, "file");
    name = parsed("[method]file.read-all");
    assert_int_equal(name.kind, NAME_METHOD);
    assert_is(name.resource, "file");
    assert_is(name.label, "read-all");
    assert_int_equal(parsed("[static]a.b").kind, NAME_STATIC);
    name = parsed("[static][set]a.b");
    assert_int_equal(name.kind, NAME_STATIC);
    assert_int_equal(name.accessor, ACCESSOR_SET);
    assert_is(name.label, "b");
    name = parsed("[get]level");
    assert_int_equal(name.kind, NAME_LABEL);
    assert_int_equal(name.accessor, ACCESSOR_GET);
    name = parsed("wasi:http/types@0.2.0-rc.1+b");
    assert_int_equal(name.kind, NAME_INTERFACE);
    assert_is(name.package, "wasi:http");
    assert_is(name.interface_, "types");
    assert_is(name.version, "0.2.0-rc.1+b");
    name = parsed("a:b:c/d/E");
    assert_is(name.package, "a:b:c");
    assert_is(name.interface_, "d/E");
    assert_null(name.version.ptr);
}

static void dependencies_and_urls(void **state) {
    (void)state;
    const char *const good[] = {"unlocked-dep=<a:b>",
                                "unlocked-dep=<a:b@*>",
                                "unlocked-dep=<a:b@{>=1.0.0}>",
                                "unlocked-dep=<a:b@{<1.0.0}>",
                                "unlocked-dep=<a:b@{>=1.0.0 <2.0.0}>",
                                "locked-dep=<a:b@1.2.3>",
                                "locked-dep=<a:b>,integrity=<sha256-aaaa>",
                                "url=<https://x/y?z>",
                                "url=<>,integrity=<sha512-aa==>",
                                "integrity=<sha256-a= sha384-b+/?opt>"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) (void)parsed(good[i]);
    assert_int_equal(parsed("url=<a>").kind, NAME_URL);
    assert_int_equal(parsed("integrity=<sha256-a>").kind, NAME_HASH);
    assert_int_equal(parsed("locked-dep=<a:b>").kind, NAME_DEPENDENCY);
}

static void wrong_names_are_refused_with_the_reason(void **state) {
    (void)state;
    assert_refused("", "`` is not a valid name: `` is not in kebab case");
    assert_refused("a b", "`a b` is not a valid name: `a b` is not in kebab case");
    assert_refused("[method]a",
                   "`[method]a` is not a valid name: there is no `.` behind the resource");
    assert_refused("[method]a.b.c",
                   "`[method]a.b.c` is not a valid name: `b.c` is not in kebab case");
    assert_refused("a:b", "`a:b` is not a valid name: expected `/` at ``");
    assert_refused("A:b/c",
                   "`A:b/c` is not a valid name: namespaces and packages are in lower case");
    assert_refused("a:b/c.d", "`a:b/c.d` is not a valid name: `.d` is too much");
    assert_refused("unlocked-dep=<a:b@{1.0.0}>",
                   "`unlocked-dep=<a:b@{1.0.0}>` is not a valid name: expected `<` at `1.0.0`");
    assert_refused("locked-dep=<a:b@1>",
                   "`locked-dep=<a:b@1>` is not a valid name: `1` is not a version");
    assert_refused("url=<a<b>", "`url=<a<b>` is not a valid name: a URL has no `<` in it");
    assert_refused("integrity=<>", "`integrity=<>` is not a valid name: there is no hash");
    assert_refused("integrity=<md5-a>",
                   "`integrity=<md5-a>` is not a valid name: the hash algorithm "
                   "is none of sha256, sha384, sha512");
    assert_refused("integrity=<sha256-a!>",
                   "`integrity=<sha256-a!>` is not a valid name: the hash is not in base64");
}

static bool same_key(const char *a, const char *b) {
    buf_t left = {0}, right = {0};
    weft_name_key(&left, weft_str(a));
    weft_name_key(&right, weft_str(b));
    bool same = weft_str_eq(weft_buf_as_str(&left), weft_buf_as_str(&right));
    weft_buf_free(&left);
    weft_buf_free(&right);
    return same;
}

/* The example of Explainer.md, Name Uniqueness. */
static void names_are_strongly_unique(void **state) {
    (void)state;
    const char *const unique[] = {
        "foo", "foo-bar", "[constructor]foo", "[method]foo.bar", "[static]foo.baz", "foo:bar/baz"};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < i; j++) assert_false(same_key(unique[i], unique[j]));
    assert_true(same_key("foo", "FOO"));
    assert_true(same_key("foo-bar", "foo-BAR"));
    assert_true(same_key("[constructor]foo", "[constructor]FOO"));
    assert_true(same_key("[method]foo.bar", "[method]foo.BAR"));
    assert_true(same_key("[method]foo.bar", "[static]foo.bar"));
    assert_true(same_key("foo", "[method]foo.foo"));
    assert_true(same_key("foo-bar", "[static]foo-BAR.FOO-bar"));
    assert_true(same_key("foo:bar/baz", "foo:bar/BAZ"));
    assert_false(same_key("foo-bar", "fo-ob-ar"));
    assert_false(same_key("a1", "a-1"));
    assert_true(same_key("[get]foo", "foo"));
    assert_true(same_key("[method][get]r.a", "[static]r.a"));
    assert_false(same_key("[set]foo", "[get]foo"));
    assert_true(same_key("[set]foo", "[set]FOO"));
    assert_false(same_key("foo:bar/baz@1.0.0-a", "foo:bar/baz@1.0.0-A"));
}

static name_match_t match(const char *a, const char *b) {
    name_match_t found = weft_names_match(weft_str(a), weft_str(b));
    assert_int_equal(found, weft_names_match(weft_str(b), weft_str(a)));
    return found;
}

static void names_match_by_version(void **state) {
    (void)state;
    assert_int_equal(match("a:b/c@1.2.0", "a:b/c@1.2.0"), NAMES_EQUAL);
    assert_int_equal(match("run", "run"), NAMES_EQUAL);
    assert_int_equal(match("a:b/c@1.2.0", "a:b/c@1.2.3"), NAMES_COMPATIBLE);
    assert_int_equal(match("a:b/c@1.2.0", "a:b/c@1.3.0"), NAMES_COMPATIBLE);
    assert_int_equal(match("a:b/c@1.2.0", "a:b/c@2.0.0"), NAMES_DIFFER);
    assert_int_equal(match("a:b/c@0.2.0", "a:b/c@0.2.9"), NAMES_COMPATIBLE);
    assert_int_equal(match("a:b/c@0.2.0", "a:b/c@0.3.0"), NAMES_DIFFER);
    assert_int_equal(match("a:b/c@0.0.1", "a:b/c@0.0.2"), NAMES_DIFFER);
    assert_int_equal(match("a:b/c@1.0.0-rc.1", "a:b/c@1.0.0"), NAMES_DIFFER);
    assert_int_equal(match("a:b/c", "a:b/c@1.0.0"), NAMES_DIFFER);
    assert_int_equal(match("a:b/c@1.0.0", "a:b/d@1.0.0"), NAMES_DIFFER);
    assert_int_equal(match("a:b/c@1", "a:b/c@1.4.0"), NAMES_COMPATIBLE);
    assert_int_equal(match("a:b/c@0.2", "a:b/c@0.2.6"), NAMES_COMPATIBLE);
    assert_int_equal(match("a:b/c@0.2", "a:b/c@0.3.6"), NAMES_DIFFER);
}

static void assert_version(const char *name, const char *suffix, bool valid) {
    name_t parts = parsed(name);
    weft_error_t *error =
        weft_name_check_version(&parts, suffix ? weft_str(suffix) : (weft_str_t){NULL, 0});
    assert_int_equal(error == NULL, valid);
    weft_error_delete(error);
}

static void a_version_may_go_on_in_its_suffix(void **state) {
    (void)state;
    assert_version("a:b/c", NULL, true);
    assert_version("a:b/c@1.2.3", NULL, true);
    assert_version("a:b/c@1", ".2.3", true);
    assert_version("a:b/c@0.2", ".6-rc.1", true);
    assert_version("a:b/c@1", NULL, true);
    assert_version("a:b/c@0.2", NULL, true);
    assert_version("a:b/c@0", NULL, false);
    assert_version("a:b/c@1.2", NULL, false);
    assert_version("a:b/c@", NULL, false);
    assert_version("a:b/c@1", "x", false);
    assert_version("a:b/c@1", "", false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_in_kebab_case),
        cmocka_unit_test(names_are_taken_apart),
        cmocka_unit_test(dependencies_and_urls),
        cmocka_unit_test(wrong_names_are_refused_with_the_reason),
        cmocka_unit_test(names_are_strongly_unique),
        cmocka_unit_test(names_match_by_version),
        cmocka_unit_test(a_version_may_go_on_in_its_suffix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
