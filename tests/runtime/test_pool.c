/* An engine whose plugins take their memories from a pool. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "common/process.h"
#include "common/sanitized.h"
#include "runtime/guest.h"
#include "runtime/memory_guest.h"
#include "support/alloc.h"
#include "support/buf.h"

enum { POOL = 4, FEW = 12, MANY = 100 };

#define GIB4 ((size_t)4 << 30)

/* Of two pages. */
static guest_component_t counter_of(weft_engine_t *engine, const weft_options_t *options) {
    return memory_guest(engine, 2, "\\07", options);
}

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
        guest_component_t guest = counter_of(engine, NULL);
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
    guest_component_t guest = counter_of(engine, &limited);
    assert_int_equal(call_numbers(guest.plugin, "grow", 2, 0), 2);
    assert_int_equal((int32_t)call_numbers(guest.plugin, "grow", 1, 0), -1);
    guest_delete(&guest);
    weft_engine_delete(engine);
}

/* ---- when it is empty ------------------------------------------------------------------------- */

static weft_error_t *start_failure(weft_engine_t *engine, weft_engine_choice_t choice) {
    weft_options_t options = {.engine = choice};
    guest_component_t guest = counter_of(engine, &options);
    weft_error_t *error = weft_plugin_start(guest.plugin);
    guest_delete(&guest);
    return error;
}

static void assert_no_memory_left(weft_error_t *error, unsigned pool) {
    char text[200];
    snprintf(text, sizeof text,
             "weft: the component cannot be instantiated: all memories are in use\n"
             "note: the engine has a pool of %u memories (weft_engine_pool)\n",
             pool);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    assert_error(error, text);
}

static void an_empty_pool_is_a_limit(weft_engine_choice_t choice) {
    weft_engine_t *engine = engine_with(POOL);
    weft_options_t options = {.engine = choice};
    guest_component_t guests[POOL];
    for (int i = 0; i < POOL; i++) {
        guests[i] = counter_of(engine, &options);
        assert_ok(weft_plugin_start(guests[i].plugin));
    }
    weft_error_t *error = start_failure(engine, choice);
    assert_no_memory_left(error, POOL);
    assert_int_equal(call_numbers(guests[0].plugin, "get", 100, 0), 7);
    guest_delete(&guests[1]);
    assert_ok(start_failure(engine, choice));
    guests[1] = counter_of(engine, &options);
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

/* Plugins with fuel are of another Wasmtime engine. */
static void one_pool_is_for_all_plugins(void **state) {
    (void)state;
    weft_engine_t *engine = engine_with(3);
    weft_options_t with_fuel = {.fuel = 100000}, hosted = {.engine = WEFT_ENGINE_HOSTED};
    guest_component_t guests[] = {counter_of(engine, NULL), counter_of(engine, &with_fuel),
                                  counter_of(engine, &hosted)};
    for (int i = 0; i < 3; i++) assert_ok(weft_plugin_start(guests[i].plugin));
    for (int i = 0; i < 3; i++) {
        assert_no_memory_left(start_failure(engine, WEFT_ENGINE_DIRECT), 3);
        guest_delete(&guests[i]);
        assert_ok(start_failure(engine, WEFT_ENGINE_HOSTED));
        guests[i] = counter_of(engine, &with_fuel);
        assert_int_equal(call_numbers(guests[i].plugin, "get", 100, 0), 7);
    }
    for (int i = 0; i < 3; i++) guest_delete(&guests[i]);
    weft_engine_delete(engine);
}

enum { THREADS = 4, STARTS = 200 };

static void *start_where_there_is_room(void *context) {
    for (int i = 0; i < STARTS; i++) {
        guest_component_t guest = counter_of(context, NULL);
        weft_error_t *error = weft_plugin_start(guest.plugin);
        if (error) assert_no_memory_left(error, 2);
        else assert_int_equal(call_numbers(guest.plugin, "get", 100, 0), 7);
        guest_delete(&guest);
    }
    return NULL;
}

static void threads_take_and_give_back(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    weft_engine_t *engine = engine_with(2);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, start_where_there_is_room, engine), 0);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    guest_component_t a = counter_of(engine, NULL), b = counter_of(engine, NULL);
    assert_ok(weft_plugin_start(a.plugin));
    assert_ok(weft_plugin_start(b.plugin));
    assert_no_memory_left(start_failure(engine, WEFT_ENGINE_DIRECT), 2);
    guest_delete(&a);
    guest_delete(&b);
    weft_engine_delete(engine);
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

/* One for the heap of exceptions. */
static void exceptions_take_a_memory(void **state) {
    (void)state;
    static const char thrower[] =
        "(component (core module $m (memory 1) (tag $t (param i32))"
        "  (func (export \"f\") (result i32)"
        "   (block $h (result i32) (try_table (result i32) (catch $t $h) (throw $t (i32.const "
        "5))))))"
        " (core instance $i (instantiate $m))"
        " (func (export \"f\") (result u32) (canon lift (core func $i \"f\"))))";
    for (uint32_t pool = 1; pool <= 2; pool++) {
        weft_engine_t *engine = engine_with(pool);
        guest_component_t guest = guest_of(engine, thrower, NULL);
        if (pool == 2) assert_int_equal(call_numbers(guest.plugin, "f", 0, 0), 5);
        else assert_no_memory_left(weft_plugin_start(guest.plugin), 1);
        guest_delete(&guest);
        weft_engine_delete(engine);
    }
}

/* It goes elsewhere when it grows beyond 4 GiB, and is one of the pool still. */
static void a_memory_of_64_bits_is_of_the_pool(void **state) {
    (void)state;
    static const char text[] =
        "(component (core module $m (memory i64 1) (data (i64.const 100) \"\\07\")"
        "  (func (export \"get\") (param i32) (result i32)"
        "   (i32.load8_u (i64.extend_i32_u (local.get 0))))"
        "  (func (export \"beyond\") (result i32)"
        "   (drop (memory.grow (i64.const 65536)))"
        "   (i64.store8 (i64.const 0x100000000) (i64.const 9))"
        "   (i32.load8_u (i64.const 0x100000000))))"
        " (core instance $i (instantiate $m))"
        " (func (export \"get\") (param \"at\" u32) (result u32) (canon lift (core func $i "
        "\"get\")))"
        " (func (export \"beyond\") (result u32) (canon lift (core func $i \"beyond\"))))";
    weft_engine_t *engine = engine_with(1);
    for (int round = 0; round < 3; round++) {
        guest_component_t guest = guest_of(engine, text, NULL);
        assert_int_equal(call_numbers(guest.plugin, "beyond", 0, 0), 9);
        assert_int_equal(call_numbers(guest.plugin, "get", 100, 0), 7);
        assert_no_memory_left(start_failure(engine, WEFT_ENGINE_DIRECT), 1);
        guest_delete(&guest);
        guest = counter_of(engine, NULL);
        assert_int_equal(call_numbers(guest.plugin, "get", 0, 0), 0);
        assert_no_memory_left(start_failure(engine, WEFT_ENGINE_HOSTED), 1);
        guest_delete(&guest);
    }
    weft_engine_delete(engine);
}

enum { MUCH = 20000 };

/* Mapped on the direct engine, copied on the other. */
static void much_data_runs_in_a_pool(void **state) {
    (void)state;
    buf_t text = {0};
    weft_buf_printf(&text, "(component (core module $m (memory 1) (data (i32.const 8) \"");
    for (int i = 0; i < MUCH; i++) weft_buf_byte(&text, (uint8_t)('a' + i % 11));
    weft_buf_printf(&text, "\") (func (export \"get\") (param i32) (result i32)"
                           "   (i32.load8_u (local.get 0))))"
                           " (core instance $i (instantiate $m))"
                           " (func (export \"get\") (param \"at\" u32) (result u32)"
                           "  (canon lift (core func $i \"get\"))))");
    weft_buf_byte(&text, 0);
    weft_engine_t *engine = engine_with(1);
    for (int round = 0; round < 4; round++) {
        weft_options_t options = {.engine = round % 2 ? WEFT_ENGINE_HOSTED : WEFT_ENGINE_DIRECT};
        guest_component_t guest = guest_of(engine, weft_buf_as_str(&text).ptr, &options);
        for (uint32_t i = 0; i < MUCH; i += 7)
            assert_int_equal(call_numbers(guest.plugin, "get", 8 + i, 0), 'a' + i % 11);
        assert_int_equal(call_numbers(guest.plugin, "get", 8 + MUCH, 0), 0);
        assert_no_memory_left(start_failure(engine, WEFT_ENGINE_HOSTED), 1);
        guest_delete(&guest);
    }
    weft_engine_delete(engine);
    weft_buf_free(&text);
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
    guest_component_t guest = counter_of(engine, NULL);
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
    guest_component_t guest = counter_of(engine, NULL); /* as without it */
    assert_int_equal(call_numbers(guest.plugin, "get", 100, 0), 7);
    guest_delete(&guest);
    weft_engine_delete(engine);
}

static weft_error_t *start_all(guest_component_t *guests, weft_engine_t *engine) {
    weft_error_t *error = NULL;
    for (int i = 0; i < MANY; i++) guests[i] = counter_of(engine, NULL);
    for (int i = 0; i < MANY && !error; i++) error = weft_plugin_start(guests[i].plugin);
    return error;
}

/* Nothing is left to be mapped when a plugin starts. */
static void its_address_space_is_there_beforehand(void **state) {
    (void)state;
    struct rlimit before, less;
    guest_component_t guests[MANY];
    if (SANITIZED) skip();
    weft_engine_t *engine = engine_with(MANY);
    guest_component_t first = counter_of(engine, NULL); /* what compiling takes is there */
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    less = before;
    less.rlim_cur = (rlim_t)process_space() + ((rlim_t)1 << 30);
    assert_int_equal(setrlimit(RLIMIT_AS, &less), 0);
    for (int round = 0; round < 2; round++) {
        assert_ok(start_all(guests, engine));
        for (int i = 0; i < MANY; i++) {
            assert_int_equal(call_numbers(guests[i].plugin, "get", 100, 0), 7);
            call_numbers(guests[i].plugin, "grow", 1000, 0);
            guest_delete(&guests[i]);
        }
    }
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    guest_delete(&first);
    size_t with = process_space();
    weft_engine_delete(engine);
    assert_in_range(with - process_space(), MANY * GIB4, (MANY + 2) * GIB4);
}

static void the_last_pool_that_was_asked_for_counts(void **state) {
    (void)state;
    size_t without = process_space();
    weft_engine_t *engine = engine_with(POOL);
    assert_ok(weft_engine_pool(engine, 1));
    if (!SANITIZED) assert_in_range(process_space() - without, GIB4, 2 * GIB4);
    guest_component_t guest = counter_of(engine, NULL);
    assert_int_equal(call_numbers(guest.plugin, "get", 100, 0), 7);
    assert_no_memory_left(start_failure(engine, WEFT_ENGINE_DIRECT), 1);
    guest_delete(&guest);
    weft_engine_delete(engine);
}

static void assert_is_no_pool(weft_engine_t *engine) {
    guest_component_t a = counter_of(engine, NULL), b = counter_of(engine, NULL);
    assert_ok(weft_plugin_start(a.plugin));
    assert_ok(weft_plugin_start(b.plugin));
    guest_delete(&a);
    guest_delete(&b);
}

static void after_a_failure_there_is_no_pool(void **state) {
    (void)state;
    weft_engine_t *engine = engine_with(1);
    weft_error_t *error = weft_engine_pool(engine, UINT32_MAX);
    assert_error(error, "weft: there is no address space for a pool of 4294967295 memories: it "
                        "takes 17448304635 GiB\n"
                        "help: make the pool smaller, or raise the limit (ulimit -v)\n");
    assert_is_no_pool(engine);
    weft_engine_delete(engine);

    size_t without = process_space();
    engine = engine_with(1);
    for (size_t n = 1; n < 6; n++) {
        weft_alloc_fail_after(n);
        error = weft_engine_pool(engine, POOL);
        weft_alloc_fail_after(0);
        if (n <= POOL) assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        else assert_ok(error);
        weft_error_delete(error);
    }
    weft_alloc_fail_after(2);
    weft_error_delete(weft_engine_pool(engine, 2));
    weft_alloc_fail_after(0);
    if (!SANITIZED) assert_in_range(process_space() - without, 0, GIB4);
    assert_is_no_pool(engine);
    weft_engine_delete(engine);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_memory_is_as_new_each_time),
        cmocka_unit_test(limits_hold_in_a_pool),
        cmocka_unit_test(an_empty_pool_is_a_limit_directly),
        cmocka_unit_test(an_empty_pool_is_a_limit_hosted),
        cmocka_unit_test(one_pool_is_for_all_plugins),
        cmocka_unit_test(threads_take_and_give_back),
        cmocka_unit_test(nested_components_run_in_a_pool),
        cmocka_unit_test(exceptions_take_a_memory),
        cmocka_unit_test(a_memory_of_64_bits_is_of_the_pool),
        cmocka_unit_test(much_data_runs_in_a_pool),
        cmocka_unit_test(wasi_runs_in_a_pool),
        cmocka_unit_test(a_pool_comes_before_the_first_plugin),
        cmocka_unit_test(a_pool_that_does_not_fit_is_refused),
        cmocka_unit_test(its_address_space_is_there_beforehand),
        cmocka_unit_test(the_last_pool_that_was_asked_for_counts),
        cmocka_unit_test(after_a_failure_there_is_no_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
