/* What plugins of one component share beside its code, and which do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "support/alloc.h"

static weft_engine_t *engine;

static const char plain[] =
    "(component (core module $m (memory (export \"m\") 1)"
    " (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 64))"
    " (func (export \"f\") (param i32 i32) (result i32) (local.get 1)))"
    " (core instance $i (instantiate $m))"
    " (component $inner (import \"f\" (func $f (param \"t\" string) (result u32)))"
    "  (export \"g\" (func $f)))"
    " (func $f (param \"t\" string) (result u32) (canon lift (core func $i \"f\")"
    "  (memory (core memory $i \"m\")) (realloc (core func $i \"r\"))))"
    " (instance $g (instantiate $inner (with \"f\" (func $f))))"
    " (export \"f\" (func $f)) (export \"g\" (func $g \"g\")))";

static const char with_resource[] =
    "(component (type $t (resource (rep i32))) (export $r \"r\" (type $t))"
    " (core func $new (canon resource.new $t)) (core func $drop (canon resource.drop $t))"
    " (core module $m (import \"\" \"new\" (func $new (param i32) (result i32)))"
    "  (import \"\" \"drop\" (func $drop (param i32)))"
    "  (func (export \"make\") (result i32) (call $new (i32.const 7)))"
    "  (func (export \"take\") (param i32) (call $drop (local.get 0))))"
    " (core instance $i (instantiate $m (with \"\" (instance (export \"new\" (func $new))"
    "  (export \"drop\" (func $drop))))))"
    " (func (export \"make\") (result (own $r)) (canon lift (core func $i \"make\")))"
    " (func (export \"take\") (param \"r\" (own $r)) (canon lift (core func $i \"take\"))))";

static bool is_empty(void) {
    for (size_t i = 0; i < SHARED_BUCKETS; i++)
        if (engine->shared.programs[i] || engine->shared.buckets[i]) return false;
    return true;
}

static weft_bytes_t binary_of(const char *text) {
    weft_bytes_t binary;
    give_signals_back();
    assert_ok(weft_wat_to_wasm(weft_str(text), &binary));
    return binary;
}

static void free_bytes(weft_bytes_t bytes) {
    weft_free((void *)(uintptr_t)bytes.ptr);
}

static weft_plugin_t *plugin_with(weft_bytes_t binary, const weft_options_t *options) {
    weft_plugin_t *plugin;
    assert_ok(weft_plugin_read(engine, binary, options, &plugin));
    return plugin;
}

/* 5, as long as all is well. Where cmocka cannot be asked. */
static uint32_t length_of_hello(weft_plugin_t *plugin, const char *name) {
    weft_func_t *func;
    weft_value_t text = weft_string("hello"), result = weft_u32(0);
    weft_error_t *error = weft_plugin_func(plugin, NULL, name, &func);
    if (!error) error = weft_func_call(func, &text, 1, &result, 1);
    weft_error_delete(error);
    return error ? 0 : result.of.u32;
}

/* ---- who shares ------------------------------------------------------------------------------- */

static void plugins_of_one_component_share_its_program(void **state) {
    (void)state;
    weft_bytes_t binary = binary_of(plain), again = binary_of(plain);
    weft_options_t hosted = {.engine = WEFT_ENGINE_HOSTED};
    weft_plugin_t *a = plugin_with(binary, NULL), *b = plugin_with(again, NULL);
    weft_plugin_t *c = plugin_with(again, &hosted);
    assert_ptr_equal(a->program, b->program);
    assert_ptr_equal(a->program, c->program);
    free_bytes(binary);
    assert_int_equal(length_of_hello(a, "f"), 5);
    weft_plugin_delete(a);
    assert_int_equal(length_of_hello(b, "g"), 5);
    assert_int_equal(length_of_hello(c, "g"), 5);
    weft_plugin_delete(b);
    weft_plugin_delete(c);
    assert_true(is_empty());
    free_bytes(again);
}

/* But the resources are two. */
static void plugins_with_resources_share_their_program(void **state) {
    (void)state;
    weft_bytes_t binary = binary_of(with_resource);
    weft_plugin_t *a = plugin_with(binary, NULL), *b = plugin_with(binary, NULL);
    weft_value_t ours, theirs;
    assert_ptr_equal(a->program, b->program);
    assert_ok(weft_func_call(func_of(a, NULL, "make"), NULL, 0, &ours, 1));
    assert_ok(weft_func_call(func_of(b, NULL, "make"), NULL, 0, &theirs, 1));
    assert_error(weft_func_call(func_of(b, NULL, "take"), &ours, 1, NULL, 0),
                 "weft: the handle <r 1> belongs to another plugin\n"
                 "note: in the argument `r`\n");
    assert_ok(weft_func_call(func_of(a, NULL, "take"), &ours, 1, NULL, 0));
    assert_ok(weft_func_call(func_of(b, NULL, "take"), &theirs, 1, NULL, 0));
    weft_value_clear(&ours);
    weft_value_clear(&theirs);
    weft_plugin_delete(a);
    weft_plugin_delete(b);
    assert_true(is_empty());
    free_bytes(binary);
}

static void plugins_that_import_from_others_have_programs_of_their_own(void **state) {
    (void)state;
    weft_bytes_t binary = binary_of(plain);
    weft_plugin_t *a = plugin_with(binary, NULL);
    weft_options_t importing = {.providers = &a, .provider_count = 1};
    weft_plugin_t *b = plugin_with(binary, &importing), *c = plugin_with(binary, NULL);
    assert_ptr_not_equal(a->program, b->program);
    assert_ptr_equal(a->program, c->program);
    weft_plugin_delete(a);
    weft_plugin_delete(b);
    weft_plugin_delete(c);
    assert_true(is_empty());
    free_bytes(binary);
}

static void what_is_large_is_not_copied(void **state) {
    (void)state;
    buf_t text = {0};
    weft_buf_str(&text, weft_str("(component (core module (memory 40) (data (i32.const 0) \""));
    for (int i = 0; i < SHARE_MOST; i++) weft_buf_byte(&text, 'x');
    weft_buf_str(&text, weft_str("\")))"));
    weft_buf_byte(&text, 0);
    weft_bytes_t binary = binary_of((const char *)text.data);
    weft_plugin_t *a = plugin_with(binary, NULL), *b = plugin_with(binary, NULL);
    assert_ptr_not_equal(a->program, b->program);
    assert_ptr_equal(a->program->source.ptr, binary.ptr);
    weft_plugin_delete(a);
    weft_plugin_delete(b);
    assert_true(is_empty());
    free_bytes(binary);
    weft_buf_free(&text);
}

static void an_invalid_component_leaves_nothing(void **state) {
    (void)state;
    static const uint8_t wrong[] = {0, 'a', 's', 'm', 13, 0, 1, 0, 77};
    weft_plugin_t *plugin;
    weft_error_t *error =
        weft_plugin_read(engine, (weft_bytes_t){wrong, sizeof wrong}, NULL, &plugin);
    assert_int_equal(weft_error_code(error), WEFT_MALFORMED);
    weft_error_delete(error);
    assert_true(is_empty());
}

static const char with_wasi[] =
    "(component"
    " (import \"wasi:random/random@0.2.0\" (instance $r"
    "  (export \"get-random-u64\" (func (result u64)))))"
    " (import \"wasi:clocks/monotonic-clock@0.2.0\" (instance $c"
    "  (export \"now\" (func (result u64)))))"
    " (core func $r (canon lower (func $r \"get-random-u64\")))"
    " (core func $c (canon lower (func $c \"now\")))"
    " (func (export \"random\") (result u64) (canon lift (core func $r)))"
    " (func (export \"now\") (result u64) (canon lift (core func $c))))";

static weft_error_t *seven(void *context, const weft_value_t *args, size_t count,
                           weft_value_t *result) {
    (void)context, (void)args, (void)count;
    *result = weft_u64(7);
    return NULL;
}

static uint64_t number(weft_plugin_t *plugin, const char *name) {
    weft_value_t result;
    assert_ok(weft_func_call(func_of(plugin, NULL, name), NULL, 0, &result, 1));
    return result.of.u64;
}

/* The proxy is kept with the program; who needs another one gets it. */
static void plugins_of_one_program_may_need_other_proxies(void **state) {
    (void)state;
    static const weft_host_func_t funcs[] = {
        {"wasi:random/random", "get-random-u64", seven, NULL},
        {"wasi:clocks/monotonic-clock", "now", seven, NULL},
    };
    weft_bytes_t binary = binary_of(with_wasi);
    weft_options_t one = {.engine = WEFT_ENGINE_DIRECT, .funcs = funcs, .func_count = 1};
    weft_options_t other = {.engine = WEFT_ENGINE_DIRECT, .funcs = funcs + 1, .func_count = 1};
    weft_options_t both = {.engine = WEFT_ENGINE_DIRECT, .funcs = funcs, .func_count = 2};
    for (int round = 0; round < 2; round++) {
        weft_plugin_t *a = plugin_with(binary, &one), *b = plugin_with(binary, &other);
        weft_plugin_t *c = plugin_with(binary, &both);
        assert_ptr_equal(a->program, b->program);
        assert_ptr_equal(a->program, c->program);
        assert_int_equal(number(a, "random"), 7);
        assert_true(number(a, "now") > 7);
        assert_true(number(b, "random") != 7);
        assert_int_equal(number(b, "now"), 7);
        assert_int_equal(number(c, "random") + number(c, "now"), 14);
        weft_plugin_delete(a);
        weft_plugin_delete(b);
        weft_plugin_delete(c);
    }
    assert_true(is_empty());
    free_bytes(binary);
}

/* ---- what an instance makes ------------------------------------------------------------------- */

static void functions_are_made_when_they_are_needed(void **state) {
    (void)state;
    weft_bytes_t binary = binary_of(plain);
    weft_plugin_t *plugin = plugin_with(binary, NULL);
    assert_ok(weft_plugin_start(plugin));
    const rt_t *f = weft_rt_find(&plugin->direct->root->exports, STR_LIT("f"));
    assert_int_equal(f->kind, RT_LIFT);
    assert_null(f->lift->func);
    assert_int_equal(length_of_hello(plugin, "f"), 5);
    const direct_func_t *made = f->lift->func;
    assert_non_null(made);
    assert_int_equal(length_of_hello(plugin, "g"), 5); /* the same under another name */
    assert_ptr_equal(f->lift->func, made);
    weft_plugin_delete(plugin);
    free_bytes(binary);
}

static void later_instances_get_their_memory_at_once(void **state) {
    (void)state;
    weft_bytes_t binary = binary_of(plain);
    weft_plugin_t *a = plugin_with(binary, NULL), *b = plugin_with(binary, NULL);
    assert_ok(weft_plugin_start(a));
    size_t needed = a->program->arena_needed;
    assert_true(needed > 0);
    assert_ok(weft_plugin_start(b));
    assert_int_equal(b->direct->arena.used, needed);
    weft_plugin_delete(a);
    weft_plugin_delete(b);
    free_bytes(binary);
}

/* ---- threads ---------------------------------------------------------------------------------- */

enum { THREADS = 8, ROUNDS = 50 };

/* Returns how many rounds went wrong. */
static void *make_and_call(void *context) {
    const weft_bytes_t *binary = context;
    uintptr_t wrong = 0;
    for (int i = 0; i < ROUNDS; i++) {
        weft_plugin_t *plugin;
        weft_error_t *error = weft_plugin_read(engine, *binary, NULL, &plugin);
        weft_error_delete(error);
        wrong += error || length_of_hello(plugin, "f") != 5 || length_of_hello(plugin, "g") != 5;
        if (!error) weft_plugin_delete(plugin);
    }
    return (void *)wrong;
}

static void threads_may_make_plugins_of_one_component(void **state) {
    (void)state;
    weft_bytes_t binary = binary_of(plain);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_and_call, &binary), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_true(is_empty());
    free_bytes(binary);
}

static void *call_both(void *plugin) {
    uintptr_t wrong = length_of_hello(plugin, "f") != 5;
    wrong += length_of_hello(plugin, "g") != 5;
    return (void *)wrong;
}

static void threads_may_need_a_function_at_once(void **state) {
    (void)state;
    weft_bytes_t binary = binary_of(plain);
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[THREADS];
        weft_plugin_t *plugin = plugin_with(binary, NULL);
        assert_ok(weft_plugin_start(plugin));
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, call_both, plugin), 0);
        for (int i = 0; i < THREADS; i++) {
            void *wrong;
            pthread_join(threads[i], &wrong);
            assert_null(wrong);
        }
        weft_plugin_delete(plugin);
    }
    free_bytes(binary);
}

/* ---- lack of memory --------------------------------------------------------------------------- */

static weft_error_t *load_and_start(weft_bytes_t binary) {
    weft_plugin_t *plugin;
    TRY(weft_plugin_read(engine, binary, NULL, &plugin));
    weft_error_t *error = weft_plugin_start(plugin);
    weft_plugin_delete(plugin);
    return error;
}

/* The second plugin of a program, too. */
static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    weft_bytes_t binary = binary_of(plain);
    for (int shared = 0; shared < 2; shared++) {
        weft_plugin_t *other = shared ? plugin_with(binary, NULL) : NULL;
        for (size_t n = 1;; n++) {
            weft_alloc_fail_after(n);
            weft_error_t *error = load_and_start(binary);
            weft_alloc_fail_after(0);
            if (!error) break;
            assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
            weft_error_delete(error);
        }
        weft_plugin_delete(other);
        assert_true(is_empty());
    }
    free_bytes(binary);
}

/* Of a module that is imported, each instance can have another: what one of them has says nothing of the next. */
static void what_can_differ_is_checked_each_time(void **state) {
    static const char text[] =
        "(component (component $inner"
        "  (import \"m\" (core module $m (export \"f\" (func (result i32)))))"
        "  (core instance $i (instantiate $m))"
        "  (func (export \"f\") (result u32) (canon lift (core func $i \"f\"))))"
        " (core module $a (func (export \"f\") (result i32) (i32.const 1)))"
        " (core module $b (func (export \"f\") (result i32) (i32.const 2)))"
        " (instance $x (instantiate $inner (with \"m\" (core module $a))))"
        " (instance $y (instantiate $inner (with \"m\" (core module $b))))"
        " (core instance $i (instantiate $a))"
        " (func (export \"z\") (result u32) (canon lift (core func $i \"f\")))"
        " (export \"x\" (func $x \"f\")) (export \"y\" (func $y \"f\")))";
    (void)state;
    guest_component_t guest = guest_of(engine, text, NULL);
    assert_int_equal(call_numbers(guest.plugin, "x", 0, 0), 1);
    assert_int_equal(call_numbers(guest.plugin, "y", 0, 0), 2);
    assert_int_equal(guest.plugin->program->sound.count, 0);
    assert_int_equal(call_numbers(guest.plugin, "z", 0, 0), 1);
    assert_int_equal(guest.plugin->program->sound.count, 1);
    guest_delete(&guest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plugins_of_one_component_share_its_program),
        cmocka_unit_test(plugins_with_resources_share_their_program),
        cmocka_unit_test(plugins_of_one_program_may_need_other_proxies),
        cmocka_unit_test(plugins_that_import_from_others_have_programs_of_their_own),
        cmocka_unit_test(what_is_large_is_not_copied),
        cmocka_unit_test(an_invalid_component_leaves_nothing),
        cmocka_unit_test(functions_are_made_when_they_are_needed),
        cmocka_unit_test(what_can_differ_is_checked_each_time),
        cmocka_unit_test(later_instances_get_their_memory_at_once),
        cmocka_unit_test(threads_may_make_plugins_of_one_component),
        cmocka_unit_test(threads_may_need_a_function_at_once),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    engine = engine_of_tests();
    if (!engine) return 2;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    weft_engine_delete(engine);
    return failed;
}
