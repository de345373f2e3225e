/* The core side of components: what does not fit is refused, and what fits is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "abi/validate.h"
#include "common/oracle.h"
#include "component/validate/validate.h"

static weft_error_t *validate(weft_bytes_t bytes) {
    document_t *document;
    type_pool_t *pool;
    assert_null(weft_document_read(bytes, &document));
    assert_null(weft_type_pool_new(&pool));
    weft_error_t *error = weft_validate(pool, document);
    if (!error) error = weft_abi_validate(pool, document);
    weft_type_pool_delete(pool);
    weft_document_delete(document);
    return error;
}

static void assert_refused(const char *text, const char *message) {
    weft_bytes_t bytes = oracle_parse(text);
    weft_error_t *error = validate(bytes);
    if (!error) fail_msg("accepted: %s", text);
    assert_true(weft_error_offset(error) < bytes.len);
    if (!weft_str_eq(weft_error_message(error), weft_str(message)))
        fail_msg("%s\n  found    %.*s\n  expected %s", text, STR_ARG(weft_error_message(error)),
                 message);
    weft_error_delete(error);
    free((void *)(uintptr_t)bytes.ptr);
}

static void assert_valid(const char *text) {
    weft_bytes_t bytes = oracle_parse(text);
    weft_error_t *error = validate(bytes);
    if (error) fail_msg("refused: %s\n  %.*s", text, STR_ARG(weft_error_message(error)));
    free((void *)(uintptr_t)bytes.ptr);
}

#define LIBC                                                                                       \
    " (core module $libc (memory (export \"m\") 1) (memory (export \"m64\") i64 1)"                \
    "  (memory (export \"shared\") 1 2 shared)"                                                    \
    "  (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) unreachable)"               \
    "  (func (export \"none\")) (func (export \"i\") (param i32))"                                 \
    "  (func (export \"ii-i\") (param i32 i32) (result i32) unreachable))"                         \
    " (core instance $libc (instantiate $libc))"

static void core_arguments_fit(void **state) {
    (void)state;
    assert_refused("(component (core module $m (import \"a\" \"f\" (func)))"
                   " (core instance (instantiate $m)))",
                   "the core module imports from `a`, which no argument is named");
    assert_refused("(component" LIBC " (core module $m (import \"a\" \"f\" (func)))"
                   " (core instance (instantiate $m (with \"a\" (instance $libc)))))",
                   "the argument `a` has no export `f`");
    assert_refused("(component" LIBC " (core module $m (import \"a\" \"i\" (func)))"
                   " (core instance (instantiate $m (with \"a\" (instance $libc)))))",
                   "the export `i` of the argument `a` does not fit: its signature differs");
    assert_refused("(component" LIBC " (core module $m (import \"a\" \"m\" (memory 2)))"
                   " (core instance (instantiate $m (with \"a\" (instance $libc)))))",
                   "the export `m` of the argument `a` does not fit: it may be smaller than is "
                   "asked for");
    assert_refused("(component" LIBC " (core module $m (import \"a\" \"m\" (memory 1 5)))"
                   " (core instance (instantiate $m (with \"a\" (instance $libc)))))",
                   "the export `m` of the argument `a` does not fit: it may grow larger than is "
                   "asked for");
    assert_refused("(component" LIBC " (core module $m (import \"a\" \"none\" (global i32)))"
                   " (core instance (instantiate $m (with \"a\" (instance $libc)))))",
                   "the export `none` of the argument `a` does not fit: it is of another kind");
    assert_refused("(component" LIBC " (core module $m) (core instance (instantiate $m"
                   " (with \"a\" (instance $libc)) (with \"a\" (instance $libc)))))",
                   "the argument `a` is there twice");
    assert_valid("(component" LIBC " (core module $m (import \"a\" \"m\" (memory 0))"
                 "  (import \"b\" \"f\" (func (param i32))))"
                 " (core instance $b (export \"f\" (func $libc \"i\")))"
                 " (core instance (instantiate $m (with \"a\" (instance $libc))"
                 "  (with \"b\" (instance $b)))))");
}

static void core_aliases_name_what_is_there(void **state) {
    (void)state;
    assert_refused("(component" LIBC " (alias core export $libc \"x\" (core func)))",
                   "core instance 0 has no export named `x`");
    assert_refused("(component" LIBC " (alias core export $libc \"m\" (core func)))",
                   "the export `m` of core instance 0 is a memory, not a core func");
}

static void a_lifted_function_has_the_flat_signature(void **state) {
    (void)state;
    assert_refused("(component" LIBC
                   " (func (param \"x\" u64) (canon lift (core func $libc \"i\"))))",
                   "the core function that is lifted has the wrong signature");
    assert_refused("(component" LIBC " (func (param \"x\" u32) (result u8)"
                   " (canon lift (core func $libc \"i\"))))",
                   "the core function that is lifted has the wrong signature");
    assert_refused("(component" LIBC " (func (param \"x\" string)"
                   " (canon lift (core func $libc \"i\") (memory (core memory $libc \"m\")))))",
                   "the canonical option `realloc` is missing");
    assert_refused("(component" LIBC " (func (result string)"
                   " (canon lift (core func $libc \"i\"))))",
                   "the canonical option `memory` is missing");
    assert_refused("(component" LIBC " (func (param \"x\" u32)"
                   " (canon lift (core func $libc \"i\") (post-return (core func $libc \"i\")))))",
                   "the `post-return` function has the wrong signature");
    assert_valid(
        "(component" LIBC " (func (param \"x\" string) (result char)"
        " (canon lift (core func $libc \"ii-i\") (memory (core memory $libc \"m\"))"
        "  (realloc (core func $libc \"realloc\")) (post-return (core func $libc \"i\")))))");
}

static void options_name_what_fits(void **state) {
    (void)state;
    assert_refused("(component" LIBC " (import \"f\" (func $f (result string)))"
                   " (core func (canon lower (func $f) (memory (core memory $libc \"m\"))"
                   "  (realloc (core func $libc \"i\")))))",
                   "the `realloc` function has the wrong signature");
    assert_refused("(component" LIBC " (import \"f\" (func $f (result string)))"
                   " (core func (canon lower (func $f) (memory (core memory $libc \"m64\"))"
                   "  (realloc (core func $libc \"realloc\")))))",
                   "the `realloc` function has the wrong signature");
    assert_refused("(component" LIBC " (import \"f\" (func $f (param \"s\" string)))"
                   " (core func (canon lower (func $f) (memory (core memory $libc \"shared\")))))",
                   "the memory of a canonical definition cannot be shared");
    assert_refused("(component" LIBC " (import \"f\" (func $f (param \"s\" string)))"
                   " (core func (canon lower (func $f))))",
                   "the canonical option `memory` is missing");
    assert_refused("(component" LIBC
                   " (type (resource (rep i32) (dtor (core func $libc \"none\")))))",
                   "the destructor has the wrong signature");
}

/* Each built-in given to a module that imports it with its signature, and with another. */
static void built_ins_have_their_signatures(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"canon resource.new $r", "(param i32) (result i32)"},
        {"canon resource.rep $r", "(param i32) (result i32)"},
        {"canon resource.drop $r", "(param i32)"},
        {"canon task.return (result string) (memory (core memory $libc \"m\"))", "(param i32 i32)"},
        {"canon task.cancel", ""},
        {"canon subtask.cancel", "(param i32) (result i32)"},
        {"canon subtask.drop", "(param i32)"},
        {"canon backpressure.inc", ""},
        {"canon context.get i64 0", "(result i64)"},
        {"canon context.set i32 1", "(param i32)"},
        {"canon thread.yield", "(result i32)"},
        {"canon stream.new $s", "(result i64)"},
        {"canon stream.read $s async (memory (core memory $libc \"m\"))",
         "(param i32 i32 i32) (result i32)"},
        {"canon stream.write $s async (memory (core memory $libc \"m64\"))",
         "(param i32 i64 i64) (result i64)"},
        {"canon stream.cancel-read $s", "(param i32) (result i32)"},
        {"canon stream.drop-writable $s", "(param i32)"},
        {"canon future.new $f", "(result i64)"},
        {"canon future.read $f async (memory (core memory $libc \"m\"))",
         "(param i32 i32) (result i32)"},
        {"canon error-context.new (memory (core memory $libc \"m\"))",
         "(param i32 i32) (result i32)"},
        {"canon error-context.debug-message (memory (core memory $libc \"m\"))"
         " (realloc (core func $libc \"realloc\"))",
         "(param i32 i32)"},
        {"canon error-context.drop", "(param i32)"},
        {"canon waitable-set.new", "(result i32)"},
        {"canon waitable-set.wait (memory (core memory $libc \"m\"))",
         "(param i32 i32) (result i32)"},
        {"canon waitable-set.poll (memory (core memory $libc \"m64\"))",
         "(param i32 i64) (result i32)"},
        {"canon waitable-set.drop", "(param i32)"},
        {"canon waitable.join", "(param i32 i32)"},
        {"canon lower (func $imported)", "(param i32 i64) (result f32)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[2048];
        for (int right = 0; right < 2; right++) {
            (void)snprintf(text, sizeof text,
                           "(component" LIBC " (type $r (resource (rep i32)))"
                           " (type $s (stream u8)) (type $f (future u8))"
                           " (import \"f\" (func $imported (param \"a\" u8) (param \"b\" u64)"
                           "  (result f32)))"
                           " (core func $x (%s))"
                           " (core module $m (import \"a\" \"x\" (func %s)))"
                           " (core instance $a (export \"x\" (func $x)))"
                           " (core instance (instantiate $m (with \"a\" (instance $a)))))",
                           rows[i][0], right ? rows[i][1] : "(param f64 f64)");
            if (right) assert_valid(text);
            else
                assert_refused(text, "the export `x` of the argument `a` does not fit: its "
                                     "signature differs");
        }
    }
}

static void core_modules_are_arguments_too(void **state) {
    (void)state;
    assert_refused("(component"
                   " (component $c (import \"m\" (core module (export \"f\" (func)))))"
                   " (core module $m)"
                   " (instance (instantiate $c (with \"m\" (core module $m)))))",
                   "the core module has no export `f`");
    assert_refused("(component"
                   " (component $c (import \"m\" (core module (export \"f\" (func)))))"
                   " (core module $m (func (export \"f\") (param i32)))"
                   " (instance (instantiate $c (with \"m\" (core module $m)))))",
                   "the export `f` of the core module does not fit: its signature differs");
    assert_refused("(component"
                   " (component $c (import \"m\" (core module)))"
                   " (core module $m (import \"a\" \"b\" (func)))"
                   " (instance (instantiate $c (with \"m\" (core module $m)))))",
                   "the core module has an import that is not asked for, `b`");
    assert_valid("(component"
                 " (component $c (import \"m\" (core module (import \"a\" \"b\" (func))"
                 "  (export \"f\" (func)))))"
                 " (core module $m (func (export \"f\")) (func (export \"g\")))"
                 " (instance (instantiate $c (with \"m\" (core module $m)))))");
}

static void module_types_name_things_once(void **state) {
    (void)state;
    assert_refused("(component (core type (module (export \"a\" (func)) (export \"a\" (func)))))",
                   "the export `a` is there twice");
    assert_refused("(component (core type (module (import \"a\" \"b\" (func))"
                   " (import \"a\" \"b\" (func)))))",
                   "the import `b` of `a` is there twice");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(core_arguments_fit),
        cmocka_unit_test(core_aliases_name_what_is_there),
        cmocka_unit_test(a_lifted_function_has_the_flat_signature),
        cmocka_unit_test(options_name_what_fits),
        cmocka_unit_test(built_ins_have_their_signatures),
        cmocka_unit_test(core_modules_are_arguments_too),
        cmocka_unit_test(module_types_name_things_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
