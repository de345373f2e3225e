/* An engine whose plugins take their memories from a pool. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/sanitized.h"
#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "support/alloc.h"

enum { POOL = 4, FEW = 12 };

static const char counter[] =
    "(component (core module $m (memory (export \"m\") 2) (data (i32.const 100) \"\\07\")"
    "  (func (export \"put\") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))"
    "  (func (export \"get\") (param i32) (result i32) (i32.load8_u (local.get 0)))"
    "  (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0))))"
    " (core instance $i (instantiate $m))"
    " (func (export \"put\") (param \"at\" u32) (param \"byte\" u32) (canon lift (core func $i "
    "\"put\")))"
    " (func (export \"get\") (param \"at\" u32) (result u32) (canon lift (core func $i \"get\")))"
    " (func (export \"grow\") (param \"pages\" u32) (result s32) (canon lift (core func $i "
    "\"grow\"))))";

static weft_engine_t *engine_with(uint32_t memories) {
    weft_engine_t *engine;
    give_signals_back();
    assert_ok(weft_engine_new(&engine));
    assert_ok(weft_engine_pool(engine, memories));
    return engine;
}

/* ---- what a plugin finds ---------------------------------------------------------------------- */

static void a_memory_is_as_new_each_time(void **state) {
    (void)state;
    weft_engine_t *engine = engine_with(1);
    for (int round = 0; round < 20; round++) {
        guest_component_t guest = guest_of(engine, counter, NULL);
        assert_int_equal(call_numbers(guest.plugin, "get", 100, 0), 7);
        for (uint32_t at = 0; at < 131072; at += 4096) {
            assert_int_equal(call_numbers(guest.plugin, "get", at, 0), 0);
            call_numbers(guest.plugin, "put", at, 255);
        }
        call_numbers(guest.plugin, "put", 100, 1);
        assert_int_equal(call_numbers(guest.plugin, "grow", 16, 0), 2);
        assert_int_equal(call_numbers(guest.plugin, "get", 18 * 65536 - 1, 0), 0);
        call_numbers(guest.plugin, "put", 18 * 65536 - 1, 255);
        guest_delete(&guest);
    }
    weft_engine_delete(engine);
}

static void limits_hold_in_a_pool(void **state) {
    (void)state;
    weft_engine_t *engine = engine_with(POOL);
    weft_options_t limited = {.memory = 4 * 65536, .fuel = 100000};
    guest_component_t guest = guest_of(engine, counter, &limited);
    assert_int_equal(call_numbers(guest.plugin, "grow", 2, 0), 2);
    assert_int_equal((int32_t)call_numbers(guest.plugin, "grow", 1, 0), -1);
    guest_delete(&guest);
    weft_engine_delete(engine);
}

/* ---- when it is empty ------------------------------------------------------------------------- */

static weft_error_t *start_failure(weft_engine_t *engine, weft_engine_choice_t choice) {
    weft_options_t options = {.engine = choice};
    guest_component_t guest = guest_of(engine, counter, &options);
    weft_error_t *error = weft_plugin_start(guest.plugin);
    guest_delete(&guest);
    return error;
}

static void an_empty_pool_is_a_limit(weft_engine_choice_t choice) {
    weft_engine_t *engine = engine_with(POOL);
    weft_options_t options = {.engine = choice};
    guest_component_t guests[POOL];
    for (int i = 0; i < POOL; i++) {
        guests[i] = guest_of(engine, counter, &options);
        assert_ok(weft_plugin_start(guests[i].plugin));
    }
    weft_error_t *error = start_failure(engine, choice);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    assert_error(error, "weft: the component cannot be instantiated: maximum concurrent limit of 4 "
                        "for memory stripe 0 reached\n"
                        "note: the engine has a pool of 4 memories (weft_engine_pool)\n");
    assert_int_equal(call_numbers(guests[0].plugin, "get", 100, 0), 7);
    guest_delete(&guests[1]);
    assert_ok(start_failure(engine, choice));
    guests[1] = guest_of(engine, counter, &options);
    assert_int_equal(call_numbers(guests[1].plugin, "get", 100, 0), 7);
    for (int i = 0; i < POOL; i++) guest_delete(&guests[i]);
    weft_engine_delete(engine);
}

static void an_empty_pool_is_a_limit_directly(void **state) {
    (void)state;
    an_empty_pool_is_a_limit(WEFT_ENGINE_DIRECT);
}

static void an_empty_pool_is_a_limit_hosted(void **state) {
    (void)state;
    an_empty_pool_is_a_limit(WEFT_ENGINE_HOSTED);
}

/* ---- what takes part -------------------------------------------------------------------------- */

/* Two components with memories of their own, whose calls are fused. */
static void nested_components_run_in_a_pool(void **state) {
    (void)state;
    static const char two[] =
        "(component"
        " (component $a (core module $m (memory (export \"m\") 1)"
        "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 64))"
        "   (func (export \"f\") (param i32 i32) (result i32) (local.get 1)))"
        "  (core instance $i (instantiate $m))"
        "  (func (export \"f\") (param \"t\" string) (result u32) (canon lift (core func $i \"f\")"
        "   (memory (core memory $i \"m\")) (realloc (core func $i \"r\")))))"
        " (component $b (import \"f\" (func $f (param \"t\" string) (result u32)))"
        "  (core module $mm (memory (export \"m\") 1)) (core instance $mi (instantiate $mm))"
        "  (core func $l (canon lower (func $f) (memory (core memory $mi \"m\"))))"
        "  (core module $m (import \"\" \"f\" (func $f (param i32 i32) (result i32)))"
        "   (table 2 funcref) (table 1 funcref)"
        "   (func (export \"g\") (result i32) (call $f (i32.const 8) (i32.const 5))))"
        "  (core instance $i (instantiate $m (with \"\" (instance (export \"f\" (func $l))))))"
        "  (func (export \"g\") (result u32) (canon lift (core func $i \"g\"))))"
        " (instance $a (instantiate $a)) (alias export $a \"f\" (func $f))"
        " (instance $b (instantiate $b (with \"f\" (func $f)))) (alias export $b \"g\" (func $g))"
        " (export \"g\" (func $g)))";
    weft_engine_t *engine = engine_with(FEW);
    for (int fuel = 0; fuel < 2; fuel++) {
        weft_options_t direct = {.engine = WEFT_ENGINE_DIRECT, .fuel = fuel ? 1000000 : 0};
        weft_options_t hosted = {.engine = WEFT_ENGINE_HOSTED, .fuel = fuel ? 1000000 : 0};
        guest_component_t a = guest_of(engine, two, &direct), b = guest_of(engine, two, &hosted);
        assert_int_equal(call_numbers(a.plugin, "g", 0, 0), 5);
        assert_int_equal(call_numbers(b.plugin, "g", 0, 0), 5);
        guest_delete(&a);
        guest_delete(&b);
    }
    weft_engine_delete(engine);
}

/* The proxy has a memory, too. */
static void wasi_runs_in_a_pool(void **state) {
    (void)state;
    char path[4096];
    weft_engine_t *engine = engine_with(FEW);
    snprintf(path, sizeof path, "%s/runtime/wasi.wat", getenv("WEFT_TESTS_DIR"));
    for (int choice = WEFT_ENGINE_DIRECT; choice <= WEFT_ENGINE_HOSTED; choice++) {
        weft_options_t options = {.engine = (weft_engine_choice_t)choice};
        guest_component_t guest = {.plugin = NULL};
        assert_ok(weft_plugin_load(engine, path, &options, &guest.plugin));
        assert_int_equal(call_numbers(guest.plugin, "poll", 3, 0), 2);
        guest_delete(&guest);
    }
    weft_engine_delete(engine);
}

/* ---- making one ------------------------------------------------------------------------------- */

static void a_pool_comes_before_the_first_plugin(void **state) {
    (void)state;
    weft_engine_t *engine;
    give_signals_back();
    assert_ok(weft_engine_new(&engine));
    weft_error_t *error = weft_engine_pool(engine, 0);
    assert_int_equal(weft_error_code(error), WEFT_USAGE);
    weft_error_delete(error);
    guest_component_t guest = guest_of(engine, counter, NULL);
    error = weft_engine_pool(engine, POOL);
    assert_int_equal(weft_error_code(error), WEFT_USAGE);
    weft_error_delete(error);
    guest_delete(&guest);
    weft_engine_delete(engine);
}

static void a_pool_that_does_not_fit_is_refused(void **state) {
    (void)state;
    weft_engine_t *engine;
    give_signals_back();
    assert_ok(weft_engine_new(&engine));
    for (uint32_t memories = 100000; memories && memories < UINT32_MAX / 2; memories *= 100) {
        weft_error_t *error = weft_engine_pool(engine, memories);
        assert_int_equal(weft_error_code(error), WEFT_LIMIT);
        weft_error_delete(error);
    }
    weft_error_t *error = weft_engine_pool(engine, UINT32_MAX);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    weft_error_delete(error);
    guest_component_t guest = guest_of(engine, counter, NULL); /* as without it */
    assert_int_equal(call_numbers(guest.plugin, "get", 100, 0), 7);
    guest_delete(&guest);
    weft_engine_delete(engine);
}

/* Address space that was there when the pool was asked for, and is not when the engine is made, is an error, too. */
static void address_space_that_went_is_an_error(void **state) {
    (void)state;
    struct rlimit before, less;
    if (SANITIZED) skip();
    weft_engine_t *engine = engine_with(64);
    weft_bytes_t binary;
    weft_plugin_t *plugin = NULL;
    assert_ok(weft_wat_to_wasm(weft_str(counter), &binary));
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    less = before;
    less.rlim_cur = (rlim_t)64 << 30;
    assert_int_equal(setrlimit(RLIMIT_AS, &less), 0);
    weft_error_t *error = weft_plugin_read(engine, binary, NULL, &plugin);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    weft_error_delete(error);
    assert_ok(weft_plugin_read(engine, binary, NULL, &plugin));
    assert_int_equal(call_numbers(plugin, "get", 100, 0), 7);
    weft_plugin_delete(plugin);
    weft_free((void *)(uintptr_t)binary.ptr);
    weft_engine_delete(engine);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_memory_is_as_new_each_time),
        cmocka_unit_test(limits_hold_in_a_pool),
        cmocka_unit_test(an_empty_pool_is_a_limit_directly),
        cmocka_unit_test(an_empty_pool_is_a_limit_hosted),
        cmocka_unit_test(nested_components_run_in_a_pool),
        cmocka_unit_test(wasi_runs_in_a_pool),
        cmocka_unit_test(a_pool_comes_before_the_first_plugin),
        cmocka_unit_test(a_pool_that_does_not_fit_is_refused),
        cmocka_unit_test(address_space_that_went_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
