/* Types that nest deeply: what moves their values goes as deep, on what a guest left of the native stack. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/stack.h"
#include "support/buf.h"

/* What the engine takes, and what the reader takes. */
enum { DEEP = 95, TOO_DEEP = 900 };

/* $t1 is `constructor` of $t0, which is `innermost`, and so on up to $t<depth>. */
static void write_types(buf_t *out, const char *constructor, const char *innermost,
                        unsigned depth) {
    weft_buf_printf(out, "(type $t0 %s)", innermost);
    for (unsigned i = 1; i <= depth; i++)
        weft_buf_printf(out, "(type $t%u (%s $t%u))", i, constructor, i - 1);
}

static const char *text_of(buf_t *out) {
    weft_buf_byte(out, 0);
    assert_false(out->failed);
    return (const char *)out->data;
}

static guest_component_t guest_from(buf_t *out, const weft_options_t *options) {
    guest_component_t guest = guest_of(engine, text_of(out), options);
    weft_buf_free(out);
    return guest;
}

/* ---- too deep --------------------------------------------------------------------------------- */

/* What is lowered is looked at when the component starts, what is lifted when it is looked up. */
static void assert_too_deep(buf_t *out, const weft_options_t *options) {
    weft_func_t *func;
    guest_component_t guest = guest_from(out, options);
    weft_error_t *error = weft_plugin_start(guest.plugin);
    if (!error) {
        assert_ok(weft_plugin_func(guest.plugin, NULL, "f", &func));
        error = weft_func_prepare_flat(func);
    }
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    assert_error(error, "weft: the type of a function nests more than 100 deep\n");
    guest_delete(&guest);
}

static weft_error_t *take(void *context, const weft_value_t *args, size_t count,
                          weft_value_t *result) {
    (void)args, (void)count, (void)result;
    ++*(unsigned *)context;
    return NULL;
}

static void what_nests_too_deep_is_refused_before_it_is_called(void **state) {
    (void)state;
    unsigned calls = 0;
    weft_host_func_t funcs[] = {{NULL, "f", take, &calls}};
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT, .funcs = funcs, .func_count = 1};
    buf_t param = {0}, result = {0}, lowered = {0};
    give_signals_back();

    weft_buf_printf(&param,
                    "(component (core module $m (memory (export \"m\") 1)"
                    "  (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 0))"
                    "  (func (export \"f\") (param i32)))"
                    " (core instance $i (instantiate $m))");
    write_types(&param, "tuple", "bool", TOO_DEEP);
    weft_buf_printf(&param,
                    " (func (export \"f\") (param \"x\" $t%d)"
                    "  (canon lift (core func $i \"f\"))))",
                    TOO_DEEP);
    assert_too_deep(&param, &options);

    weft_buf_printf(&result, "(component (core module $m (memory (export \"m\") 1)"
                             "  (func (export \"f\") (result i32) (i32.const 0)))"
                             " (core instance $i (instantiate $m))");
    write_types(&result, "tuple", "bool", TOO_DEEP);
    weft_buf_printf(&result,
                    " (func (export \"f\") (result $t%d)"
                    "  (canon lift (core func $i \"f\"))))",
                    TOO_DEEP);
    assert_too_deep(&result, &options);

    weft_buf_printf(&lowered, "(component ");
    write_types(&lowered, "list", "u8", TOO_DEEP);
    weft_buf_printf(
        &lowered,
        " (import \"f\" (func $f (param \"x\" $t%d)))"
        " (core module $m (memory (export \"m\") 1)) (core instance $m (instantiate $m))"
        " (core func (canon lower (func $f) (memory (core memory $m \"m\")))))",
        TOO_DEEP);
    assert_too_deep(&lowered, &options);
}

/* ---- deep on a stack that is used up ---------------------------------------------------------- */

/* A guest that goes down so many calls, and then calls $f of (param i32 i32) with 0 and 1. At 0 lies `data`. */
#define DIVER                                                                                      \
    " (core module $n (import \"\" \"f\" (func $f (param i32 i32)))"                               \
    "  (func $go (export \"go\") (param i32) (if (local.get 0)"                                    \
    "   (then (call $go (i32.sub (local.get 0) (i32.const 1))))"                                   \
    "   (else (call $f (i32.const 0) (i32.const 1))))))"                                           \
    " (core instance $k (instantiate $n (with \"\" (instance (export \"f\" (func $l))))))"         \
    " (func (export \"go\") (param \"n\" u32) (canon lift (core func $k \"go\"))))"

typedef struct dive {
    weft_plugin_t *plugin;
    uint32_t depth;
    weft_error_t *error;
} dive_t;

static void *run_dive(void *context) {
    dive_t *dive = context;
    weft_func_t *go;
    weft_value_t depth = weft_u32(dive->depth);
    dive->error = weft_plugin_func(dive->plugin, NULL, "go", &go);
    if (!dive->error) dive->error = weft_func_call(go, &depth, 1, NULL, 0);
    return NULL;
}

/* On a thread whose stack is just large enough for the call to stay there. Whether it came to its end. */
static bool dives(const char *wat, const weft_options_t *options, uint32_t depth) {
    guest_component_t guest = guest_of(engine, wat, options);
    dive_t dive = {.plugin = guest.plugin, .depth = depth};
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, WASM_STACK + HOST_STACK + (16 << 10));
    assert_int_equal(pthread_create(&thread, &attributes, run_dive, &dive), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    bool does = !dive.error;
    if (!does)
        assert_string_equal(weft_error_message(dive.error).ptr,
                            "the guest trapped: call stack exhausted");
    weft_error_delete(dive.error);
    guest_delete(&guest);
    return does;
}

/* Goes as deep as the guest's stack allows: whatever is left below is the host's. */
static void dive_to_the_ground(const char *wat, const weft_options_t *options) {
    uint32_t least = 0, most = 100000;
    while (most - least > 1) {
        uint32_t middle = least + (most - least) / 2;
        if (dives(wat, options, middle)) least = middle;
        else most = middle;
    }
    assert_true(least > 1000);
}

static void deep_values_pass_between_guests_at_the_end_of_the_stack(void **state) {
    (void)state;
    buf_t out = {0};
    give_signals_back();
    weft_buf_printf(&out, "(component (component $B ");
    write_types(&out, "tuple", "bool", DEEP);
    weft_buf_printf(
        &out,
        " (core module $m (memory (export \"m\") 1) (func (export \"f\") (param i32 i32))"
        "  (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 64)))"
        " (core instance $i (instantiate $m))"
        " (func (export \"f\") (param \"x\" (list $t%d)) (canon lift (core func $i \"f\")"
        "  (memory (core memory $i \"m\")) (realloc (core func $i \"r\")))))"
        " (instance $b (instantiate $B))"
        " (core module $M (memory (export \"m\") 1)) (core instance $M (instantiate $M))"
        " (core func $l (canon lower (func $b \"f\") (memory (core memory $M \"m\"))))" DIVER,
        DEEP);
    dive_to_the_ground(text_of(&out), &(weft_options_t){.engine = WEFT_ENGINE_DIRECT});
    weft_buf_free(&out);
}

/* A list that holds itself. */
static void deep_values_reach_the_host_at_the_end_of_the_stack(void **state) {
    (void)state;
    unsigned calls = 0;
    weft_host_func_t funcs[] = {{NULL, "f", take, &calls}};
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT, .funcs = funcs, .func_count = 1};
    buf_t out = {0};
    give_signals_back();
    weft_buf_printf(&out, "(component ");
    write_types(&out, "list", "u8", DEEP);
    weft_buf_printf(&out,
                    " (import \"f\" (func $f (param \"x\" $t%d)))"
                    " (core module $M (memory (export \"m\") 1)"
                    "  (data (i32.const 0) \"\\00\\00\\00\\00\\01\\00\\00\\00\"))"
                    " (core instance $M (instantiate $M))"
                    " (core func $l (canon lower (func $f) (memory (core memory $M \"m\"))))" DIVER,
                    DEEP);
    dive_to_the_ground(text_of(&out), &options);
    assert_true(calls > 1);
    weft_buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nests_too_deep_is_refused_before_it_is_called),
        cmocka_unit_test(deep_values_pass_between_guests_at_the_end_of_the_stack),
        cmocka_unit_test(deep_values_reach_the_host_at_the_end_of_the_stack),
    };
    return cmocka_run_group_tests(tests, make_engine, delete_engine);
}
