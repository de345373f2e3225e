/* Components on Wasmtime's component API. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "support/alloc.h"

/* ---- values ----------------------------------------------------------------------------------- */

static weft_plugin_t *echo;

static void assert_echoed(const char *func, weft_value_t value) {
    weft_value_t result;
    assert_ok(weft_func_call(func_of(echo, "echo", func), &value, 1, &result, 1));
    assert_true(weft_value_equal(&value, &result));
    weft_value_clear(&result);
}

static weft_value_t person(weft_value_t fields[3], weft_value_t emails[2]) {
    emails[0] = weft_string("ann@example.org");
    emails[1] = weft_string("");
    fields[0] = weft_string("Ann \xe2\x98\x83");
    fields[1] = weft_u8(44);
    fields[2] = weft_list(emails, 2);
    return weft_record(fields, 3);
}

static void every_value_comes_back_as_it_went(void **state) {
    (void)state;
    weft_value_t fields[3], emails[2], point[2], leaf[2], suits[2], tree[3], leaves[2], pair;
    weft_value_t inner, outer, shape, tuple[3], numbers[2], lists[2], shorts[2];
    echo = plugin_of(engine, "guests/echo.wasm");
    assert_echoed("echo-bool", weft_bool(true));
    assert_echoed("echo-s8", weft_s8(INT8_MIN));
    assert_echoed("echo-u8", weft_u8(UINT8_MAX));
    assert_echoed("echo-s16", weft_s16(INT16_MIN));
    assert_echoed("echo-u16", weft_u16(UINT16_MAX));
    assert_echoed("echo-s32", weft_s32(INT32_MIN));
    assert_echoed("echo-u32", weft_u32(UINT32_MAX));
    assert_echoed("echo-s64", weft_s64(INT64_MIN));
    assert_echoed("echo-u64", weft_u64(UINT64_MAX));
    assert_echoed("echo-f32", weft_f32(-1.5f));
    assert_echoed("echo-f64", weft_f64(1e300));
    assert_echoed("echo-char", weft_char(0x10FFFF));
    assert_echoed("echo-string", weft_string("h\xc3\xa9llo"));
    assert_echoed("echo-string", weft_string_of((weft_str_t){"a\0b", 3}));
    assert_echoed("echo-string", weft_string(""));
    assert_echoed("echo-person", person(fields, emails));
    assert_echoed("echo-suit", weft_enum(3));
    assert_echoed("echo-few", weft_flags(5));
    assert_echoed("echo-few", weft_flags(0));
    assert_echoed("echo-many", weft_flags(0x1FFFF));
    assert_echoed("echo-bytes", weft_byte_list("\0\1\xff", 3));
    numbers[0] = weft_u64(1), numbers[1] = weft_u64(UINT64_MAX);
    assert_echoed("echo-numbers", weft_list(numbers, 2));
    assert_echoed("echo-strings", weft_list(emails, 2));
    shorts[0] = weft_u16(1), shorts[1] = weft_u16(2);
    lists[0] = weft_list(shorts, 2), lists[1] = weft_list(NULL, 0);
    assert_echoed("echo-lists", weft_list(lists, 2));
    tuple[0] = weft_u8(1), tuple[1] = weft_string("two"), tuple[2] = weft_s64(-3);
    assert_echoed("echo-tuple", weft_tuple(tuple, 3));
    inner = weft_string("x");
    assert_echoed("echo-option", weft_some(&inner));
    assert_echoed("echo-option", weft_none());
    inner = weft_none();
    assert_echoed("echo-options", weft_some(&inner));
    inner = weft_u32(1);
    assert_echoed("echo-result", weft_ok(&inner));
    inner = weft_string("no");
    assert_echoed("echo-result", weft_err(&inner));
    inner = weft_ok(NULL);
    assert_echoed("echo-results", weft_err(&inner));
    point[0] = weft_s8(-1), point[1] = weft_f64(0.5);
    inner = weft_record(point, 2);
    assert_echoed("echo-shape", weft_variant(1, &inner));
    assert_echoed("echo-shape", weft_variant(0, NULL));
    shape = weft_variant(1, &inner);
    suits[0] = weft_enum(0), suits[1] = weft_enum(3);
    leaf[0] = shape, leaf[1] = weft_list(suits, 2);
    leaves[0] = leaves[1] = weft_record(leaf, 2);
    pair = weft_tuple(leaves, 2);
    outer = weft_variant(1, &leaves[0]);
    tree[0] = weft_u64(7), tree[1] = weft_variant(2, &pair), tree[2] = weft_some(&outer);
    assert_echoed("echo-tree", weft_record(tree, 3));
    weft_plugin_delete(echo);
}

static void a_nan_stays_a_nan(void **state) {
    (void)state;
    weft_value_t in = weft_f64((double)(0.0f / 0.0f)), out;
    echo = plugin_of(engine, "guests/echo.wasm");
    assert_ok(weft_func_call(func_of(echo, "echo", "echo-f64"), &in, 1, &out, 1));
    assert_true(out.of.f64 > 0 || out.of.f64 <= 0 ? false : true);
    weft_plugin_delete(echo);
}

/* map<string, u32>, which no guest language has yet. */
static const char map_wat[] =
    "(component"
    "  (core module $m (memory (export \"memory\") 1)"
    "    (global $free (mut i32) (i32.const 64))"
    "    (func (export \"realloc\") (param i32 i32 i32 i32) (result i32)"
    "      (global.set $free (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))"
    "      (global.get $free)"
    "      (global.set $free (i32.add (global.get $free) (local.get 3))))"
    "    (func (export \"echo\") (param i32 i32) (result i32)"
    "      (i32.store (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (local.get 1))"
    "      (i32.const 8)))"
    "  (core instance $i (instantiate $m))"
    "  (alias core export $i \"memory\" (core memory $memory))"
    "  (type $map (map string u32))"
    "  (func (export \"echo\") (param \"x\" $map) (result $map)"
    "    (canon lift (core func $i \"echo\") (memory $memory) (realloc (core func $i "
    "\"realloc\")))))";

static void maps_come_back_as_they_went(void **state) {
    (void)state;
    guest_component_t guest = guest_of(engine, map_wat, NULL);
    weft_value_t items[4] = {weft_string("one"), weft_u32(1), weft_string("two"), weft_u32(2)};
    weft_value_t in = weft_map(items, 2), out;
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "echo"), &in, 1, &out, 1));
    assert_true(weft_value_equal(&in, &out));
    weft_value_clear(&out);
    guest_delete(&guest);
}

static void wrong_arguments_do_not_reach_the_guest(void **state) {
    (void)state;
    weft_value_t result;
    echo = plugin_of(engine, "guests/echo.wasm");
    weft_func_t *string = func_of(echo, "echo", "echo-string");
    weft_func_t *character = func_of(echo, "echo", "echo-char");
    weft_value_t bad_string = weft_string("\xff"), bad_char = weft_char(0xDC00);
    assert_error(weft_func_call(string, &bad_string, 1, &result, 1),
                 "weft: a string that is not UTF-8\n"
                 "note: the type is string\nnote: in the argument `x`\n");
    assert_error(weft_func_call(character, &bad_char, 1, &result, 1),
                 "weft: a char that is no Unicode scalar value\n"
                 "note: the type is char\nnote: in the argument `x`\n");
    assert_error(weft_func_call(character, &bad_string, 1, &result, 1),
                 "weft: a value of another kind\n"
                 "note: the type is char\nnote: in the argument `x`\n");
    assert_error(weft_func_call(string, NULL, 0, &result, 1),
                 "weft: the function takes 1 argument, not 0\n");
    assert_error(weft_func_call(string, &bad_string, 1, NULL, 0),
                 "weft: the function has 1 result, not 0\n");
    /* the plugin is as good as before */
    weft_value_t good = weft_string("x");
    assert_ok(weft_func_call(string, &good, 1, &result, 1));
    weft_value_clear(&result);
    weft_plugin_delete(echo);
}

static void a_call_that_finds_no_memory_can_be_repeated(void **state) {
    (void)state;
    weft_value_t fields[3], emails[2], in = person(fields, emails), out;
    echo = plugin_of(engine, "guests/echo.wasm");
    weft_func_t *func = func_of(echo, "echo", "echo-person");
    assert_ok(weft_plugin_start(echo));
    for (size_t n = 1;; n++) {
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_func_call(func, &in, 1, &out, 1);
        weft_alloc_fail_after(0);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
    assert_true(weft_value_equal(&in, &out));
    weft_value_clear(&out);
    weft_plugin_delete(echo);
}

static void loading_without_memory_leaves_nothing_behind(void **state) {
    (void)state;
    static const weft_env_var_t env[] = {{"A", "1"}};
    weft_options_t options = {.inherit_env = true, .env = env, .env_count = 1};
    weft_bytes_t binary;
    weft_plugin_t *plugin;
    assert_ok(weft_wat_to_wasm(weft_str(map_wat), &binary));
    for (size_t n = 1;; n++) {
        weft_func_t *func;
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_plugin_read(engine, binary, &options, &plugin);
        bool loaded = !error;
        if (loaded) error = weft_plugin_func(plugin, NULL, "echo", &func);
        weft_alloc_fail_after(0);
        if (loaded) weft_plugin_delete(plugin);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
    weft_free((void *)(uintptr_t)binary.ptr);
}

/* ---- what goes wrong in a guest --------------------------------------------------------------- */

#define TRAPS                                                                                      \
    "  (core module $m (memory (export \"memory\") 1)"                                             \
    "    (func $leaf unreachable)"                                                                 \
    "    (func $weft (export \"trap\") (call $leaf))"                                              \
    "    (func $deep (export \"deep\") (call $deep) (call $deep))"                                 \
    "    (func $spin (export \"spin\") (loop (br 0)))"                                             \
    "    (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))"            \
    "    (func (export \"text\") (result i32)"                                                     \
    "      (i32.store (i32.const 0) (i32.const 8)) (i32.store (i32.const 4) (i32.const 1))"        \
    "      (i32.store8 (i32.const 8) (i32.const 255)) (i32.const 0))"                              \
    "    (func (export \"fine\") (result i32) (i32.const 7)))"                                     \
    "  (core instance $i (instantiate $m))"                                                        \
    "  (alias core export $i \"memory\" (core memory $memory))"                                    \
    "  (func (export \"trap\") (canon lift (core func $i \"trap\")))"                              \
    "  (func (export \"deep\") (canon lift (core func $i \"deep\")))"                              \
    "  (func (export \"spin\") (canon lift (core func $i \"spin\")))"                              \
    "  (func (export \"grow\") (param \"pages\" u32) (result s32) (canon lift (core func $i "      \
    "\"grow\")))"                                                                                  \
    "  (func (export \"text\") (result string)"                                                    \
    "    (canon lift (core func $i \"text\") (memory $memory)))"                                   \
    "  (func (export \"fine\") (result u32) (canon lift (core func $i \"fine\"))))"

static const char trap_wat[] = "(component" TRAPS;
/* The same on an engine for async. */
static const char async_trap_wat[] = "(component (type (stream u8))" TRAPS;

static weft_error_t *call(weft_plugin_t *plugin, const char *name) {
    return weft_func_call(func_of(plugin, NULL, name), NULL, 0, NULL, 0);
}

static void a_trap_is_an_error_and_spends_the_plugin(void **state) {
    (void)state;
    guest_component_t guest = guest_of(engine, trap_wat, NULL);
    weft_value_t result;
    weft_func_t *fine = func_of(guest.plugin, NULL, "fine");
    assert_ok(weft_func_call(fine, NULL, 0, &result, 1));
    assert_int_equal(result.of.u32, 7);
    weft_error_t *error = call(guest.plugin, "trap");
    assert_int_equal(weft_error_code(error), WEFT_TRAP);
    assert_error(error, "weft: the guest trapped: `unreachable` instruction executed\n"
                        "note: it was in, innermost first:\n      m!leaf\n      m!weft\n");
    assert_error(weft_func_call(fine, NULL, 0, &result, 1),
                 "weft: the component cannot be called again: it trapped before\n"
                 "note: the guest trapped: `unreachable` instruction executed\n");
    guest_delete(&guest);
}

static void a_recursion_without_end_is_a_trap(void **state) {
    (void)state;
    guest_component_t guest = guest_of(engine, trap_wat, NULL);
    assert_error(call(guest.plugin, "deep"), "weft: the guest trapped: call stack exhausted\n"
                                             "note: it was in, innermost first:\n"
                                             "      m!deep (20 times)\n");
    guest_delete(&guest);
}

static void a_string_that_is_not_utf8_is_a_trap(void **state) {
    (void)state;
    guest_component_t guest = guest_of(engine, trap_wat, NULL);
    weft_value_t result;
    assert_error(weft_func_call(func_of(guest.plugin, NULL, "text"), NULL, 0, &result, 1),
                 "weft: the guest trapped: invalid utf-8 sequence of 1 bytes from index 0\n");
    guest_delete(&guest);
}

static void a_deadline_ends_a_loop(void **state) {
    (void)state;
    weft_options_t options = {.deadline_ns = 20000000};
    guest_component_t guest = guest_of(engine, trap_wat, &options);
    weft_value_t result;
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "fine"), NULL, 0, &result, 1));
    assert_error(call(guest.plugin, "spin"),
                 "weft: the call took longer than its deadline of 20 ms\n"
                 "note: it was in, innermost first:\n      m!spin\n");
    guest_delete(&guest);
}

static void fuel_runs_out(void **state) {
    (void)state;
    weft_options_t options = {.fuel = 10000};
    guest_component_t guest = guest_of(engine, trap_wat, &options);
    assert_error(call(guest.plugin, "spin"), "weft: the guest used up its fuel of 10000\n"
                                             "note: it was in, innermost first:\n      m!spin\n");
    guest_delete(&guest);
}

static void a_memory_does_not_grow_past_its_limit(void **state) {
    (void)state;
    weft_options_t options = {.memory = 4 << 16};
    guest_component_t guest = guest_of(engine, trap_wat, &options);
    weft_value_t three = weft_u32(3), one = weft_u32(1), result;
    weft_func_t *grow = func_of(guest.plugin, NULL, "grow");
    assert_ok(weft_func_call(grow, &three, 1, &result, 1));
    assert_int_equal(result.of.s32, 1);
    assert_ok(weft_func_call(grow, &one, 1, &result, 1));
    assert_int_equal(result.of.s32, -1);
    guest_delete(&guest);
}

static void a_trap_at_the_start_is_told_as_such(void **state) {
    (void)state;
    guest_component_t guest =
        guest_of(engine,
                 "(component (core module $m (func $go unreachable) (start $go))"
                 " (core instance $i (instantiate $m)))",
                 NULL);
    assert_error(weft_plugin_start(guest.plugin),
                 "weft: the guest trapped: `unreachable` instruction executed\n"
                 "note: it was in, innermost first:\n      m!go\n"
                 "note: this was while the component started\n");
    assert_error(weft_plugin_start(guest.plugin),
                 "weft: the component failed to start before\n"
                 "note: the guest trapped: `unreachable` instruction executed\n");
    guest_delete(&guest);
}

/* ---- async ------------------------------------------------------------------------------------ */

static void async_functions_are_called_like_others(void **state) {
    (void)state;
    weft_plugin_t *plugin;
    weft_value_t in = weft_u32(41), text = weft_string("slow"), out;
    plugin = plugin_of(engine, "guests/async-step.wasm");
    for (int i = 0; i < 100; i++) {
        assert_ok(weft_func_call(func_of(plugin, "step", "f"), &in, 1, &out, 1));
        assert_int_equal(out.of.u32, 42);
    }
    assert_ok(weft_func_call(func_of(plugin, "step", "g"), &text, 1, &out, 1));
    assert_true(weft_value_equal(&text, &out));
    weft_value_clear(&out);
    weft_plugin_delete(plugin);
}

static void limits_and_traps_are_the_same_on_an_async_engine(void **state) {
    (void)state;
    weft_options_t deadline = {.deadline_ns = 20000000}, fuel = {.fuel = 10000};
    guest_component_t guest = guest_of(engine, async_trap_wat, NULL);
    assert_error(call(guest.plugin, "trap"),
                 "weft: the guest trapped: `unreachable` instruction executed\n"
                 "note: it was in, innermost first:\n      m!leaf\n      m!weft\n");
    guest_delete(&guest);
    guest = guest_of(engine, async_trap_wat, &deadline);
    assert_error(call(guest.plugin, "spin"),
                 "weft: the call took longer than its deadline of 20 ms\n"
                 "note: it was in, innermost first:\n      m!spin\n");
    guest_delete(&guest);
    guest = guest_of(engine, async_trap_wat, &fuel);
    assert_error(call(guest.plugin, "spin"), "weft: the guest used up its fuel of 10000\n"
                                             "note: it was in, innermost first:\n      m!spin\n");
    guest_delete(&guest);
}

/* A task that waits for something that never comes. */
static void a_guest_that_waits_for_ever_is_ended(void **state) {
    (void)state;
    static const char wat[] =
        "(component"
        "  (core module $libc (memory (export \"memory\") 1))"
        "  (core instance $libc (instantiate $libc))"
        "  (alias core export $libc \"memory\" (core memory $memory))"
        "  (core func $new (canon waitable-set.new))"
        "  (core func $wait (canon waitable-set.wait (memory $memory)))"
        "  (core module $m"
        "    (import \"\" \"new\" (func $new (result i32)))"
        "    (import \"\" \"wait\" (func $wait (param i32 i32) (result i32)))"
        "    (func (export \"f\") (drop (call $wait (call $new) (i32.const 0)))))"
        "  (core instance $i (instantiate $m"
        "    (with \"\" (instance (export \"new\" (func $new)) (export \"wait\" (func $wait))))))"
        "  (func (export \"f\") async (canon lift (core func $i \"f\") async)))";
    guest_component_t guest = guest_of(engine, wat, &(weft_options_t){.deadline_ns = 20000000});
    assert_error(call(guest.plugin, "f"),
                 "weft: the guest trapped: deadlock detected: event loop cannot "
                 "make further progress\n");
    guest_delete(&guest);
}

#define DESTRUCTOR(code)                                                                           \
    "  (core module $d (global (export \"n\") (mut i32) (i32.const 0))"                            \
    "    (func (export \"dtor\") (param i32) " code ")"                                            \
    "    (func (export \"count\") (result i32) (global.get 0)))"                                   \
    "  (core instance $d (instantiate $d))"                                                        \
    "  (type $r' (resource (rep i32) (dtor (core func $d \"dtor\"))))"                             \
    "  (export $r \"r\" (type $r'))"                                                               \
    "  (core func $new (canon resource.new $r'))"                                                  \
    "  (core module $m (import \"\" \"new\" (func $new (param i32) (result i32)))"                 \
    "    (func (export \"make\") (result i32) (call $new (i32.const 42)))"                         \
    "    (func (export \"rep\") (param i32) (result i32) (local.get 0)))"                          \
    "  (core instance $i (instantiate $m (with \"\" (instance (export \"new\" (func $new))))))"    \
    "  (func (export \"make\") (result (own $r)) (canon lift (core func $i \"make\")))"            \
    "  (func (export \"rep\") (param \"r\" (borrow $r)) (result u32)"                              \
    "    (canon lift (core func $i \"rep\")))"                                                     \
    "  (func (export \"count\") (result u32) (canon lift (core func $d \"count\"))))"

#define COUNTING DESTRUCTOR("(global.set 0 (i32.add (global.get 0) (i32.const 1)))")

static void destructors_run_on_both_engines(void **state) {
    (void)state;
    static const char *const wats[] = {"(component" COUNTING,
                                       "(component (type (stream u8))" COUNTING};
    for (int i = 0; i < 2; i++) {
        guest_component_t guest = guest_of(engine, wats[i], NULL);
        weft_value_t handle, out;
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "make"), NULL, 0, &handle, 1));
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "rep"), &handle, 1, &out, 1));
        assert_int_equal(out.of.u32, 42);
        weft_value_clear(&handle);
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "count"), NULL, 0, &out, 1));
        assert_int_equal(out.of.u32, 1);
        guest_delete(&guest);
    }
}

static void a_destructor_that_does_not_end_spends_the_plugin(void **state) {
    (void)state;
    guest_component_t guest = guest_of(engine, "(component" DESTRUCTOR("(loop (br 0))"),
                                       &(weft_options_t){.deadline_ns = 20000000});
    weft_value_t handle, out;
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "make"), NULL, 0, &handle, 1));
    weft_value_clear(&handle);
    assert_error(weft_func_call(func_of(guest.plugin, NULL, "count"), NULL, 0, &out, 1),
                 "weft: the component cannot be called again: it trapped before\n"
                 "note: the call took longer than its deadline of 20 ms\n");
    guest_delete(&guest);
}

/* Wasmtime's C API aborts the process on these. */
static void functions_with_streams_are_refused(void **state) {
    (void)state;
    static const char wat[] =
        "(component"
        "  (core module $m (memory (export \"memory\") 1)"
        "    (func (export \"f\") (param i32)))"
        "  (core instance $i (instantiate $m))"
        "  (type $s (stream u8))"
        "  (func (export \"take\") (param \"x\" $s) (canon lift (core func $i \"f\"))))";
    guest_component_t guest = guest_of(engine, wat, NULL);
    weft_func_t *func;
    assert_error(
        weft_plugin_func(guest.plugin, NULL, "take", &func),
        "weft: `take` cannot be called from outside: its type has a stream, a future or an "
        "error context\nnote: func(x: stream<u8>)\n");
    guest_delete(&guest);
}

/* ---- loading ---------------------------------------------------------------------------------- */

static void imports_that_nobody_provides_are_named(void **state) {
    (void)state;
    weft_plugin_t *plugin;
    weft_bytes_t binary;
    assert_ok(weft_wat_to_wasm(weft_str("(component (import \"a:b/types\" (instance (type $n u8) "
                                        "(export \"t\" (type (eq $n)))))"
                                        "  (import \"a:b/c\" (instance (export \"f\" (func))))"
                                        "  (import \"g\" (func))"
                                        "  (import \"wasi:cli/environment@0.2.0\" (instance)))"),
                               &binary));
    assert_error(weft_plugin_read(engine, binary, NULL, &plugin),
                 "weft: the component has an import that nothing provides\n"
                 "note: instance a:b/c\nnote: func g\n"
                 "help: compose it with a component that exports this: weft compose\n");
    weft_free((void *)(uintptr_t)binary.ptr);
}

static void what_wasmtime_refuses_is_an_error(void **state) {
    (void)state;
    weft_bytes_t binary;
    assert_ok(weft_wat_to_wasm(weft_str("(component (type (list u8 4)))"), &binary));
    weft_error_t *error = weft_engine_check(engine, binary);
    assert_int_equal(weft_error_code(error), WEFT_UNSUPPORTED);
    weft_error_delete(error);
    weft_free((void *)(uintptr_t)binary.ptr);
    assert_ok(weft_wat_to_wasm(weft_str("(component)"), &binary));
    assert_ok(weft_engine_check(engine, binary));
    weft_free((void *)(uintptr_t)binary.ptr);
}

static void files_are_loaded_as_binaries_and_as_text(void **state) {
    (void)state;
    weft_value_t in[2] = {weft_u32(7), weft_u32(2)}, out;
    const char *names[] = {"guests/traps.wasm", "guests/traps.wat"};
    for (int i = 0; i < 2; i++) {
        weft_plugin_t *plugin = plugin_of(engine, names[i]);
        weft_func_t *divide = func_of(plugin, NULL, "divide");
        assert_int_equal(weft_func_param_count(divide), 2);
        assert_int_equal(weft_func_result_count(divide), 1);
        assert_ok(weft_func_call(divide, in, 2, &out, 1));
        assert_int_equal(out.of.u32, 3);
        weft_plugin_delete(plugin);
    }
    weft_plugin_t *plugin;
    assert_error(weft_plugin_load(engine, "/nowhere/x.wasm", NULL, &plugin),
                 "weft: /nowhere/x.wasm: cannot open: No such file or directory\n");
}

static void text_with_an_error_has_its_place(void **state) {
    (void)state;
    weft_bytes_t binary;
    assert_error(
        weft_wat_to_wasm(weft_str("(component\n  (core module (func i32.cnst)))"), &binary),
        "weft: 2:22: unknown operator or unexpected token\n"
        "    (core module (func i32.cnst)))\n                       ^\n");
    assert_error(weft_wat_to_wasm(weft_str("(component"), &binary),
                 "weft: 1:11: expected `)`\n  (component\n            ^\n");
    assert_error(weft_wat_to_wasm(weft_str(""), &binary), "weft: 1:1: expected at least one module "
                                                          "field\n");
}

/* ---- handles ---------------------------------------------------------------------------------- */

static weft_value_t open_account(weft_plugin_t *plugin, const char *owner, uint32_t balance) {
    weft_value_t in[2] = {weft_string(owner), weft_u32(balance)}, account;
    assert_ok(weft_func_call(func_of(plugin, "accounts", "account"), in, 2, &account, 1));
    assert_int_equal(account.kind, WEFT_RESOURCE);
    return account;
}

static uint32_t live(weft_plugin_t *plugin) {
    weft_value_t count;
    assert_ok(weft_func_call(func_of(plugin, "accounts", "live"), NULL, 0, &count, 1));
    return count.of.u32;
}

static void handles_are_lent_given_away_and_dropped(void **state) {
    (void)state;
    weft_plugin_t *plugin;
    plugin = plugin_of(engine, "guests/bank.wasm");
    weft_value_t pair[2] = {open_account(plugin, "ann", 3), open_account(plugin, "bob", 4)}, out;
    assert_int_equal(live(plugin), 2);

    weft_func_t *deposit = func_of(plugin, "accounts", "account.deposit");
    weft_value_t in[2] = {pair[0], weft_u32(10)};
    assert_ok(weft_func_call(deposit, in, 2, &out, 1));
    assert_int_equal(out.of.u32, 13);

    weft_value_t merged;
    weft_func_t *merge = func_of(plugin, "accounts", "account.merge");
    weft_value_t twice[2] = {pair[0], pair[0]};
    assert_error(weft_func_call(merge, twice, 2, &merged, 1),
                 "weft: the handle <account 1> was given away by an earlier call or argument\n"
                 "note: in the argument `b`\n");
    assert_ok(weft_func_call(merge, pair, 2, &merged, 1));
    assert_int_equal(live(plugin), 1);
    assert_error(weft_func_call(deposit, in, 2, &out, 1),
                 "weft: the handle <account 1> was given away by an earlier call or argument\n"
                 "note: in the argument `self`\n");
    weft_value_clear(&pair[0]);
    weft_value_clear(&pair[1]);
    assert_int_equal(live(plugin), 1);
    weft_value_clear(&merged); /* runs the destructor */
    assert_int_equal(live(plugin), 0);
    weft_plugin_delete(plugin);
}

static void a_handle_is_of_no_use_elsewhere(void **state) {
    (void)state;
    weft_plugin_t *one, *two;
    one = plugin_of(engine, "guests/bank.wasm");
    two = plugin_of(engine, "guests/bank.wasm");
    weft_value_t account = open_account(one, "ann", 3), owner;
    assert_error(
        weft_func_call(func_of(two, "accounts", "account.owner"), &account, 1, &owner, 1),
        "weft: the handle <account 1> belongs to another plugin\nnote: in the argument `self`\n");
    weft_plugin_delete(one);
    assert_error(
        weft_func_call(func_of(two, "accounts", "account.owner"), &account, 1, &owner, 1),
        "weft: the handle <account 1> belongs to another plugin\nnote: in the argument `self`\n");
    weft_value_clear(&account); /* after its plugin */
    weft_plugin_delete(two);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_comes_back_as_it_went),
        cmocka_unit_test(a_nan_stays_a_nan),
        cmocka_unit_test(maps_come_back_as_they_went),
        cmocka_unit_test(wrong_arguments_do_not_reach_the_guest),
        cmocka_unit_test(a_call_that_finds_no_memory_can_be_repeated),
        cmocka_unit_test(loading_without_memory_leaves_nothing_behind),
        cmocka_unit_test(a_trap_is_an_error_and_spends_the_plugin),
        cmocka_unit_test(a_recursion_without_end_is_a_trap),
        cmocka_unit_test(a_string_that_is_not_utf8_is_a_trap),
        cmocka_unit_test(a_deadline_ends_a_loop),
        cmocka_unit_test(fuel_runs_out),
        cmocka_unit_test(a_memory_does_not_grow_past_its_limit),
        cmocka_unit_test(a_trap_at_the_start_is_told_as_such),
        cmocka_unit_test(async_functions_are_called_like_others),
        cmocka_unit_test(limits_and_traps_are_the_same_on_an_async_engine),
        cmocka_unit_test(a_guest_that_waits_for_ever_is_ended),
        cmocka_unit_test(destructors_run_on_both_engines),
        cmocka_unit_test(a_destructor_that_does_not_end_spends_the_plugin),
        cmocka_unit_test(functions_with_streams_are_refused),
        cmocka_unit_test(imports_that_nobody_provides_are_named),
        cmocka_unit_test(what_wasmtime_refuses_is_an_error),
        cmocka_unit_test(files_are_loaded_as_binaries_and_as_text),
        cmocka_unit_test(text_with_an_error_has_its_place),
        cmocka_unit_test(handles_are_lent_given_away_and_dropped),
        cmocka_unit_test(a_handle_is_of_no_use_elsewhere),
    };
    return cmocka_run_group_tests_name("runtime/hosted", tests, make_engine, delete_engine);
}
