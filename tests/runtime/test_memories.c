/* Memories that are used again. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "common/process.h"
#include "common/sanitized.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/memories.h"
#include "runtime/memory_guest.h"
#include "support/buf.h"

enum { PAGE = 4096, WASM_PAGE = 65536, DATA_AT = 100, DATA = 7, MANY = 200 };

/* ---- a guest that reads and writes its memory -------------------------------------------------- */

static guest_component_t guest_of_pages(unsigned pages) {
    return memory_guest(engine, pages, "\\07", NULL);
}

static void assert_new(weft_plugin_t *plugin, unsigned pages) {
    assert_int_equal(call_numbers(plugin, "get", DATA_AT, 0), DATA);
    assert_int_equal(call_numbers(plugin, "any", 0, DATA_AT), 0);
    assert_int_equal(call_numbers(plugin, "any", DATA_AT + 1, pages * WASM_PAGE), 0);
}

/* A page at each stride, and the last one. */
static void soil(weft_plugin_t *plugin, unsigned pages, uint32_t stride) {
    for (uint32_t at = 0; at < pages * WASM_PAGE; at += stride)
        call_numbers(plugin, "fill", at, PAGE);
    call_numbers(plugin, "fill", pages * WASM_PAGE - PAGE, PAGE);
}

#define MEMORY_TAKES ((UINT64_C(4) << 30) + (UINT64_C(64) << 20))

/* In units of what a memory takes, rounded. */
static long address_space(void) {
    return (long)((process_space() + MEMORY_TAKES / 2) / MEMORY_TAKES);
}

/* ---- what a plugin finds ----------------------------------------------------------------------- */

/* Few pages, which are zeroed, and many, which are given up; memories that are kept, and one that is too large for it. */
static void a_memory_is_as_new_each_time(void **state) {
    static const unsigned sizes[] = {1, 4, 64, 65};
    static const uint32_t strides[] = {20 * WASM_PAGE, WASM_PAGE, PAGE};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t k = 0; k < sizeof strides / sizeof *strides; k++)
            for (int round = 0; round < 3; round++) {
                guest_component_t guest = guest_of_pages(sizes[i]);
                assert_new(guest.plugin, sizes[i]);
                soil(guest.plugin, sizes[i], strides[k]);
                guest_delete(&guest);
            }
}

static void a_memory_that_grew_is_small_again(void **state) {
    (void)state;
    for (int round = 0; round < 3; round++) {
        guest_component_t guest = guest_of_pages(2);
        weft_value_t at = weft_u32(2 * WASM_PAGE), result;
        assert_new(guest.plugin, 2);
        assert_int_equal(call_numbers(guest.plugin, "grow", 3, 0), 2);
        assert_new(guest.plugin, 5);
        soil(guest.plugin, 5, PAGE);
        guest_delete(&guest);

        guest = guest_of_pages(2);
        assert_new(guest.plugin, 2);
        weft_error_t *error =
            weft_func_call(func_of(guest.plugin, NULL, "get"), &at, 1, &result, 1);
        assert_int_equal(weft_error_code(error), WEFT_TRAP);
        weft_error_delete(error);
        guest_delete(&guest);
    }
}

/* 4 GiB are not enough for it, so it goes elsewhere. */
static void a_memory_of_64_bits_can_move(void **state) {
    static const char text[] =
        "(component (core module $m (memory i64 1)"
        "  (func (export \"put\") (param i32 i32)"
        "   (i64.store8 (i64.extend_i32_u (local.get 0)) (i64.extend_i32_u (local.get 1))))"
        "  (func (export \"get\") (param i32) (result i32)"
        "   (i32.load8_u (i64.extend_i32_u (local.get 0))))"
        "  (func (export \"grow\") (param i32) (result i32)"
        "   (i32.wrap_i64 (memory.grow (i64.extend_i32_u (local.get 0)))))"
        "  (func (export \"beyond\") (result i32) (i64.store8 (i64.const 0x100000000) (i64.const "
        "9))"
        "   (i32.load8_u (i64.const 0x100000000))))"
        " (core instance $i (instantiate $m))"
        " (func (export \"put\") (param \"at\" u32) (param \"byte\" u32) (canon lift (core func $i "
        "\"put\")))"
        " (func (export \"get\") (param \"at\" u32) (result u32) (canon lift (core func $i "
        "\"get\")))"
        " (func (export \"beyond\") (result u32) (canon lift (core func $i \"beyond\")))"
        " (func (export \"grow\") (param \"pages\" u32) (result u32) (canon lift (core func $i "
        "\"grow\"))))";
    (void)state;
    for (int round = 0; round < 3; round++) {
        guest_component_t guest = guest_of(engine, text, NULL);
        assert_int_equal(call_numbers(guest.plugin, "get", 5, 0), 0);
        call_numbers(guest.plugin, "put", 5, 3);
        assert_int_equal(call_numbers(guest.plugin, "grow", 65536, 0), 1);
        assert_int_equal(call_numbers(guest.plugin, "get", 5, 0), 3);
        assert_int_equal(call_numbers(guest.plugin, "get", WASM_PAGE, 0), 0);
        assert_int_equal(call_numbers(guest.plugin, "beyond", 0, 0), 9);
        guest_delete(&guest);
    }
}

/* A kept memory has 4 GiB; behind it is what was mapped before. */
static void a_larger_memory_is_not_given_a_smaller_ones_place(void **state) {
    static const char text[] =
        "(component (core module $m (memory i64 81920)"
        "  (func (export \"reach\") (param i32)"
        "   (loop $next (i64.store8 (i64.add (i64.const 0x100000000) (i64.extend_i32_u (local.get "
        "0)))"
        "    (i64.const 9)) (local.set 0 (i32.sub (local.get 0) (i32.const 65536)))"
        "    (br_if $next (i32.gt_s (local.get 0) (i32.const 0))))))"
        " (core instance $i (instantiate $m))"
        " (func (export \"reach\") (param \"to\" u32) (canon lift (core func $i \"reach\"))))";
    (void)state;
    guest_component_t victims[4], kept[4];
    for (int i = 0; i < 4; i++) {
        victims[i] = guest_of_pages(1);
        kept[i] = guest_of_pages(1);
        assert_ok(weft_plugin_start(victims[i].plugin));
        assert_ok(weft_plugin_start(kept[i].plugin));
    }
    for (int i = 0; i < 4; i++) guest_delete(&kept[i]);
    guest_component_t large = guest_of(engine, text, NULL);
    call_numbers(large.plugin, "reach", 1 << 29, 0);
    for (int i = 0; i < 4; i++) {
        assert_new(victims[i].plugin, 1);
        guest_delete(&victims[i]);
    }
    guest_delete(&large);
}

enum { THREADS = 4, STARTS = 100 };

static void *start_and_soil(void *context) {
    for (unsigned i = 0; i < STARTS; i++) {
        guest_component_t guest = guest_of_pages(1 + i % 3);
        assert_new(guest.plugin, 1 + i % 3);
        soil(guest.plugin, 1 + i % 3, i % 2 ? PAGE : WASM_PAGE);
        guest_delete(&guest);
    }
    return context;
}

static void threads_share_what_is_kept(void **state) {
    pthread_t threads[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, start_and_soil, NULL), 0);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
}

/* ---- how much is kept -------------------------------------------------------------------------- */

static void so_many_are_kept(void **state) {
    weft_engine_t *own;
    guest_component_t guests[MANY];
    (void)state;
    assert_ok(weft_engine_new(&own));
    long before = address_space();
    for (int i = 0; i < MANY; i++) {
        guests[i] = memory_guest(own, 1, "\\07", NULL);
        assert_ok(weft_plugin_start(guests[i].plugin));
    }
    assert_in_range(address_space() - before, MANY, MANY + 2);
    for (int i = 0; i < MANY; i++) guest_delete(&guests[i]);
    assert_in_range(address_space() - before, MEMORIES_KEPT, MEMORIES_KEPT + 2);
    for (int i = 0; i < MEMORIES_KEPT; i++) {
        guests[i] = memory_guest(own, 1, "\\07", NULL);
        assert_ok(weft_plugin_start(guests[i].plugin));
    }
    assert_in_range(address_space() - before, MEMORIES_KEPT, MEMORIES_KEPT + 2);
    for (int i = 0; i < MEMORIES_KEPT; i++) guest_delete(&guests[i]);
    weft_engine_delete(own);
    assert_in_range(address_space() - before, 0, 2);
}

/* ---- data -------------------------------------------------------------------------------------- */

/* Those with much data have an image (image.h). */
static void plugins_with_much_and_little_data_call_each_other(void **state) {
    static const char importer[] =
        "(component (import \"get\" (func $get (param \"at\" u32) (result u32)))"
        " (core func $l (canon lower (func $get)))"
        " (core module $m (import \"\" \"get\" (func $get (param i32) (result i32)))"
        "  (func (export \"twice\") (param i32) (result i32)"
        "   (i32.add (call $get (local.get 0)) (call $get (local.get 0)))))"
        " (core instance $i (instantiate $m (with \"\" (instance (export \"get\" (func $l))))))"
        " (func (export \"twice\") (param \"at\" u32) (result u32)"
        "  (canon lift (core func $i \"twice\"))))";
    buf_t data = {0};
    (void)state;
    for (int i = 0; i < 17 << 10; i++) weft_buf_str(&data, weft_str("\\07"));
    weft_buf_byte(&data, 0);
    for (int fuel = 0; fuel < 2; fuel++) {
        weft_options_t options = {.fuel = fuel ? 1000000 : 0};
        guest_component_t big = memory_guest(engine, 1, weft_buf_as_str(&data).ptr, &options);
        guest_component_t small = guest_of_pages(1);
        options.providers = (struct weft_plugin *[]){fuel ? small.plugin : big.plugin};
        options.provider_count = 1;
        guest_component_t user = guest_of(engine, importer, &options);
        assert_int_equal(call_numbers(user.plugin, "twice", DATA_AT, 0), 2 * DATA);
        assert_int_equal(call_numbers(big.plugin, "get", DATA_AT + (17 << 10) - 1, 0), DATA);
        guest_delete(&user);
        guest_delete(&big);
        guest_delete(&small);
    }
    weft_buf_free(&data);
}

/* ---- when there is none ------------------------------------------------------------------------ */

static void assert_refused(weft_engine_choice_t choice) {
    weft_options_t options = {.engine = choice};
    guest_component_t guest = memory_guest(engine, 3, "\\01", &options);
    weft_error_t *error = weft_plugin_start(guest.plugin);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    assert_error(error, "weft: there is no address space for a memory of the plugin\n"
                        "help: raise the limit (ulimit -v)\n");
    guest_delete(&guest);
}

/* A memory that starts with more than 4 GiB takes address space of its own. */
static void what_is_kept_gives_way(void **state) {
    static const char text[] =
        "(component (core module $m (memory i64 65537)) (core instance (instantiate $m)))";
    struct rlimit limit, before;
    guest_component_t guests[4];
    weft_engine_t *own;
    (void)state;
    if (SANITIZED) skip();
    assert_ok(weft_engine_new(&own));
    for (int i = 0; i < 4; i++) {
        guests[i] = memory_guest(own, 1, "\\07", NULL);
        assert_ok(weft_plugin_start(guests[i].plugin));
    }
    for (int i = 0; i < 4; i++) guest_delete(&guests[i]);
    guest_component_t large = guest_of(own, text, NULL);
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    limit = before;
    limit.rlim_cur = ((rlim_t)address_space() + 1) * MEMORY_TAKES;
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    weft_error_t *error = weft_plugin_start(large.plugin);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_ok(error);
    guest_delete(&large);
    weft_engine_delete(own);
}

/* 500 MB are kept, 375 are wanted when there are 100 more. */
static void try_a_limit_on_data(bool pooled) {
    enum { COUNT = 8 };
    struct rlimit limit, before;
    guest_component_t guests[COUNT];
    weft_engine_t *own;
    assert_ok(weft_engine_new(&own));
    if (pooled) assert_ok(weft_engine_pool(own, COUNT));
    for (int i = 0; i < COUNT; i++) {
        guests[i] = memory_guest(own, 1000, "\\07", NULL);
        assert_ok(weft_plugin_start(guests[i].plugin));
    }
    for (int i = 0; i < COUNT; i++) guest_delete(&guests[i]);
    guest_component_t large = memory_guest(own, 6000, "\\07", NULL);
    guest_component_t growing = memory_guest(own, 1, "\\07", NULL);
    assert_int_equal(getrlimit(RLIMIT_DATA, &before), 0);
    limit = before;
    limit.rlim_cur = process_data() + (100 << 20);
    assert_int_equal(setrlimit(RLIMIT_DATA, &limit), 0);
    weft_error_t *error = weft_plugin_start(large.plugin);
    guest_delete(&large);
    uint32_t grown = call_numbers(growing.plugin, "grow", 6000, 0);
    assert_int_equal(setrlimit(RLIMIT_DATA, &before), 0);
    assert_ok(error);
    assert_int_equal(grown, 1);
    guest_delete(&growing);
    weft_engine_delete(own);
}

static void what_is_kept_gives_way_to_data(void **state) {
    (void)state;
    if (SANITIZED) skip();
    try_a_limit_on_data(false);
    try_a_limit_on_data(true);
}

static void address_space_can_end(void **state) {
    struct rlimit limit, before;
    guest_component_t guests[MEMORIES_KEPT];
    (void)state;
    if (SANITIZED) skip();                    /* it needs the address space itself */
    for (int i = 0; i < MEMORIES_KEPT; i++) { /* of what is kept, nothing is left */
        guests[i] = guest_of_pages(1);
        assert_ok(weft_plugin_start(guests[i].plugin));
    }
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    limit = before;
    limit.rlim_cur = ((rlim_t)address_space() + 1) * MEMORY_TAKES;
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    assert_refused(WEFT_ENGINE_DIRECT);
    assert_refused(WEFT_ENGINE_HOSTED);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    for (int i = 0; i < MEMORIES_KEPT; i++) guest_delete(&guests[i]);
    a_memory_is_as_new_each_time(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_memory_is_as_new_each_time),
        cmocka_unit_test(a_memory_that_grew_is_small_again),
        cmocka_unit_test(a_memory_of_64_bits_can_move),
        cmocka_unit_test(a_larger_memory_is_not_given_a_smaller_ones_place),
        cmocka_unit_test(threads_share_what_is_kept),
        cmocka_unit_test(so_many_are_kept),
        cmocka_unit_test(plugins_with_much_and_little_data_call_each_other),
        cmocka_unit_test(what_is_kept_gives_way),
        cmocka_unit_test(what_is_kept_gives_way_to_data),
        cmocka_unit_test(address_space_can_end),
    };
    return cmocka_run_group_tests(tests, make_engine, delete_engine);
}
