/* WASI on the direct engine, as far as programs do not show it (e2e/wasi): handles, waiting, guests that lie, values. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "runtime/engine.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "runtime/wasi/inside.h"
#include "support/alloc.h"

static const weft_engine_choice_t choices[] = {WEFT_ENGINE_DIRECT, WEFT_ENGINE_HOSTED};

static const wasi_t *wasi_of(const direct_t *direct) {
    return (const wasi_t *)direct->source;
}

/* A guest with timers and standard output, tests/runtime/wasi.wat. */
static const char *guest_path(void) {
    static char path[4096];
    const char *folder = getenv("WEFT_TESTS_DIR");
    snprintf(path, sizeof path, "%s/runtime/wasi.wat", folder ? folder : "tests");
    return path;
}

static guest_component_t guest_on(weft_engine_choice_t choice, uint64_t deadline_ns) {
    weft_options_t options = {.engine = choice, .deadline_ns = deadline_ns};
    guest_component_t guest = {.plugin = NULL};
    give_signals_back();
    assert_ok(weft_plugin_load(engine, guest_path(), &options, &guest.plugin));
    return guest;
}

static weft_error_t *call(const guest_component_t *guest, const char *name, weft_value_t arg,
                          weft_value_t *out) {
    weft_func_t *func = func_of(guest->plugin, NULL, name);
    return weft_func_call(func, &arg, weft_func_param_count(func), out,
                          weft_func_result_count(func));
}

/* ---- handles ---------------------------------------------------------------------------------- */

static void tables_stay_flat(void **state) {
    (void)state;
    guest_component_t guest = guest_on(WEFT_ENGINE_DIRECT, 0);
    assert_ok(call(&guest, "many", weft_u32(100000), NULL));
    const direct_t *direct = guest.plugin->direct;
    assert_true(wasi_of(direct)->handles.count <= 2);
    for (const frame_t *frame = direct->frames; frame; frame = frame->next)
        assert_true(frame->handles.table.count <= 3);
    assert_int_equal(direct->lends.count, 0);
    guest_delete(&guest);
}

static void the_host_can_have_them_too(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        guest_component_t guest = guest_on(choices[i], 0);
        weft_value_t now, later, out;
        assert_ok(call(&guest, "keep", weft_u64(1), &now));
        assert_ok(call(&guest, "keep", weft_u64(UINT64_C(1000000000000)), &later));
        assert_ok(call(&guest, "wait-for", now, &out));
        assert_ok(call(&guest, "wait-for", now, &out));
        assert_ok(call(&guest, "is-ready", later, &out));
        assert_false(out.of.boolean);
        weft_value_clear(&now);
        if (choices[i] == WEFT_ENGINE_DIRECT) {
            assert_null(wasi_of(guest.plugin->direct)->handles.items[0].any);
            assert_non_null(wasi_of(guest.plugin->direct)->handles.items[1].any);
        }
        guest_delete(&guest);
        weft_value_clear(&later);
    }
}

/* Of the proxies, two: one for what the guest imports, one for waiting. */
static void plugins_share_what_is_compiled(void **state) {
    (void)state;
    guest_component_t a = guest_on(WEFT_ENGINE_DIRECT, 0), b = guest_on(WEFT_ENGINE_DIRECT, 0);
    weft_value_t before, after;
    assert_ok(call(&a, "now", weft_bool(false), &before));
    assert_ok(call(&b, "now", weft_bool(false), &after));
    assert_true(before.of.u64 <= after.of.u64 || after.of.u64 > 0);
    size_t linkers = 0;
    for (int i = 0; i < ENGINE_NEED_COUNT; i++) linkers += engine->shelf.linkers[i] != NULL;
    assert_int_equal(linkers, 1);
    assert_int_equal(weft_shelf_count(&engine->shelf), 2);
    guest_delete(&a);
    guest_delete(&b);
}

/* ---- waiting ---------------------------------------------------------------------------------- */

static uint64_t ms_since(uint64_t begun) {
    return (weft_now_ns() - begun) / 1000000;
}

static void what_is_ready_ends_the_wait(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        guest_component_t guest = guest_on(choices[i], UINT64_C(5000000000));
        weft_value_t out;
        uint64_t begun = weft_now_ns();
        assert_ok(call(&guest, "block", weft_u64(25000000), NULL));
        assert_true(ms_since(begun) >= 25);
        for (uint32_t n = 1; n < 6; n++) {
            assert_ok(call(&guest, "poll", weft_u32(n), &out));
            assert_int_equal(out.of.u32, n - 1);
        }
        guest_delete(&guest);
    }
}

/* Where it was then, a note may say. */
static void assert_ended(weft_error_t *error, const char *message) {
    assert_non_null(error);
    if (!weft_str_eq(weft_error_message(error), weft_str(message))) fail_msg("%s", rendered(error));
    weft_error_delete(error);
}

/* The target is 20 ms behind the deadline; machines that run tests are busy. */
static void a_deadline_ends_the_wait(void **state) {
    (void)state;
    for (int started = 0; started < 2;
         started++) { /* the wait in the first call, or in a later one */
        guest_component_t guest = guest_on(WEFT_ENGINE_DIRECT, 60000000);
        weft_value_t out;
        if (started) assert_ok(call(&guest, "now", weft_bool(false), &out));
        uint64_t begun = weft_now_ns();
        assert_ended(call(&guest, "block", weft_u64(UINT64_C(10000000000)), &out),
                     "the call took longer than its deadline of 60 ms");
        assert_in_range(ms_since(begun), 55, 1000);
        guest_delete(&guest);
    }
}

static void *cancel(void *context) {
    struct timespec pause = {0, 30000000};
    nanosleep(&pause, NULL);
    weft_plugin_cancel(context);
    return NULL;
}

static void cancelling_ends_the_wait(void **state) {
    (void)state;
    pthread_t thread;
    weft_value_t out;
    guest_component_t guest = guest_on(WEFT_ENGINE_DIRECT, 0);
    uint64_t begun = weft_now_ns();
    assert_ok(weft_plugin_start(guest.plugin));
    pthread_create(&thread, NULL, cancel, guest.plugin);
    assert_ended(call(&guest, "block", weft_u64(UINT64_C(10000000000)), &out),
                 "the call was cancelled");
    assert_true(ms_since(begun) < 2000);
    pthread_join(thread, NULL);
    guest_delete(&guest);
}

/* ---- guests that lie, and what WASI refuses --------------------------------------------------- */

static void assert_traps(const char *name, weft_value_t arg, const char *words) {
    weft_value_t out;
    char expected[256];
    guest_component_t guest = guest_on(WEFT_ENGINE_DIRECT, 0);
    snprintf(expected, sizeof expected, "the guest trapped: %s", words);
    weft_error_t *error = call(&guest, name, arg, &out);
    assert_non_null(error);
    if (!weft_str_eq(weft_error_message(error), weft_str(expected)))
        fail_msg("%s: %s", name, rendered(error));
    weft_error_delete(error);
    guest_delete(&guest);
}

static void forged_handles_trap(void **state) {
    (void)state;
    assert_traps("block-forged", weft_u32(0), "unknown handle index 0");
    assert_traps("block-forged", weft_u32(77), "unknown handle index 77");
    assert_traps("drop-twice", weft_bool(false), "unknown handle index 1");
    assert_traps("block-stream", weft_bool(false),
                 "handle index 1 used with the wrong type, expected guest-defined resource but "
                 "found a different guest-defined resource");
}

/* In the words of Wasmtime, where the call is passed to it though it would wait. */
static void what_wasi_refuses_is_the_same_on_both(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t arg;
    } calls[] = {{"poll-none", 0}, {"write", 4097}};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        weft_value_t out;
        weft_error_t *errors[2];
        for (size_t k = 0; k < 2; k++) {
            guest_component_t guest = guest_on(choices[k], 0);
            errors[k] = call(&guest, calls[i].name, weft_u32(calls[i].arg), &out);
            assert_non_null(errors[k]);
            guest_delete(&guest);
        }
        weft_str_t direct = weft_error_message(errors[0]), hosted = weft_error_message(errors[1]);
        if (!weft_str_eq(direct, hosted))
            fail_msg("%s: %.*s; hosted: %.*s", calls[i].name, (int)direct.len, direct.ptr,
                     (int)hosted.len, hosted.ptr);
        weft_error_delete(errors[0]);
        weft_error_delete(errors[1]);
    }
}

/* A proxy's memory grows to what a call needs, not to what all of them do. */
static void the_place_of_bytes_is_used_again(void **state) {
    (void)state;
    guest_component_t guest = guest_on(WEFT_ENGINE_DIRECT, 0);
    const wasi_t *wasi = (const wasi_t *)guest.plugin->direct->source;
    weft_value_t out;
    for (int i = 0; i < 100; i++) assert_ok(call(&guest, "write", weft_u32(4000), &out));
    assert_int_equal(wasi->proxy.room_size, 65536);
    assert_int_equal(wasi->aiding.room_size, 65536);
    guest_delete(&guest);
}

static void what_a_call_passes_to_wasi_is_bounded(void **state) {
    (void)state;
    guest_component_t guest = guest_on(WEFT_ENGINE_DIRECT, 0);
    weft_value_t out;
    guest.plugin->direct->room = 4000;
    assert_ok(call(&guest, "poll", weft_u32(100), &out));
    assert_ok(call(&guest, "write", weft_u32(4000), &out));
    guest.plugin->direct->room = 3000;
    weft_error_t *error = call(&guest, "poll", weft_u32(100), &out);
    assert_ended(error, "the guest trapped: too much data for the host: one call passes at most "
                        "3000 bytes");
    guest_delete(&guest);
}

/* Two strings of 60 000 bytes: more than the one page that the guest may have (it lays them over each other), and
 * the proxy passes both at once. */
static void the_memory_limit_is_the_guests(void **state) {
    (void)state;
    static const char wat[] =
        "(component (import \"wasi:cli/environment@0.2.0\" (instance $e"
        "  (export \"get-arguments\" (func (result (list string))))))"
        " (core module $l (memory (export \"m\") 1) (func (export \"r\") (param i32 i32 i32 i32)"
        "  (result i32) (i32.const 2048)) (func (export \"grow\") (result i32)"
        "  (memory.grow (i32.const 1))))"
        " (core instance $l (instantiate $l)) (alias core export $l \"m\" (core memory $m))"
        " (alias core export $l \"r\" (core func $r))"
        " (core func $args (canon lower (func $e \"get-arguments\") (memory $m) (realloc $r)))"
        " (core module $c (import \"\" \"args\" (func $args (param i32)))"
        "  (import \"l\" \"m\" (memory 1))"
        "  (func (export \"f\") (result i32) (call $args (i32.const 16))"
        "   (i32.load (i32.const 20))))"
        " (core instance $i (instantiate $c (with \"\" (instance (export \"args\" (func $args))))"
        "  (with \"l\" (instance $l))))"
        " (func (export \"f\") (result u32) (canon lift (core func $i \"f\")))"
        " (func (export \"grow\") (result s32) (canon lift (core func $l \"grow\"))))";
    static char longest[60001];
    const char *args[2] = {longest, longest};
    memset(longest, 'x', sizeof longest - 1);
    weft_options_t options = {.memory = 65536, .args = args, .arg_count = 2};
    for (size_t i = 0; i < 2; i++) {
        weft_value_t out;
        options.engine = choices[i];
        guest_component_t guest = guest_of(engine, wat, &options);
        assert_ok(call(&guest, "f", weft_bool(false), &out));
        assert_int_equal(out.of.u32, 2);
        assert_ok(call(&guest, "grow", weft_bool(false), &out));
        assert_int_equal(out.of.s32, -1); /* the limit is there again */
        guest_delete(&guest);
    }
}

/* ---- lack of memory --------------------------------------------------------------------------- */

static weft_error_t *load_and_poll(void) {
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT};
    weft_plugin_t *plugin = NULL;
    weft_func_t *poll;
    weft_value_t n = weft_u32(2), out;
    weft_engine_t *fresh;
    weft_error_t *error = weft_engine_new(&fresh); /* with nothing on its shelf */
    if (error) return error;
    error = weft_plugin_load(fresh, guest_path(), &options, &plugin);
    if (!error) error = weft_plugin_func(plugin, NULL, "poll", &poll);
    if (!error) error = weft_func_call(poll, &n, 1, &out, 1);
    weft_plugin_delete(plugin);
    weft_engine_delete(fresh);
    return error;
}

static void lack_of_memory_is_an_error_everywhere(void **state) {
    (void)state;
    give_signals_back();
    for (size_t n = 1;; n += 1 + n / 8) {
        weft_alloc_fail_after(n);
        weft_error_t *error = load_and_poll();
        weft_alloc_fail_after(0);
        if (!error) break;
        if (weft_error_code(error) != WEFT_NO_MEMORY) fail_msg("%zu: %s", n, rendered(error));
        weft_error_delete(error);
    }
}

/* ---- the end ---------------------------------------------------------------------------------- */

static const char looks_at_the_clock[] =
    "(component"
    " (import \"wasi:clocks/monotonic-clock@0.2.0\" (instance $clock"
    "  (export \"now\" (func (result u64)))))"
    " (core func $now (canon lower (func $clock \"now\")))"
    " (core module $d (import \"\" \"now\" (func $now (result i64)))"
    "  (func (export \"dtor\") (param i32) (drop (call $now))))"
    " (core instance $d (instantiate $d (with \"\" (instance (export \"now\" (func $now))))))"
    " (type $r' (resource (rep i32) (dtor (core func $d \"dtor\"))))"
    " (core func $new (canon resource.new $r')) (export $r \"r\" (type $r'))"
    " (func (export \"make\") (param \"n\" u32) (result (own $r)) (canon lift (core func $new))))";

/* A handle that one thread drops just when another one leaves may wait until the plugin is deleted. */
static void destructors_that_wait_have_their_imports_until_the_end(void **state) {
    (void)state;
    visit_t visit;
    weft_value_t handle;
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT};
    give_signals_back();
    guest_component_t guest = guest_of(engine, looks_at_the_clock, &options);
    assert_ok(call(&guest, "make", weft_u32(7), &handle));
    guard_t *guard = &guest.plugin->direct->guard;
    assert_true(weft_guard_try_enter(guard, &visit));
    weft_value_clear(&handle);
    later_t *waits = atomic_exchange(&guard->later, NULL);
    assert_non_null(waits);
    weft_guard_leave(&visit);
    atomic_store(&guard->later, waits);
    guest_delete(&guest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_stay_flat),
        cmocka_unit_test(the_host_can_have_them_too),
        cmocka_unit_test(plugins_share_what_is_compiled),
        cmocka_unit_test(what_is_ready_ends_the_wait),
        cmocka_unit_test(a_deadline_ends_the_wait),
        cmocka_unit_test(cancelling_ends_the_wait),
        cmocka_unit_test(forged_handles_trap),
        cmocka_unit_test(what_wasi_refuses_is_the_same_on_both),
        cmocka_unit_test(the_place_of_bytes_is_used_again),
        cmocka_unit_test(what_a_call_passes_to_wasi_is_bounded),
        cmocka_unit_test(the_memory_limit_is_the_guests),
        cmocka_unit_test(lack_of_memory_is_an_error_everywhere),
        cmocka_unit_test(destructors_that_wait_have_their_imports_until_the_end),
    };
    return cmocka_run_group_tests_name("wasi", tests, make_engine, delete_engine);
}
