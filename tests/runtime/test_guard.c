/* What guards a plugin: cancellation and deadlines, one visit at a time, the native stack. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>

#include <cmocka.h>

#include "runtime/engine.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "support/alloc.h"

/* Both engines, for what must be the same on both. */
static const weft_engine_choice_t choices[] = {WEFT_ENGINE_DIRECT, WEFT_ENGINE_HOSTED};

/* Runs for ever; counts; recurses without end, or `n` times; calls the host. */
static const char spinner[] =
    "(component (import \"hold\" (func $hold))"
    " (core func $h (canon lower (func $hold)))"
    " (core module $m (import \"\" \"hold\" (func $hold)) (global $n (mut i32) (i32.const 0))"
    "  (func (export \"spin\") (loop (br 0)))"
    "  (func $count (export \"count\") (result i32)"
    "   (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))"
    "  (func $deep (export \"deep\") (param i32) (result i32)"
    "   (if (result i32) (local.get 0)"
    "    (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1)))))"
    "    (else (i32.const 0))))"
    "  (func (export \"hold\") (call $hold)))"
    " (core instance $i (instantiate $m (with \"\" (instance (export \"hold\" (func $h))))))"
    " (func (export \"spin\") (canon lift (core func $i \"spin\")))"
    " (func (export \"count\") (result u32) (canon lift (core func $i \"count\")))"
    " (func (export \"deep\") (param \"n\" u32) (result u32) (canon lift (core func $i \"deep\")))"
    " (func (export \"call-hold\") (canon lift (core func $i \"hold\"))))";

/* What the host's function does is up to the test. */
static weft_error_t *(*on_hold)(void);

static weft_error_t *hold(void *context, const weft_value_t *args, size_t count,
                          weft_value_t *result) {
    (void)context, (void)args, (void)count, (void)result;
    return on_hold ? on_hold() : NULL;
}

static guest_component_t spinner_on(weft_engine_choice_t choice, uint64_t deadline_ns) {
    weft_host_func_t func = {NULL, "hold", hold, NULL};
    weft_options_t options = {
        .engine = choice, .deadline_ns = deadline_ns, .funcs = &func, .func_count = 1};
    return guest_of(engine, spinner, &options);
}

static weft_error_t *call(weft_plugin_t *plugin, const char *name) {
    weft_func_t *func;
    weft_value_t out;
    weft_error_t *error = weft_plugin_func(plugin, NULL, name, &func);
    return error ? error : weft_func_call(func, NULL, 0, &out, weft_func_result_count(func));
}

static weft_error_t *deep(weft_plugin_t *plugin, uint32_t depth, uint32_t *reached) {
    weft_func_t *func;
    weft_value_t in = weft_u32(depth), out;
    weft_error_t *error = weft_plugin_func(plugin, NULL, "deep", &func);
    if (!error) error = weft_func_call(func, &in, 1, &out, 1);
    if (!error) *reached = out.of.u32;
    return error;
}

static void sleep_ms(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* ---- cancellation and deadlines --------------------------------------------------------------- */

static atomic_bool ended;

/* Until the call has ended: it may not have begun yet. */
static void *cancel(void *plugin) {
    while (!ended) {
        sleep_ms(5);
        weft_plugin_cancel(plugin);
    }
    return NULL;
}

static void a_call_is_cancelled_from_another_thread(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        pthread_t thread;
        guest_component_t guest = spinner_on(choices[i], 0);
        assert_ok(weft_plugin_start(guest.plugin));
        ended = false;
        pthread_create(&thread, NULL, cancel, guest.plugin);
        weft_error_t *error = call(guest.plugin, "spin");
        ended = true;
        pthread_join(thread, NULL);
        assert_int_equal(weft_error_code(error), WEFT_CANCELLED);
        assert_string_equal(weft_error_message(error).ptr, "the call was cancelled");
        weft_error_delete(error);
        assert_error(call(guest.plugin, "count"),
                     "weft: the component cannot be called again: it trapped before\n"
                     "note: the call was cancelled\n");
        guest_delete(&guest);
    }
}

static void cancelling_nothing_does_nothing(void **state) {
    (void)state;
    guest_component_t guest = spinner_on(WEFT_ENGINE_DIRECT, 0);
    weft_plugin_cancel(guest.plugin);
    assert_ok(call(guest.plugin, "count"));
    weft_plugin_cancel(guest.plugin);
    assert_ok(call(guest.plugin, "count"));
    guest_delete(&guest);
}

static void each_call_has_its_own_deadline(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        guest_component_t guest = spinner_on(choices[i], 30000000);
        for (int k = 0; k < 5; k++) {
            assert_ok(call(guest.plugin, "count"));
            sleep_ms(10);
        }
        uint64_t start = weft_now_ns();
        weft_error_t *error = call(guest.plugin, "spin");
        assert_true(weft_now_ns() - start >= 30000000);
        assert_int_equal(weft_error_code(error), WEFT_TRAP);
        weft_str_t message = weft_error_message(error);
        assert_true(
            weft_str_eq(message, weft_str("the call took longer than its deadline of 30 ms")));
        weft_error_delete(error);
        guest_delete(&guest);
    }
}

/* ---- one at a time ---------------------------------------------------------------------------- */

static weft_plugin_t *held;
static weft_error_t *inner;

static weft_error_t *call_back(void) {
    inner = call(held, "count");
    return NULL;
}

static void a_plugin_is_not_entered_again_by_its_own_chain(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        guest_component_t guest = spinner_on(choices[i], 0);
        held = guest.plugin;
        on_hold = call_back;
        assert_ok(call(guest.plugin, "call-hold"));
        assert_int_equal(weft_error_code(inner), WEFT_BUSY);
        assert_error(inner, "weft: the plugin is already running, further out in the same chain of "
                            "calls (lock-rejected)\n");
        assert_ok(call(guest.plugin, "count")); /* neither is spent */
        guest_delete(&guest);
    }
}

static atomic_bool holding, let_go, released;

static weft_error_t *hold_until_told(void) {
    holding = true;
    while (!let_go) sleep_ms(1);
    released = true;
    return NULL;
}

static void *call_hold(void *plugin) {
    return call(plugin, "call-hold");
}

/* A thread whose call stays in the plugin until `let_go`. */
static pthread_t hold_with(guest_component_t *guest) {
    pthread_t thread;
    holding = let_go = released = false;
    on_hold = hold_until_told;
    assert_ok(weft_plugin_start(guest->plugin));
    assert_int_equal(pthread_create(&thread, NULL, call_hold, guest->plugin), 0);
    while (!holding) sleep_ms(1);
    return thread;
}

static void *let_go_soon(void *context) {
    sleep_ms(20);
    let_go = true;
    return context;
}

static void another_thread_waits_for_its_turn(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        pthread_t other;
        void *error;
        guest_component_t guest = spinner_on(choices[i], 0);
        pthread_t thread = hold_with(&guest);
        assert_int_equal(pthread_create(&other, NULL, let_go_soon, NULL), 0);
        assert_ok(call(guest.plugin, "count"));
        assert_true(released);
        pthread_join(other, NULL);
        pthread_join(thread, &error);
        assert_null(error);
        guest_delete(&guest);
    }
}

static void who_waits_longer_than_the_deadline_gives_up(void **state) {
    (void)state;
    void *error;
    guest_component_t guest = spinner_on(WEFT_ENGINE_DIRECT, 20000000);
    pthread_t thread = hold_with(&guest);
    weft_error_t *busy = call(guest.plugin, "count");
    assert_false(released);
    assert_int_equal(weft_error_code(busy), WEFT_BUSY);
    assert_error(busy, "weft: the plugin was running another call until the deadline of 20 ms\n");
    let_go = true;
    pthread_join(thread, &error);
    weft_error_delete(error); /* its own deadline has passed: the host's function took longer */
    guest_delete(&guest);
}

/* A resource whose destructor counts, and a call of the host. */
static const char keeper[] =
    "(component (import \"hold\" (func $hold)) (core func $h (canon lower (func $hold)))"
    " (core module $d (global $n (mut i32) (i32.const 0))"
    "  (func (export \"dtor\") (param i32) (global.set $n (i32.add (global.get $n) (i32.const 1))))"
    "  (func (export \"n\") (result i32) (global.get $n)))"
    " (core instance $d (instantiate $d)) (alias core export $d \"dtor\" (core func $dtor))"
    " (type $r (resource (rep i32) (dtor (core func $dtor))))"
    " (core func $new (canon resource.new $r))"
    " (core module $m (import \"\" \"new\" (func $new (param i32) (result i32)))"
    "  (import \"\" \"h\" (func $h))"
    "  (func (export \"make\") (result i32) (call $new (i32.const 5)))"
    "  (func (export \"wait\") (call $h)))"
    " (core instance $i (instantiate $m (with \"\" (instance (export \"new\" (func $new))"
    "  (export \"h\" (func $h))))))"
    " (export $er \"r\" (type $r))"
    " (func (export \"make\") (result (own $er)) (canon lift (core func $i \"make\")))"
    " (func (export \"wait\") (canon lift (core func $i \"wait\")))"
    " (func (export \"dropped\") (result u32) (canon lift (core func $d \"n\"))))";

static weft_value_t handle;

static weft_error_t *drop_handle(void) {
    weft_value_clear(&handle);
    return NULL;
}

static void a_handle_dropped_meanwhile_is_dropped_afterwards(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        weft_value_t out;
        weft_host_func_t func = {NULL, "hold", hold, NULL};
        weft_options_t options = {.engine = choices[i], .funcs = &func, .func_count = 1};
        guest_component_t guest = guest_of(engine, keeper, &options);
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "make"), NULL, 0, &handle, 1));
        on_hold = drop_handle;
        assert_ok(call(guest.plugin, "wait"));
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "dropped"), NULL, 0, &out, 1));
        assert_int_equal(out.of.u32, 1);
        guest_delete(&guest);
    }
}

enum { THREADS = 8, CALLS = 2000 };

static void *count_often(void *plugin) {
    weft_error_t *error = NULL;
    for (int i = 0; i < CALLS && !error; i++) error = call(plugin, "count");
    return error;
}

static void threads_share_a_plugin(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    weft_value_t out;
    guest_component_t guest = spinner_on(WEFT_ENGINE_DIRECT, 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_often, guest.plugin), 0);
    for (int i = 0; i < THREADS; i++) {
        void *error;
        pthread_join(threads[i], &error);
        assert_ok(error);
    }
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "count"), NULL, 0, &out, 1));
    assert_int_equal(out.of.u32, THREADS * CALLS + 1);
    guest_delete(&guest);
}

/* ---- limits ----------------------------------------------------------------------------------- */

static void tables_keep_to_the_limit_of_memory(void **state) {
    (void)state;
    give_signals_back();
    for (size_t i = 0; i < 2; i++) {
        weft_options_t options = {.engine = choices[i], .memory = 1 << 20};
        guest_component_t guest = guest_of(engine,
                                           "(component (core module $m (table $t 0 funcref)"
                                           "  (func (export \"grow\") (param i32) (result i32)"
                                           "   (table.grow $t (ref.null func) (local.get 0))))"
                                           " (core instance $i (instantiate $m))"
                                           " (func (export \"grow\") (param \"n\" u32) (result s32)"
                                           "  (canon lift (core func $i \"grow\"))))",
                                           &options);
        weft_func_t *grow = func_of(guest.plugin, NULL, "grow");
        weft_value_t in = weft_u32(131072), out;
        assert_ok(weft_func_call(grow, &in, 1, &out, 1));
        assert_int_equal(out.of.s32, 0);
        in = weft_u32(1);
        assert_ok(weft_func_call(grow, &in, 1, &out, 1));
        assert_int_equal(out.of.s32, -1);
        guest_delete(&guest);
    }
}

/* Each has fresh plugins for a while, some with a deadline, whose calls wait in another way. */
enum { PLUGINS = 6, GENERATIONS = 40, VISITS = 54 };

static void *count_in_all(void *guests) {
    weft_error_t *error = NULL;
    for (int i = 0; i < VISITS * PLUGINS && !error; i++)
        error = call(((guest_component_t *)guests)[i / 3 % PLUGINS].plugin, "count");
    return error;
}

static void count_with_threads(guest_component_t *guests) {
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_in_all, guests), 0);
    for (int i = 0; i < 3; i++) {
        void *error;
        pthread_join(threads[i], &error);
        assert_ok(error);
    }
}

static void threads_come_and_go_in_several_plugins(void **state) {
    (void)state;
    guest_component_t guests[PLUGINS];
    weft_value_t out;
    for (size_t i = 0; i < PLUGINS; i++)
        guests[i] = spinner_on(choices[i % 2], i % 3 ? 0 : UINT64_C(60000000000));
    for (int i = 0; i < GENERATIONS; i++) count_with_threads(guests);
    for (size_t i = 0; i < PLUGINS; i++) {
        weft_func_t *count = func_of(guests[i].plugin, NULL, "count");
        assert_ok(weft_func_call(count, NULL, 0, &out, 1));
        assert_int_equal(out.of.u32, GENERATIONS * 3 * VISITS + 1);
        guest_delete(&guests[i]);
    }
}

/* ---- stacks ----------------------------------------------------------------------------------- */

/* As deep as half of what a store may use. */
enum { DEEP = 5000, SMALL_STACK = 256 << 10 };

typedef struct small {
    weft_plugin_t *plugin;
    uint32_t reached;
    weft_error_t *error, *endless;
} small_t;

static void run_small(small_t *small) {
    uint32_t none;
    small->error = deep(small->plugin, DEEP, &small->reached);
    small->endless = deep(small->plugin, UINT32_MAX, &none);
}

static void *small_thread(void *small) {
    run_small(small);
    return NULL;
}

static void assert_ran(small_t *small) {
    assert_ok(small->error);
    assert_int_equal(small->reached, DEEP);
    assert_int_equal(weft_error_code(small->endless), WEFT_TRAP);
    assert_true(weft_str_eq(weft_error_message(small->endless),
                            weft_str("the guest trapped: call stack exhausted")));
    weft_error_delete(small->endless);
}

static void a_thread_with_a_small_stack_calls(void **state) {
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        pthread_t thread;
        pthread_attr_t attributes;
        guest_component_t guest = spinner_on(choices[i], 0);
        small_t small = {.plugin = guest.plugin};
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, SMALL_STACK);
        assert_int_equal(pthread_create(&thread, &attributes, small_thread, &small), 0);
        pthread_join(thread, NULL);
        pthread_attr_destroy(&attributes);
        assert_ran(&small);
        guest_delete(&guest);
    }
}

static small_t *on_fiber;

static void fiber(void) {
    run_small(on_fiber);
}

/* On a stack of its own that nobody knows of, or that was declared. */
static void run_on_fiber(small_t *small, size_t size, bool declared) {
    ucontext_t here, there;
    void *stack = malloc(size);
    assert_non_null(stack);
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = size;
    there.uc_link = &here;
    on_fiber = small;
    makecontext(&there, fiber, 0);
    weft_stack_set(declared ? stack : NULL);
    assert_int_equal(swapcontext(&here, &there), 0);
    weft_stack_set(NULL);
    free(stack);
}

static void a_fiber_calls(void **state) {
    (void)state;
    static const struct {
        size_t size;
        bool declared;
    } ways[] = {{SMALL_STACK, false}, {SMALL_STACK, true}, {4 << 20, true}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        guest_component_t guest = spinner_on(WEFT_ENGINE_DIRECT, 0);
        small_t small = {.plugin = guest.plugin};
        run_on_fiber(&small, ways[i].size, ways[i].declared);
        assert_ran(&small);
        guest_delete(&guest);
    }
}

/* A store is made interruptible when code of it is about to run: also by a module that starts by itself. */
static void a_start_without_end_is_ended(void **state) {
    (void)state;
    static const char starts[] = "(component (core module $m (func $go (loop (br 0))) (start $go))"
                                 " (core instance (instantiate $m)))";
    static const char quiet[] = "(component (core module $m (func (export \"f\")))"
                                " (core instance $i (instantiate $m))"
                                " (func (export \"f\") (canon lift (core func $i \"f\"))))";
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        weft_options_t options = {.engine = choices[i], .deadline_ns = 20000000};
        guest_component_t guest = guest_of(engine, starts, &options);
        weft_error_t *error = weft_plugin_start(guest.plugin);
        assert_int_equal(weft_error_code(error), WEFT_TRAP);
        assert_true(weft_str_eq(weft_error_message(error),
                                weft_str("the call took longer than its deadline of 20 ms")));
        weft_error_delete(error);
        guest_delete(&guest);
    }
    guest_component_t guest = guest_of(engine, quiet, NULL);
    assert_ok(weft_plugin_start(guest.plugin));
    assert_false(guest.plugin->direct->guard.armed);
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "f"), NULL, 0, NULL, 0));
    assert_true(guest.plugin->direct->guard.armed);
    guest_delete(&guest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_without_end_is_ended),
        cmocka_unit_test(a_call_is_cancelled_from_another_thread),
        cmocka_unit_test(cancelling_nothing_does_nothing),
        cmocka_unit_test(each_call_has_its_own_deadline),
        cmocka_unit_test(a_plugin_is_not_entered_again_by_its_own_chain),
        cmocka_unit_test(another_thread_waits_for_its_turn),
        cmocka_unit_test(who_waits_longer_than_the_deadline_gives_up),
        cmocka_unit_test(a_handle_dropped_meanwhile_is_dropped_afterwards),
        cmocka_unit_test(threads_share_a_plugin),
        cmocka_unit_test(threads_come_and_go_in_several_plugins),
        cmocka_unit_test(tables_keep_to_the_limit_of_memory),
        cmocka_unit_test(a_thread_with_a_small_stack_calls),
        cmocka_unit_test(a_fiber_calls),
    };
    return cmocka_run_group_tests_name("guard", tests, make_engine, delete_engine);
}
