/* Functions that the embedder gives for imports, on both engines: the same answers, the same errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "support/alloc.h"
#include "support/error.h"

static const weft_engine_choice_t engines[] = {WEFT_ENGINE_DIRECT, WEFT_ENGINE_HOSTED};

#define FOR_BOTH(at) for (size_t at = 0; at < 2; at++)

/* Imports `log` at the root and three functions of an interface, and exports functions that pass on what they
 * get. Strings and lists are laid down at 1024 and after. */
static const char relay[] =
    "(component"
    "  (import \"log\" (func $log (param \"line\" string)))"
    "  (import \"my:host/ops@1.2.0\" (instance $ops"
    "    (export \"add\" (func (param \"a\" u8) (param \"b\" s64) (result s64)))"
    "    (export \"join\" (func (param \"parts\" (list string)) (result string)))"
    "    (export \"sum\" (func (param \"a\" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32)) (param "
    "\"b\" (tuple"
    "       u32 u32 u32 u32 u32 u32 u32 u32 u32)) (result (tuple u64 bool))))))"
    "  (core module $memory (memory (export \"m\") 1)"
    "    (global $at (mut i32) (i32.const 1024))"
    "    (func (export \"realloc\") (param i32 i32 i32 i32) (result i32)"
    "      (global.set $at (i32.and (i32.add (global.get $at) (i32.const 7)) (i32.const -8)))"
    "      (global.get $at) (global.set $at (i32.add (global.get $at) (local.get 3)))))"
    "  (core instance $mi (instantiate $memory))"
    "  (core func $log (canon lower (func $log) (memory (core memory $mi \"m\"))))"
    "  (core func $add (canon lower (func $ops \"add\")))"
    "  (core func $join (canon lower (func $ops \"join\") (memory (core memory $mi \"m\"))"
    "    (realloc (core func $mi \"realloc\"))))"
    "  (core func $sum (canon lower (func $ops \"sum\") (memory (core memory $mi \"m\"))))"
    "  (core module $code"
    "    (import \"h\" \"log\" (func $log (param i32 i32)))"
    "    (import \"h\" \"add\" (func $add (param i32 i64) (result i64)))"
    "    (import \"h\" \"join\" (func $join (param i32 i32 i32)))"
    "    (import \"h\" \"sum\" (func $sum (param i32 i32)))"
    "    (func (export \"log\") (param i32 i32) (call $log (local.get 0) (local.get 1)))"
    "    (func (export \"add\") (param i32 i64) (result i64)"
    "      (call $add (local.get 0) (local.get 1)))"
    "    (func (export \"join\") (param i32 i32) (result i32)"
    "      (call $join (local.get 0) (local.get 1) (i32.const 64)) (i32.const 64))"
    "    (func (export \"sum\") (param i32) (result i32)"
    "      (call $sum (local.get 0) (i32.const 128)) (i32.const 128)))"
    "  (core instance $ci (instantiate $code (with \"h\" (instance (export \"log\" (func $log))"
    "    (export \"add\" (func $add)) (export \"join\" (func $join)) (export \"sum\" (func "
    "$sum))))))"
    "  (func (export \"log\") (param \"line\" string)"
    "    (canon lift (core func $ci \"log\") (memory (core memory $mi \"m\")) (realloc (core func "
    "$mi \"realloc\"))))"
    "  (func (export \"add\") (param \"a\" u8) (param \"b\" s64) (result s64)"
    "    (canon lift (core func $ci \"add\")))"
    "  (func (export \"join\") (param \"parts\" (list string)) (result string)"
    "    (canon lift (core func $ci \"join\") (memory (core memory $mi \"m\")) (realloc (core func "
    "$mi \"realloc\"))))"
    "  (func (export \"sum\") (param \"a\" (tuple u32 u32 u32 u32 u32 u32 u32 u32 u32)) (param "
    "\"b\" (tuple"
    "    u32 u32 u32 u32 u32 u32 u32 u32 u32)) (result (tuple u64 bool))"
    "    (canon lift (core func $ci \"sum\") (memory (core memory $mi \"m\")) (realloc (core func "
    "$mi \"realloc\"))))"
    ")";

/* ---- the host's side -------------------------------------------------------------------------- */

typedef struct host {
    char lines[256];
    bool lies, fails;
} host_t;

static weft_error_t *on_log(void *context, const weft_value_t *args, size_t count,
                            weft_value_t *result) {
    host_t *host = context;
    size_t used = strlen(host->lines);
    (void)result;
    assert_int_equal(count, 1);
    if (host->fails) return weft_error_new(WEFT_LIMIT, "the log is full");
    snprintf(host->lines + used, sizeof host->lines - used, "%.*s\n", STR_ARG(args[0].of.string));
    return NULL;
}

static weft_error_t *on_add(void *context, const weft_value_t *args, size_t count,
                            weft_value_t *result) {
    const host_t *host = context;
    assert_int_equal(count, 2);
    *result = host->lies ? weft_string("a lie") : weft_s64(args[0].of.u8 + args[1].of.s64);
    return NULL;
}

static weft_error_t *on_join(void *context, const weft_value_t *args, size_t count,
                             weft_value_t *result) {
    const host_t *host = context;
    char text[256] = "";
    assert_int_equal(count, 1);
    for (size_t i = 0; i < args[0].of.list.count; i++) {
        weft_str_t part = args[0].of.list.items[i].of.string;
        if (part.len) strncat(text, part.ptr, part.len);
    }
    weft_value_t joined = weft_string(host->lies ? "\xff" : text);
    return weft_value_copy(&joined, result);
}

static weft_error_t *on_sum(void *context, const weft_value_t *args, size_t count,
                            weft_value_t *result) {
    uint64_t sum = 0;
    (void)context;
    assert_int_equal(count, 2);
    for (size_t i = 0; i < 18; i++) sum += args[i / 9].of.list.items[i % 9].of.u32;
    weft_value_t fields[2] = {weft_u64(sum), weft_bool(sum > 100)};
    weft_value_t tuple = weft_tuple(fields, 2);
    return weft_value_copy(&tuple, result);
}

static host_t host;
static const weft_host_func_t funcs[] = {
    {NULL, "log", on_log, &host},
    {"my:host/ops", "add", on_add, &host},
    {"my:host/ops@1.2.0", "join", on_join, &host},
    {"ops", "sum", on_sum, &host},
    {"my:other/thing", "never", on_sum, &host},
};

static weft_options_t options_for(size_t at) {
    return (weft_options_t){.engine = engines[at], .funcs = funcs, .func_count = 5};
}

static guest_component_t relay_on(size_t at) {
    weft_options_t options = options_for(at);
    host = (host_t){.fails = false};
    guest_component_t guest = guest_of(engine, relay, &options);
    assert_int_equal(weft_plugin_engine(guest.plugin, NULL), engines[at]);
    return guest;
}

/* ---- tests ------------------------------------------------------------------------------------ */

static void values_reach_the_host_and_come_back(void **state) {
    (void)state;
    FOR_BOTH(at) {
        guest_component_t guest = relay_on(at);
        weft_value_t parts[3] = {weft_string("h\xc3\xa9"), weft_string(""), weft_string("llo")};
        weft_value_t line = weft_string("one"), pair[2] = {weft_u8(200), weft_s64(-300)};
        weft_value_t list = weft_list(parts, 3), joined = weft_string("h\xc3\xa9llo"), out;
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "log"), &line, 1, NULL, 0));
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "log"), &line, 1, NULL, 0));
        assert_string_equal(host.lines, "one\none\n");
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "add"), pair, 2, &out, 1));
        assert_int_equal(out.of.s64, -100);
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "join"), &list, 1, &out, 1));
        assert_true(weft_value_equal(&out, &joined));
        weft_value_clear(&out);
        guest_delete(&guest);
    }
}

/* Too many to be flat: the guest gives a pointer. */
static void parameters_in_memory_reach_the_host(void **state) {
    (void)state;
    FOR_BOTH(at) {
        guest_component_t guest = relay_on(at);
        weft_value_t numbers[18], args[2], out;
        for (uint32_t i = 0; i < 18; i++) numbers[i] = weft_u32(i);
        args[0] = weft_tuple(numbers, 9);
        args[1] = weft_tuple(numbers + 9, 9);
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "sum"), args, 2, &out, 1));
        assert_int_equal(out.of.list.items[0].of.u64, 153);
        assert_true(out.of.list.items[1].of.boolean);
        weft_value_clear(&out);
        guest_delete(&guest);
    }
}

/* Wasmtime's component API cannot do that. */
static void what_is_imported_and_exported_is_called_too(void **state) {
    (void)state;
    weft_options_t options = options_for(0);
    guest_component_t guest =
        guest_of(engine,
                 "(component (import \"my:host/ops\" (instance $ops"
                 "   (export \"add\" (func (param \"a\" u8) (param \"b\" s64) (result s64)))))"
                 " (export \"same-add\" (func $ops \"add\")))",
                 &options);
    weft_func_t *same = func_of(guest.plugin, NULL, "same-add");
    weft_value_t pair[2] = {weft_u8(7), weft_s64(1)}, out;
    host = (host_t){.fails = false};
    assert_ok(weft_func_call(same, pair, 2, &out, 1));
    assert_int_equal(out.of.s64, 8);
    pair[1] = weft_u8(7);
    assert_error(weft_func_call(same, pair, 2, &out, 1),
                 "weft: a value of another kind\nnote: the type is s64\n"
                 "note: in the argument `b`\n");
    guest_delete(&guest);
}

static void an_error_of_the_host_ends_the_call(void **state) {
    (void)state;
    FOR_BOTH(at) {
        guest_component_t guest = relay_on(at);
        weft_value_t line = weft_string("one");
        weft_func_t *log = func_of(guest.plugin, NULL, "log");
        host.fails = true;
        assert_error(weft_func_call(log, &line, 1, NULL, 0), "weft: the log is full\n");
        assert_error(weft_func_call(log, &line, 1, NULL, 0),
                     "weft: the component cannot be called again: it trapped before\n"
                     "note: the log is full\n");
        guest_delete(&guest);
    }
}

static void a_result_of_another_type_is_not_passed_on(void **state) {
    (void)state;
    FOR_BOTH(at) {
        guest_component_t guest = relay_on(at), other = relay_on(at);
        weft_value_t pair[2] = {weft_u8(1), weft_s64(2)}, none = weft_list(NULL, 0), out;
        host.lies = true;
        assert_error(weft_func_call(func_of(guest.plugin, NULL, "add"), pair, 2, &out, 1),
                     "weft: a value of another kind\nnote: the type is s64\n"
                     "note: in the result of the host's function `add`\n");
        assert_error(weft_func_call(func_of(other.plugin, NULL, "join"), &none, 1, &out, 1),
                     "weft: a string that is not UTF-8\nnote: the type is string\n"
                     "note: in the result of the host's function `join`\n");
        guest_delete(&guest);
        guest_delete(&other);
    }
}

static void assert_not_loaded(const char *wat, size_t at, const char *text) {
    weft_options_t options = options_for(at);
    weft_bytes_t binary;
    weft_plugin_t *plugin;
    assert_ok(weft_wat_to_wasm(weft_str(wat), &binary));
    assert_error(weft_plugin_read(engine, binary, &options, &plugin), text);
    weft_free((void *)(uintptr_t)binary.ptr);
}

static void what_is_not_given_is_listed(void **state) {
    (void)state;
    FOR_BOTH(at) {
        assert_not_loaded("(component (import \"log\" (func)) (import \"rest\" (func))"
                          " (import \"my:host/ops@3.0.0\" (instance (export \"add\" (func))"
                          "   (export \"r\" (type (sub resource))) (export \"mul\" (func))))"
                          " (import \"my:host/none\" (instance (export \"f\" (func)))))",
                          at,
                          "weft: the component has an import that nothing provides\n"
                          "note: func rest\n"
                          "note: resource my:host/ops@3.0.0#r\n"
                          "note: func my:host/ops@3.0.0#mul\n"
                          "note: instance my:host/none\n"
                          "help: compose it with a component that exports this: weft compose\n");
        assert_not_loaded(
            "(component (import \"my:host/ops\" (instance (export \"r\" (type $r (sub resource)))"
            " (export \"add\" (func (param \"r\" (borrow $r)))))))",
            at,
            "weft: the import `add` cannot be a function of the host: its type has a resource, a "
            "stream, a future or an error context\n");
    }
}

/* An interface of WASI can be the host's. */
static void the_hosts_functions_come_before_wasi(void **state) {
    (void)state;
    static const weft_host_func_t clock[] = {{"wasi:clocks/monotonic-clock", "now", on_add, &host}};
    FOR_BOTH(at) {
        weft_options_t options = {.engine = engines[at], .funcs = clock, .func_count = 1};
        guest_component_t guest = guest_of(
            engine,
            "(component (import \"wasi:clocks/monotonic-clock@0.2.0\" (instance $clock"
            "   (export \"now\" (func (param \"a\" u8) (param \"b\" s64) (result s64)))))"
            " (core func $now (canon lower (func $clock \"now\")))"
            " (core module $m (import \"\" \"now\" (func $now (param i32 i64) (result i64)))"
            "   (func (export \"f\") (result i64) (call $now (i32.const 40) (i64.const 2))))"
            " (core instance $i (instantiate $m (with \"\" (instance (export \"now\" (func "
            "$now))))))"
            " (func (export \"f\") (result s64) (canon lift (core func $i \"f\"))))",
            &options);
        weft_value_t out;
        host = (host_t){.fails = false};
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "f"), NULL, 0, &out, 1));
        assert_int_equal(out.of.s64, 42);
        guest_delete(&guest);
    }
}

/* A guest that lies about where its strings and its place for the result are. */
static void lying_callers_trap(void **state) {
    (void)state;
    static const struct {
        const char *args, *words;
    } lies[] = {
        {"(i32.const 65532) (i32.const 1) (i32.const 64)",
         "list pointer/length out of bounds of memory"},
        {"(i32.const 0) (i32.const 0) (i32.const 65532)", "pointer out of bounds of memory"},
        {"(i32.const 0) (i32.const 0) (i32.const 65)", "unaligned pointer"},
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        char wat[2048];
        weft_options_t options = options_for(0);
        snprintf(
            wat, sizeof wat,
            "(component (import \"my:host/ops@1.2.0\" (instance $ops"
            "   (export \"join\" (func (param \"parts\" (list string)) (result string)))))"
            " (core module $memory (memory (export \"m\") 1) (func (export \"r\")"
            "   (param i32 i32 i32 i32) (result i32) (i32.const 512)))"
            " (core instance $mi (instantiate $memory))"
            " (core func $join (canon lower (func $ops \"join\") (memory (core memory $mi \"m\"))"
            "   (realloc (core func $mi \"r\"))))"
            " (core module $m (import \"\" \"join\" (func $join (param i32 i32 i32)))"
            "   (func (export \"f\") (call $join %s)))"
            " (core instance $i (instantiate $m (with \"\" (instance (export \"join\" (func"
            "   $join))))))"
            " (func (export \"f\") (canon lift (core func $i \"f\"))))",
            lies[i].args);
        guest_component_t guest = guest_of(engine, wat, &options);
        weft_error_t *error = weft_func_call(func_of(guest.plugin, NULL, "f"), NULL, 0, NULL, 0);
        assert_non_null(error);
        assert_int_equal(weft_error_code(error), WEFT_TRAP);
        if (!strstr(weft_error_message(error).ptr, lies[i].words))
            fail_msg("%s, and should say: %s", rendered(error), lies[i].words);
        weft_error_delete(error);
        guest_delete(&guest);
    }
}

static weft_error_t *load_and_join(weft_bytes_t binary, size_t at) {
    weft_options_t options = options_for(at);
    weft_plugin_t *plugin = NULL;
    weft_func_t *join;
    weft_value_t part = weft_string("x"), list = weft_list(&part, 1), out = weft_bool(false);
    weft_error_t *error = weft_plugin_read(engine, binary, &options, &plugin);
    if (!error) error = weft_plugin_func(plugin, NULL, "join", &join);
    if (!error) error = weft_func_call(join, &list, 1, &out, 1);
    weft_value_clear(&out);
    weft_plugin_delete(plugin);
    return error;
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    give_signals_back();
    FOR_BOTH(at) {
        weft_bytes_t binary;
        host = (host_t){.fails = false};
        assert_ok(weft_wat_to_wasm(weft_str(relay), &binary));
        for (size_t n = 1;; n += 1 + n / 32) {
            weft_alloc_fail_after(n);
            weft_error_t *error = load_and_join(binary, at);
            weft_alloc_fail_after(0);
            if (!error) break;
            if (weft_error_code(error) != WEFT_NO_MEMORY) fail_msg("%zu: %s", n, rendered(error));
            weft_error_delete(error);
        }
        weft_free((void *)(uintptr_t)binary.ptr);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_reach_the_host_and_come_back),
        cmocka_unit_test(parameters_in_memory_reach_the_host),
        cmocka_unit_test(what_is_imported_and_exported_is_called_too),
        cmocka_unit_test(an_error_of_the_host_ends_the_call),
        cmocka_unit_test(a_result_of_another_type_is_not_passed_on),
        cmocka_unit_test(what_is_not_given_is_listed),
        cmocka_unit_test(the_hosts_functions_come_before_wasi),
        cmocka_unit_test(lying_callers_trap),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests_name("host_funcs", tests, make_engine, delete_engine);
}
