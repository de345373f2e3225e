/* The direct engine beyond what both engines do alike: flat calls, and calls that allocate nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "common/random.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "support/alloc.h"
#include "support/buf.h"

static const weft_options_t directly = {.engine = WEFT_ENGINE_DIRECT};

/* ---- flat calls ------------------------------------------------------------------------------- */

/* The bits of a scalar. */
static uint64_t bits_of(const weft_value_t *value) {
    uint64_t bits = 0;
    switch ((weft_kind_t)value->kind) {
    case WEFT_BOOL: return value->of.boolean;
    case WEFT_S8: return (uint64_t)(uint32_t)value->of.s8;
    case WEFT_U8: return value->of.u8;
    case WEFT_S16: return (uint64_t)(uint32_t)value->of.s16;
    case WEFT_U16: return value->of.u16;
    case WEFT_F32: memcpy(&bits, &value->of.f32, sizeof value->of.f32); return bits;
    case WEFT_S32:
    case WEFT_U32:
    case WEFT_CHAR:
    case WEFT_FLAGS: return value->of.u32;
    case WEFT_ENUM: return value->index;
    default: return value->of.u64;
    }
}

static void flat_calls_give_what_others_give(void **state) {
    (void)state;
    static const char *const names[] = {"echo-bool", "echo-s8",  "echo-u8",  "echo-s16",
                                        "echo-u16",  "echo-s32", "echo-u32", "echo-s64",
                                        "echo-u64",  "echo-f32", "echo-f64", "echo-char",
                                        "echo-suit", "echo-few", "echo-many"};
    random_source_t source = {.state = 7};
    weft_plugin_t *echo = plugin_of(engine, "guests/echo.wasm");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        weft_func_t *func = func_of(echo, "echo", names[i]);
        assert_ok(weft_func_prepare_flat(func));
        for (int k = 0; k < 100; k++) {
            weft_value_t value = random_value(&source, weft_func_type(func)->params[0].type);
            weft_flat_t flat = {bits_of(&value), 0};
            assert_ok(weft_func_call_flat(func, &flat));
            assert_int_equal(flat.bits, bits_of(&value));
        }
    }
    weft_plugin_delete(echo);
}

static void flat_numbers_are_cut_to_their_width(void **state) {
    (void)state;
    weft_plugin_t *echo = plugin_of(engine, "guests/echo.wasm");
    weft_func_t *narrow = func_of(echo, "echo", "echo-s8"),
                *truth = func_of(echo, "echo", "echo-bool");
    weft_flat_t flat = {0x1234567F80, 0};
    assert_ok(weft_func_prepare_flat(narrow));
    assert_ok(weft_func_prepare_flat(truth));
    assert_ok(weft_func_call_flat(narrow, &flat));
    assert_int_equal(flat.bits, 0xFFFFFF80);
    flat.bits = 7;
    assert_ok(weft_func_call_flat(truth, &flat));
    assert_int_equal(flat.bits, 1);
    weft_plugin_delete(echo);
}

static void flat_calls_refuse_what_they_cannot_do(void **state) {
    (void)state;
    weft_options_t hosted = {.engine = WEFT_ENGINE_HOSTED};
    weft_plugin_t *echo = plugin_of(engine, "guests/echo.wasm");
    weft_func_t *letter = func_of(echo, "echo", "echo-char");
    weft_flat_t flat = {0xD800, 0};
    assert_error(weft_func_prepare_flat(func_of(echo, "echo", "echo-strings")),
                 "weft: `echo-strings` has more than 16 core parameters, or more than scalars, "
                 "strings and byte lists\n");
    assert_error(weft_func_prepare_flat(func_of(echo, "echo", "sum17")),
                 "weft: `sum17` has more than 16 core parameters, or more than scalars, "
                 "strings and byte lists\n");
    assert_ok(weft_func_prepare_flat(letter));
    assert_error(weft_func_call_flat(letter, &flat),
                 "weft: the argument `x` is none of its type\n");
    flat.bits = 'x'; /* nothing was run */
    assert_ok(weft_func_call_flat(letter, &flat));
    weft_plugin_delete(echo);
    guest_component_t guest =
        guest_of(engine,
                 "(component (core module $m (func (export \"f\"))) (core instance $i"
                 " (instantiate $m)) (func (export \"f\") (canon lift (core func $i \"f\"))))",
                 &hosted);
    assert_error(weft_func_prepare_flat(func_of(guest.plugin, NULL, "f")),
                 "weft: flat calls need the direct engine\n");
    guest_delete(&guest);
}

/* Echoes bytes; what comes back is the function's. */
static void assert_echoes(weft_func_t *func, const void *bytes, size_t len) {
    weft_flat_t flat = weft_flat_bytes(bytes, len);
    assert_ok(weft_func_call_flat(func, &flat));
    assert_int_equal(flat.length, len);
    assert_memory_equal(weft_flat_as_bytes(flat).ptr, bytes, len);
}

static void flat_calls_pass_text_and_bytes(void **state) {
    (void)state;
    static uint8_t bytes[100000];
    static const char *const guests[] = {"guests/echo.wasm", "guests/echo-utf16.wasm"};
    random_source_t source = {.state = 3};
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)random_below(&source, 256);
    for (size_t g = 0; g < 2; g++) {
        weft_plugin_t *echo = plugin_of(engine, guests[g]);
        weft_func_t *text = func_of(echo, "echo", "echo-string");
        assert_ok(weft_func_prepare_flat(text));
        assert_echoes(text, "h\xc3\xa9llo \xf0\x9f\xa6\x80", 11);
        assert_echoes(text, "", 0);
        for (int k = 0; k < 50; k++) {
            weft_value_t value = random_value(&source, weft_func_type(text)->params[0].type);
            assert_echoes(text, value.of.string.ptr, value.of.string.len);
            weft_value_clear(&value);
        }
        weft_plugin_delete(echo);
    }
    weft_plugin_t *echo = plugin_of(engine, guests[0]);
    weft_func_t *func = func_of(echo, "echo", "echo-bytes");
    assert_ok(weft_func_prepare_flat(func));
    for (size_t len = 0; len <= sizeof bytes; len += 1 + len / 3) assert_echoes(func, bytes, len);
    weft_plugin_delete(echo);
}

/* Text before and after numbers. */
static void flat_calls_mix_text_with_scalars(void **state) {
    (void)state;
    static const char *const wat =
        "(component (core module $m (memory (export \"m\") 1)"
        " (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 1024))"
        " (func (export \"f\") (param i32 i32 i32 i32) (result i32)"
        "  (i32.store (i32.const 0) (local.get 1)) (i32.store (i32.const 4) (local.get 2))"
        "  (i32.store8 (local.get 1) (i32.add (local.get 0) (local.get 3))) (i32.const 0)))"
        " (core instance $i (instantiate $m))"
        " (func (export \"f\") (param \"a\" u8) (param \"t\" string) (param \"b\" bool)"
        "  (result string) (canon lift (core func $i \"f\") (memory (core memory $i \"m\"))"
        "  (realloc (core func $i \"r\")))))";
    guest_component_t guest = guest_of(engine, wat, &directly);
    weft_func_t *func = func_of(guest.plugin, NULL, "f");
    weft_flat_t flat[3] = {{'A' + 256, 0}, weft_flat_str(weft_str("xyz")), {1, 0}};
    assert_ok(weft_func_prepare_flat(func));
    assert_ok(weft_func_call_flat(func, flat));
    assert_true(weft_str_eq(weft_flat_as_str(flat[0]), weft_str("Byz")));
    flat[0].bits = 'A';
    flat[1] = weft_flat_bytes("\xff", 1);
    assert_error(weft_func_call_flat(func, flat), "weft: the argument `t` is none of its type\n");
    guest_delete(&guest);
}

static void flat_calls_allocate_nothing_again(void **state) {
    (void)state;
    weft_plugin_t *echo = plugin_of(engine, "guests/echo.wasm");
    weft_func_t *func = func_of(echo, "echo", "echo-string");
    assert_ok(weft_func_prepare_flat(func));
    assert_echoes(func, "a text", 6);
    size_t before = weft_alloc_count();
    assert_echoes(func, "a text", 6);
    assert_echoes(func, "text", 4);
    assert_int_equal(weft_alloc_count() - before, 0);
    weft_plugin_delete(echo);
}

/* The call is brought to its end; the plugin can go on. */
static void a_flat_result_without_room_is_an_error(void **state) {
    (void)state;
    weft_plugin_t *echo = plugin_of(engine, "guests/echo.wasm");
    weft_func_t *func = func_of(echo, "echo", "echo-string");
    weft_flat_t flat = weft_flat_str(weft_str("a text"));
    assert_ok(weft_func_prepare_flat(func));
    weft_alloc_fail_after(1);
    weft_error_t *error = weft_func_call_flat(func, &flat);
    weft_alloc_fail_after(0);
    assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
    weft_error_delete(error);
    assert_echoes(func, "a text", 6);
    weft_plugin_delete(echo);
}

/* No guest can have so much; what the list has is never looked at. */
static void an_argument_that_is_too_long_leaves_the_plugin_as_it_was(void **state) {
    (void)state;
    weft_plugin_t *echo = plugin_of(engine, "guests/echo.wasm");
    weft_func_t *func = func_of(echo, "echo", "echo-bytes");
    weft_value_t bytes = weft_byte_list("", 1 << 28), out;
    weft_flat_t flat = weft_flat_bytes("", 1 << 28);
    weft_error_t *error = weft_func_call(func, &bytes, 1, &out, 1);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    weft_error_delete(error);
    assert_ok(weft_func_prepare_flat(func));
    error = weft_func_call_flat(func, &flat);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    weft_error_delete(error);
    assert_echoes(func, "bytes", 5);
    weft_plugin_delete(echo);
}

static void a_trap_in_a_flat_call_spends_the_plugin(void **state) {
    (void)state;
    weft_plugin_t *traps = plugin_of(engine, "guests/traps.wasm");
    weft_func_t *divide = func_of(traps, NULL, "divide");
    weft_flat_t flat[2] = {{7, 0}, {0, 0}};
    assert_ok(weft_func_prepare_flat(divide));
    weft_error_t *error = weft_func_call_flat(divide, flat);
    assert_non_null(error);
    assert_int_equal(weft_error_code(error), WEFT_TRAP);
    weft_error_delete(error);
    flat[1].bits = 1;
    assert_error(weft_func_call_flat(divide, flat),
                 "weft: the component cannot be called again: it trapped before\n"
                 "note: the guest trapped: integer divide by zero\n");
    weft_plugin_delete(traps);
}

/* ---- memories that grow ----------------------------------------------------------------------- */

/* Grows by so many pages and gives, or takes, what lies at the very end. */
static const char grower[] =
    "(component (core module $m (memory (export \"m\") 1)"
    " (func $end (param i32) (result i32) (drop (memory.grow (local.get 0)))"
    "  (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 5)))"
    " (func (export \"r\") (param i32 i32 i32 i32) (result i32) (call $end (i32.const 100)))"
    " (func (export \"give\") (param i32) (result i32) (local $at i32)"
    "  (local.set $at (call $end (local.get 0)))"
    "  (i64.store align=1 (i32.sub (local.get $at) (i32.const 3)) (i64.const 0x6f6c6c6568000000))"
    "  (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (i32.const 5))"
    "  (i32.const 0))"
    " (func (export \"take\") (param i32 i32) (result i32) (i32.load8_u (local.get 0)))"
    " (func (export \"past\") (result i32)"
    "  (i32.store (i32.const 0) (i32.add (call $end (i32.const 1)) (i32.const 1)))"
    "  (i32.store (i32.const 4) (i32.const 5)) (i32.const 0)))"
    " (core instance $i (instantiate $m))"
    " (func (export \"give\") (param \"pages\" u32) (result string)"
    "  (canon lift (core func $i \"give\") (memory (core memory $i \"m\"))))"
    " (func (export \"take\") (param \"text\" string) (result u32)"
    "  (canon lift (core func $i \"take\") (memory (core memory $i \"m\"))"
    "  (realloc (core func $i \"r\"))))"
    " (func (export \"past\") (result string)"
    "  (canon lift (core func $i \"past\") (memory (core memory $i \"m\")))))";

static void a_memory_that_grows_is_seen_as_it_is(void **state) {
    (void)state;
    guest_component_t guest = guest_of(engine, grower, &directly);
    weft_value_t pages = weft_u32(1000), text = weft_string("world"), out;
    for (int i = 0; i < 16; i++) { /* 1 GiB, nearly nothing of which is touched */
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "give"), &pages, 1, &out, 1));
        assert_true(weft_str_eq(out.of.string, weft_str("hello")));
        weft_value_clear(&out);
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "take"), &text, 1, &out, 1));
        assert_int_equal(out.of.u32, 'w');
    }
    assert_error(weft_func_call(func_of(guest.plugin, NULL, "past"), NULL, 0, &out, 1),
                 "weft: the guest trapped: string pointer/length out of bounds of memory\n");
    guest_delete(&guest);
}

/* Which the direct engine relies on. */
static void a_memory_that_grows_stays_where_it_is(void **state) {
    (void)state;
    guest_component_t guest = guest_of(engine, grower, &directly);
    weft_func_t *give = func_of(guest.plugin, NULL, "give");
    weft_value_t pages = weft_u32(2000), out;
    const uint8_t *base = NULL;
    for (int i = 0; i < 8; i++) {
        assert_ok(weft_func_call(give, &pages, 1, &out, 1));
        weft_value_clear(&out);
        const options_t *options = &give->direct->options;
        const uint8_t *now = wasmtime_memory_data(guest.plugin->direct->context, &options->memory);
        assert_ptr_equal(options->known->base, now);
        if (base) assert_ptr_equal(base, now);
        base = now;
    }
    guest_delete(&guest);
}

/* ---- allocations ------------------------------------------------------------------------------ */

/* The second of two equal calls; what the first one prepares stays. */
static size_t allocations_of(weft_func_t *func, const weft_value_t *args, size_t count) {
    weft_value_t out = weft_bool(false);
    size_t before = 0;
    for (int i = 0; i < 2; i++) {
        before = weft_alloc_count();
        assert_ok(weft_func_call(func, args, count, &out, weft_func_result_count(func)));
        before = weft_alloc_count() - before;
        weft_value_clear(&out);
    }
    return before;
}

static void calls_allocate_only_results(void **state) {
    (void)state;
    weft_plugin_t *echo = plugin_of(engine, "guests/echo.wasm");
    weft_value_t number = weft_u32(7), string = weft_string("h\xc3\xa9llo");
    weft_value_t bytes = weft_byte_list("abc", 3);
    assert_int_equal(allocations_of(func_of(echo, "echo", "nothing"), NULL, 0), 0);
    assert_int_equal(allocations_of(func_of(echo, "echo", "echo-u32"), &number, 1), 0);
    assert_int_equal(allocations_of(func_of(echo, "echo", "echo-string"), &string, 1), 1);
    assert_int_equal(allocations_of(func_of(echo, "echo", "echo-bytes"), &bytes, 1), 1);
    weft_plugin_delete(echo);
}

/* The host sees a number; the guests pass strings, records with strings, and handles. */
static void calls_between_guests_allocate_nothing(void **state) {
    (void)state;
    char path[4096];
    weft_plugin_t *plugin;
    weft_value_t string[2] = {weft_string("name"), weft_u32(7)}, times = weft_u32(10);
    give_signals_back();
    snprintf(path, sizeof path, "%s/compositions/shared.wasm", getenv("WEFT_CORPUS_DIR"));
    assert_ok(weft_plugin_load(engine, path, &directly, &plugin));
    assert_int_equal(allocations_of(func_of(plugin, "report", "run"), string, 2), 0);
    weft_plugin_delete(plugin);
    snprintf(path, sizeof path, "%s/compositions/loop.wasm", getenv("WEFT_CORPUS_DIR"));
    assert_ok(weft_plugin_load(engine, path, &directly, &plugin));
    assert_int_equal(allocations_of(func_of(plugin, "run", "add"), &times, 1), 0);
    weft_plugin_delete(plugin);
}

static weft_error_t *load_and_call(const char *path) {
    weft_plugin_t *plugin = NULL;
    weft_func_t *func;
    weft_value_t out = weft_bool(false);
    weft_error_t *error = weft_plugin_load(engine, path, &directly, &plugin);
    if (!error) error = weft_plugin_func(plugin, "report", "run", &func);
    if (!error) error = weft_func_call(func, NULL, 0, &out, 1);
    weft_value_clear(&out);
    weft_plugin_delete(plugin);
    return error;
}

/* Wherever memory ends: while the component is read, instantiated, or runs with handles in its tables. */
static void lack_of_memory_is_an_error_everywhere(void **state) {
    (void)state;
    char path[4096];
    give_signals_back();
    snprintf(path, sizeof path, "%s/compositions/bank.wasm", getenv("WEFT_CORPUS_DIR"));
    assert_ok(load_and_call(path));
    for (size_t n = 1;; n += 1 + n / 16) {
        weft_alloc_fail_after(n);
        weft_error_t *error = load_and_call(path);
        weft_alloc_fail_after(0);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
}

/* ---- long lists ------------------------------------------------------------------------------- */

enum { NAMES = 40000 };

static double cpu_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* An instance with many exports, all of which are looked up. Reading the component takes time that grows with it; so
 * does starting it, and not with its square. */
static void a_long_list_of_names_does_not_hold_up_the_start(void **state) {
    (void)state;
    buf_t text = {0};
    weft_bytes_t binary;
    weft_plugin_t *plugin;
    give_signals_back();
    weft_buf_printf(&text, "(component (component $C (core module $m (func (export \"f\")))"
                           " (core instance $i (instantiate $m))"
                           " (func $f (canon lift (core func $i \"f\")))");
    for (unsigned i = 0; i < NAMES; i++) weft_buf_printf(&text, "(export \"f%u\" (func $f))", i);
    weft_buf_printf(&text, ") (instance $c (instantiate $C))");
    for (unsigned i = NAMES; i--;) weft_buf_printf(&text, "(alias export $c \"f%u\" (func))", i);
    weft_buf_printf(&text, "(export \"f\" (func $c \"f7\")))");
    assert_ok(weft_wat_to_wasm((weft_str_t){(const char *)text.data, text.len}, &binary));
    weft_buf_free(&text);
    double begin = cpu_time();
    assert_ok(weft_plugin_read(engine, binary, &directly, &plugin));
    double read = cpu_time() - begin;
    assert_ok(weft_plugin_start(plugin));
    double started = cpu_time() - begin - read;
    if (started > 3 * read) fail_msg("%g s to start it, %g s to read it", started, read);
    assert_ok(weft_func_call(func_of(plugin, NULL, "f"), NULL, 0, NULL, 0));
    weft_plugin_delete(plugin);
    weft_free((void *)(uintptr_t)binary.ptr);
}

/* $C0 has so many exports; $C1 has two instances of $C0, $C2 two of $C1, and so on. */
static guest_component_t doubling_guest(unsigned exports, unsigned levels) {
    buf_t text = {0};
    weft_buf_printf(&text, "(component (component $C0 (component $c)");
    for (unsigned i = 0; i < exports; i++)
        weft_buf_printf(&text, "(export \"c%u\" (component $c))", i);
    weft_buf_printf(&text, ")");
    for (unsigned i = 1; i <= levels; i++)
        weft_buf_printf(&text,
                        "(component $C%u (alias outer 1 $C%u (component $c))"
                        " (instance (instantiate $c)) (instance (instantiate $c)))",
                        i, i - 1);
    weft_buf_printf(&text, "(instance (instantiate $C%u)))", levels);
    weft_buf_byte(&text, 0);
    guest_component_t guest = guest_of(engine, (const char *)text.data, &directly);
    weft_buf_free(&text);
    return guest;
}

static void assert_too_many_instances(unsigned exports, unsigned levels) {
    guest_component_t guest = doubling_guest(exports, levels);
    weft_error_t *error = weft_plugin_start(guest.plugin);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    assert_error(error, "weft: the component instances in the component have more than 4194304 "
                        "definitions\n");
    guest_delete(&guest);
}

static void instances_are_not_without_end(void **state) {
    (void)state;
    give_signals_back();
    guest_component_t few = doubling_guest(1, 14);
    assert_ok(weft_plugin_start(few.plugin));
    guest_delete(&few);
    assert_too_many_instances(1, 40);
    assert_too_many_instances(10000, 9);
}

/* What was validated and is not instantiated all the same was too much. */
static void too_many_core_instances_are_a_limit(void **state) {
    (void)state;
    enum { TOO_MANY = 10001 };
    buf_t text = {0};
    weft_buf_str(&text, weft_str("(component (core module $m)"));
    for (int i = 0; i < TOO_MANY; i++)
        weft_buf_str(&text, weft_str(" (core instance (instantiate $m))"));
    weft_buf_str(&text, weft_str(")"));
    weft_buf_byte(&text, 0);
    assert_false(text.failed);
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT};
    guest_component_t guest = guest_of(engine, (const char *)text.data, &options);
    assert_error(weft_plugin_start(guest.plugin),
                 "weft: the component cannot be instantiated: resource limit exceeded: instance "
                 "count too high at 10001\n");
    guest_delete(&guest);
    weft_buf_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many_core_instances_are_a_limit),
        cmocka_unit_test(flat_calls_give_what_others_give),
        cmocka_unit_test(flat_numbers_are_cut_to_their_width),
        cmocka_unit_test(flat_calls_refuse_what_they_cannot_do),
        cmocka_unit_test(flat_calls_pass_text_and_bytes),
        cmocka_unit_test(flat_calls_mix_text_with_scalars),
        cmocka_unit_test(flat_calls_allocate_nothing_again),
        cmocka_unit_test(a_flat_result_without_room_is_an_error),
        cmocka_unit_test(an_argument_that_is_too_long_leaves_the_plugin_as_it_was),
        cmocka_unit_test(a_trap_in_a_flat_call_spends_the_plugin),
        cmocka_unit_test(a_memory_that_grows_is_seen_as_it_is),
        cmocka_unit_test(a_memory_that_grows_stays_where_it_is),
        cmocka_unit_test(calls_allocate_only_results),
        cmocka_unit_test(calls_between_guests_allocate_nothing),
        cmocka_unit_test(lack_of_memory_is_an_error_everywhere),
        cmocka_unit_test(a_long_list_of_names_does_not_hold_up_the_start),
        cmocka_unit_test(instances_are_not_without_end),
    };
    return cmocka_run_group_tests_name("direct", tests, make_engine, delete_engine);
}
