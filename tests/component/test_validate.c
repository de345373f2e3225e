/* What validation refuses, and what it must not refuse. One row for each rule: a component that breaks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component/validate/validate.h"
#include "component/wat.h"

typedef struct broken {
    const char *text;
    const char *message; /* without the offset, which is checked to be there */
} broken_t;

static void assert_all_refused(const broken_t *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        wat_t wat;
        wat_read(&wat, rows[i].text);
        if (!wat.error) wat.error = weft_validate(wat.pool, wat.document);
        if (!wat.error) fail_msg("accepted: %s", rows[i].text);
        assert_true(weft_error_offset(wat.error) < wat.bytes.len);
        weft_str_t message = weft_error_message(wat.error);
        if (!weft_str_eq(message, weft_str(rows[i].message)))
            fail_msg("%s\n  found    %.*s\n  expected %s", rows[i].text, STR_ARG(message),
                     rows[i].message);
        wat_free(&wat);
    }
}

#define ASSERT_REFUSED(rows) assert_all_refused(rows, sizeof(rows) / sizeof *(rows))

static void assert_valid(const char *text) {
    wat_t wat;
    wat_read(&wat, text);
    if (!wat.error) wat.error = weft_validate(wat.pool, wat.document);
    if (wat.error) fail_msg("refused: %s\n  %.*s", text, STR_ARG(weft_error_message(wat.error)));
    wat_free(&wat);
}

static void type_definitions(void **state) {
    (void)state;
    static const broken_t rows[] = {
        {"(component (type (record)))", "a record has at least one label"},
        {"(component (type (tuple)))", "a tuple has at least one element"},
        {"(component (type (record (field \"A_b\" u8))))",
         "the field name `A_b` is not in kebab case"},
        {"(component (type (record (field \"a-b\" u8) (field \"A-b\" u8))))",
         "the field name `A-b` is there twice"},
        {"(component (type (enum \"a\" \"a\")))", "the case name `a` is there twice"},
        {"(component (type (func (param \"a\" u8) (param \"A\" u8))))",
         "the parameter name `A` is there twice"},
        {"(component (type (list u8 0)))", "a list has at least one element"},
        {"(component (type (list u8 268435456)))",
         "a value of this type takes more than 268435455 bytes"},
        {"(component (type (map f32 u8)))",
         "the key of a map is a bool, an integer, a char or a string"},
        {"(component (type $r (resource (rep i32))) (type (map u8 (own $r))))",
         "the values of a map cannot hold handles"},
        {"(component (type (stream char)))", "stream<char> is not valid (stream<u8> is)"},
        {"(component (type $r (resource (rep i32))) (type (future (borrow $r))))",
         "a future cannot hold a borrow"},
        {"(component (type $r (resource (rep i32))) (type (func (result (borrow $r)))))",
         "a function cannot return a borrow"},
        {"(component (type (resource (rep f32))))",
         "a resource is represented by an i32 or an i64"},
        {"(component (type (component (type (resource (rep i32))))))",
         "a resource is defined in a component, not in a type"},
        {"(component $o (component $c) (type (component (alias outer $o $c (component)))))",
         "a component cannot be aliased inside a type"},
    };
    ASSERT_REFUSED(rows);
    assert_valid("(component (type (list u8 268435455)) (type (map string (list u8))))");
}

static void names(void **state) {
    (void)state;
    static const broken_t rows[] = {
        {"(component (import \"a b\" (func)))",
         "`a b` is not a valid name: `a b` is not in kebab case"},
        {"(component (import \"a-b\" (func)) (import \"A-B\" (func)))",
         "the import `A-B` conflicts with `a-b` before it"},
        {"(component (import \"a:b/c@x\" (func)))", "`x` is not a version"},
        {"(component (import \"a\" (implements \"a:b/c\") (func)))",
         "the import `a` is no instance, so it cannot have `implements`"},
        {"(component (import \"a:b/d\" (implements \"a:b/c\") (instance)))",
         "the import `a:b/d` is no plain name, so it cannot have `implements`"},
        {"(component (import \"a\" (implements \"b\") (instance)))",
         "the import `a` implements what is no interface"},
        {"(component (import \"f\" (func $f)) (export \"url=<x>\" (func $f)))",
         "the export `url=<x>` has a name for imports only"},
        {"(component (import \"a\" (func $f))"
         " (instance (export \"x\" (func $f)) (export \"X\" (func $f))))",
         "the export `X` conflicts with `x` before it"},
    };
    ASSERT_REFUSED(rows);
    assert_valid("(component (import \"a\" (func $a)) (export \"a\" (func $a))"
                 " (import \"a:b/c@1\" (instance)) (import \"a:b/c@1.0.0\" (instance))"
                 " (import \"a1\" (func)) (import \"a-1\" (func)))");
}

static void annotated_names(void **state) {
    (void)state;
    static const broken_t rows[] = {
        {"(component (import \"[constructor]a\" (func)))",
         "the import `[constructor]a` must return its resource, or a result of it"},
        {"(component (import \"a\" (type $a (sub resource)))"
         " (import \"[constructor]b\" (func (result (own $a)))))",
         "the import `[constructor]b` is about the resource `a`"},
        {"(component (import \"[method]a.b\" (instance)))",
         "the import `[method]a.b` must be a function"},
        {"(component (import \"a\" (type $a (sub resource)))"
         " (import \"[method]a.b\" (func (param \"x\" (borrow $a)))))",
         "the import `[method]a.b` must have a first parameter `self`, a borrow of its resource"},
        {"(component (import \"[static]a.b\" (func)))",
         "the import `[static]a.b` is about a resource that has no name here"},
        {"(component (import \"[get]a\" (func)))",
         "the import `[get]a` is a getter, which returns a value"},
        {"(component (import \"[set]a\" (func (param \"v\" u8))))",
         "the import `[set]a` is a setter without a getter before it"},
        {"(component (import \"[get]a\" (func (result u8)))"
         " (import \"[set]a\" (func (param \"v\" u16))))",
         "the import `[set]a` takes another type than its getter returns"},
        /* an instance made of inline exports gives resources no names */
        {"(component (import \"a\" (type $a (sub resource)))"
         " (import \"[constructor]a\" (func $f (result (own $a))))"
         " (instance (export \"a\" (type $a)) (export \"[constructor]a\" (func $f))))",
         "the export `[constructor]a` is about a resource that has no name here"},
    };
    ASSERT_REFUSED(rows);
    assert_valid(
        "(component (import \"a\" (type $a (sub resource)))"
        " (import \"[constructor]a\" (func (result (result (own $a) (error string)))))"
        " (import \"[method]a.m\" (func (param \"self\" (borrow $a))))"
        " (import \"[method][get]a.x\" (func (param \"self\" (borrow $a)) (result u8)))"
        " (import \"[method][set]a.x\" (func (param \"self\" (borrow $a)) (param \"v\" u8)))"
        " (import \"[static]a.s\" (func)))");
}

static void visibility_of_types(void **state) {
    (void)state;
    static const broken_t rows[] = {
        {"(component (type $r (record (field \"x\" u8))) (import \"f\" (func (param \"r\" $r))))",
         "the import `f` mentions a type that has no name on the outside"},
        {"(component (type $r (enum \"x\")) (import \"f\" (func (result (list (option $r))))))",
         "the import `f` mentions a type that has no name on the outside"},
        /* it must be that very name */
        {"(component (type $r (enum \"x\")) (import \"r\" (type (eq $r)))"
         " (import \"f\" (func (param \"r\" $r))))",
         "the import `f` mentions a type that has no name on the outside"},
        /* named by an export is not named for an import */
        {"(component (type $r' (enum \"x\")) (export $r \"r\" (type $r'))"
         " (import \"f\" (func (param \"r\" $r))))",
         "the import `f` mentions a type that has no name on the outside"},
        {"(component (type $a (enum \"x\")) (type $r (record (field \"a\" $a)))"
         " (export \"r\" (type $r)))",
         "the export `r` mentions a type that has no name on the outside"},
    };
    ASSERT_REFUSED(rows);
    assert_valid("(component (type $a' (enum \"x\")) (import \"a\" (type $a (eq $a')))"
                 " (type $r' (record (field \"a\" (list $a)))) (export $r \"r\" (type $r'))"
                 " (import \"f\" (func $f (param \"a\" $a)))"
                 " (export \"f\" (func $f)))");
}

static void resources_do_not_leak(void **state) {
    (void)state;
    static const broken_t rows[] = {
        {"(component (type $r (resource (rep i32))) (export $e \"r\" (type $r))"
         " (import \"f\" (func (param \"x\" (own $e)))))",
         "the import `f` mentions a type that has no name on the outside"},
        {"(component (component $c (type $r (resource (rep i32))) (export \"r\" (type $r)))"
         " (instance $i (instantiate $c)) (alias export $i \"r\" (type $r))"
         " (canon resource.new $r (core func)))",
         "resource.new is for resources that the component itself defines"},
    };
    ASSERT_REFUSED(rows);
}

static void canonical_options(void **state) {
    (void)state;
    static const broken_t rows[] = {
        {"(component (import \"f\" (func $f))"
         " (core func (canon lower (func $f) string-encoding=utf8 string-encoding=utf16)))",
         "two string encodings are given"},
        {"(component (import \"f\" (func $f)) (core func (canon lower (func $f) async)))",
         "`async` needs the type of an async function"},
        {"(component (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
         " (import \"f\" (func $f))"
         " (core func (canon lower (func $f) (post-return (core func $i \"f\")))))",
         "`post-return` is an option of lift only"},
        {"(component (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
         " (import \"f\" (func $f))"
         " (core func (canon lower (func $f) (realloc (core func $i \"f\")))))",
         "`realloc` needs `memory`"},
        {"(component (type $s (stream u8)) (core func (canon stream.read $s async)))",
         "the canonical option `memory` is missing"},
        {"(component (type $s (future u8)) (core func (canon stream.new $s)))",
         "stream.new is for a stream type"},
        {"(component (core func (canon error-context.new string-encoding=utf8)))",
         "the canonical option `memory` is missing"},
        {"(component (core func (canon context.get i32 2)))", "there are two context slots"},
        {"(component (core func (canon context.get i32 0)) (core func (canon context.set i64 0)))",
         "the context slots of a component have one type"},
    };
    ASSERT_REFUSED(rows);
}

static void values_are_used_once(void **state) {
    (void)state;
    static const broken_t rows[] = {
        {"(component (import \"v\" (value string)))", "value 0 is never used"},
        {"(component (import \"v\" (value $v u8)) (export \"a\" (value $v))"
         " (export \"b\" (value $v)))",
         "value 0 is used more than once"},
        {"(component (import \"f\" (func $f (param \"x\" u8))) (start $f))",
         "the start function takes 1 values, not 0"},
    };
    ASSERT_REFUSED(rows);
}

static void nested_bodies_are_looked_into(void **state) {
    (void)state;
    static const broken_t rows[] = {
        {"(component (component (component (type (record)))))", "a record has at least one label"},
        {"(component (type (component (type (instance (type (record)))))))",
         "a record has at least one label"},
    };
    ASSERT_REFUSED(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(type_definitions),      cmocka_unit_test(names),
        cmocka_unit_test(annotated_names),       cmocka_unit_test(visibility_of_types),
        cmocka_unit_test(resources_do_not_leak), cmocka_unit_test(canonical_options),
        cmocka_unit_test(values_are_used_once),  cmocka_unit_test(nested_bodies_are_looked_into),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
