/* Following references across instantiations, and who uses what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/oracle.h"
#include "graph/resolve.h"

typedef struct opened {
    weft_bytes_t bytes;
    document_t *document;
    resolver_t *resolver;
    const context_t *root;
} opened_t;

static opened_t open_text(const char *wat) {
    opened_t opened = {.bytes = oracle_parse(wat)};
    assert_null(weft_document_read(opened.bytes, &opened.document));
    assert_null(weft_resolver_new(opened.document, &opened.resolver));
    opened.root = weft_resolver_root(opened.resolver);
    return opened;
}

static void close_text(opened_t *opened) {
    weft_resolver_delete(opened->resolver);
    weft_document_delete(opened->document);
    free((void *)opened->bytes.ptr);
}

/* The definition of a sort and index in a scope. */
static def_t *nth(const scope_t *scope, sort_t sort, uint32_t index) {
    assert_true(index < scope->spaces[sort].count);
    return scope->spaces[sort].items[index];
}

static const place_t *resolved(opened_t *opened, const context_t *context, def_t *def) {
    const place_t *place = NULL;
    assert_null(weft_resolve(opened->resolver, context, def, &place));
    return place;
}

/* The root gives `a` and `b` of its host to two instances of one component, which hands on what it got. */
static const char twice[] =
    "(component (import \"a\" (func $a)) (import \"b\" (instance $b (export \"f\" (func))))"
    " (component $c (import \"in\" (func $in)) (export \"out\" (func $in)))"
    " (instance $x (instantiate $c (with \"in\" (func $a))))"
    " (alias export $b \"f\" (func $bf))"
    " (instance $y (instantiate $c (with \"in\" (func $bf))))"
    " (alias export $x \"out\" (func)) (alias export $y \"out\" (func)))";

static void import_means_what_each_instance_was_given(void **state) {
    (void)state;
    opened_t opened = open_text(twice);
    const scope_t *scope = opened.root->scope;
    const place_t *x = resolved(&opened, opened.root, nth(scope, SORT_FUNC, 2));
    const place_t *y = resolved(&opened, opened.root, nth(scope, SORT_FUNC, 3));
    const def_t *import;
    buf_t path = {0};

    assert_int_equal(x->end->kind, END_HOST);
    assert_null(weft_place_host(x, &import, &path));
    assert_ptr_equal(import, nth(scope, SORT_FUNC, 0));
    assert_int_equal(path.len, 0);

    assert_int_equal(y->end->kind, END_HOST);
    assert_null(weft_place_host(y, &import, &path));
    assert_ptr_equal(import, nth(scope, SORT_INSTANCE, 0));
    assert_true(weft_str_eq(weft_buf_as_str(&path), weft_str("#f")));
    weft_buf_free(&path);
    close_text(&opened);
}

/* alias -> export of the instance -> its import -> the argument, which is the host's. */
static void way_tells_every_step(void **state) {
    (void)state;
    opened_t opened = open_text(twice);
    const place_t *place = resolved(&opened, opened.root, nth(opened.root->scope, SORT_FUNC, 2));
    const def_kind_t kinds[] = {DEF_ALIAS_EXPORT, DEF_EXPORT, DEF_IMPORT, DEF_IMPORT};
    const place_t *at = place;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++, at = at->next) {
        assert_non_null(at);
        assert_int_equal(at->def->kind, kinds[i]);
        assert_int_equal(at->context->depth, i == 1 || i == 2);
        assert_ptr_equal(at->end, place->end);
    }
    assert_null(at);
    assert_null(place->door);
    assert_ptr_equal(place->detour, place->next);
    close_text(&opened);
}

static void places_are_shared(void **state) {
    (void)state;
    opened_t opened = open_text(twice);
    def_t *func = nth(opened.root->scope, SORT_FUNC, 2);
    assert_ptr_equal(resolved(&opened, opened.root, func), resolved(&opened, opened.root, func));
    close_text(&opened);
}

/* Two thousand components that hand on: no recursion, and every one is passed. */
static void long_chains_of_components_resolve(void **state) {
    (void)state;
    enum { LENGTH = 2000 };
    buf_t wat = {0};
    weft_buf_printf(&wat, "(component (import \"a\" (func $f0))"
                          " (component $c (import \"in\" (func $in)) (export \"out\" (func $in)))");
    for (int i = 1; i <= LENGTH; i++)
        weft_buf_printf(&wat,
                        "(instance $i%d (instantiate $c (with \"in\" (func $f%d))))"
                        " (alias export $i%d \"out\" (func $f%d))",
                        i, i - 1, i, i);
    weft_buf_printf(&wat, ")%c", 0);
    opened_t opened = open_text((const char *)wat.data);
    const place_t *place =
        resolved(&opened, opened.root, nth(opened.root->scope, SORT_FUNC, LENGTH));
    assert_ptr_equal(place->end->def, nth(opened.root->scope, SORT_FUNC, 0));
    size_t detours = 0;
    for (const place_t *at = place->detour; at; at = at->next->detour) detours++;
    assert_int_equal(detours, LENGTH);
    weft_buf_free(&wat);
    close_text(&opened);
}

static void lift_in_a_nested_component_is_an_end(void **state) {
    (void)state;
    opened_t opened =
        open_text("(component (component $outer (component $inner"
                  "  (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))"
                  "  (func $f (canon lift (core func $i \"f\")))"
                  "  (instance $api (export \"f\" (func $f))) (export \"a:b/c\" (instance $api)))"
                  "  (instance $inner (instantiate $inner))"
                  "  (export \"a:b/c\" (instance $inner \"a:b/c\")))"
                  " (instance $outer (instantiate $outer))"
                  " (alias export $outer \"a:b/c\" (instance $s)) (alias export $s \"f\" (func)))");
    const place_t *func = resolved(&opened, opened.root, nth(opened.root->scope, SORT_FUNC, 0));
    assert_int_equal(func->end->kind, END_FUNC);
    assert_int_equal(func->end->context->depth, 2);

    const place_t *instance = func->via;
    assert_int_equal(instance->end->kind, END_INSTANCE);
    assert_int_equal(instance->door->context->depth, 1);
    assert_int_equal(instance->door->next->door->context->depth, 2);
    assert_null(instance->detour);

    const place_t *member;
    assert_null(weft_resolve_member(opened.resolver, instance, weft_str("f"), &member));
    assert_ptr_equal(member->end, func->end);
    assert_null(weft_resolve_member(opened.resolver, instance, weft_str("g"), &member));
    assert_null(member);
    close_text(&opened);
}

static void argument_of_a_context(void **state) {
    (void)state;
    opened_t opened = open_text(twice);
    context_t *inside;
    const named_def_t *arg;
    assert_null(weft_enter(opened.resolver, opened.root, nth(opened.root->scope, SORT_INSTANCE, 1),
                           &inside));
    assert_null(weft_context_arg(opened.resolver, inside, weft_str("in"), &arg));
    assert_ptr_equal(arg->def, nth(opened.root->scope, SORT_FUNC, 0));
    assert_null(weft_context_arg(opened.resolver, inside, weft_str("out"), &arg));
    assert_null(arg);
    close_text(&opened);
}

/* A question that failed fails again in the same way. */
static void error_repeats(void **state) {
    (void)state;
    opened_t opened = open_text("(component (component $c (import \"in\" (func $in))"
                                " (export \"out\" (func $in)))"
                                " (instance $x (instantiate $c))"
                                " (alias export $x \"out\" (func)))");
    for (int i = 0; i < 2; i++) {
        const place_t *place;
        weft_error_t *error = weft_resolve(opened.resolver, opened.root,
                                           nth(opened.root->scope, SORT_FUNC, 0), &place);
        assert_int_equal(weft_error_code(error), WEFT_INVALID);
        assert_true(weft_str_eq(
            weft_error_message(error),
            weft_str("the instance lacks the argument \"in\" that its component imports")));
        weft_error_delete(error);
    }
    close_text(&opened);
}

static void uses_are_listed_in_order(void **state) {
    (void)state;
    opened_t opened = open_text(twice);
    scope_t *scope = opened.root->scope;
    uses_t uses;
    assert_null(weft_scope_uses(scope, &uses));

    const def_t *component = nth(scope, SORT_COMPONENT, 0);
    const use_t *use = weft_uses_of(&uses, component);
    assert_ptr_equal(use->user, nth(scope, SORT_INSTANCE, 1));
    assert_ptr_equal(*use->ref, component);
    assert_ptr_equal(use->next->user, nth(scope, SORT_INSTANCE, 2));
    assert_null(use->next->next);
    assert_null(weft_uses_of(&uses, nth(scope, SORT_FUNC, 3)));
    weft_uses_free(&uses);
    close_text(&opened);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import_means_what_each_instance_was_given),
        cmocka_unit_test(way_tells_every_step),
        cmocka_unit_test(places_are_shared),
        cmocka_unit_test(long_chains_of_components_resolve),
        cmocka_unit_test(lift_in_a_nested_component_is_an_end),
        cmocka_unit_test(argument_of_a_context),
        cmocka_unit_test(error_repeats),
        cmocka_unit_test(uses_are_listed_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
