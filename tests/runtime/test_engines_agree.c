/* Both engines give the same answers: random calls of components, and of compositions of the corpus, where values
 * pass from one component to another. WEFT_CASES in the environment is the number of calls of each function. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/random.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "value/wave.h"

enum { MOST_TRAPS = 2 };

typedef struct pair {
    weft_plugin_t *direct, *hosted;
    bool is_composed;
} pair_t;

/* A composition whose parts can be plugins of their own. */
typedef struct split {
    const char *composition;
    const char
        *parts[3]; /* the first exports what the composition does; each imports from the next */
} split_t;

/* The parts of a composition, each in a store of its own: the outermost one. */
static weft_plugin_t *load_parts(const split_t *split) {
    weft_plugin_t *below = NULL, *plugin = NULL;
    for (int i = 2; i >= 0; i--) {
        if (!split->parts[i]) continue;
        char path[4096];
        weft_options_t options = {
            .engine = WEFT_ENGINE_DIRECT, .providers = &below, .provider_count = below ? 1 : 0};
        snprintf(path, sizeof path, "%s/guests/%s.wasm", getenv("WEFT_TESTS_DIR"), split->parts[i]);
        assert_ok(weft_plugin_load(engine, path, &options, &plugin));
        weft_plugin_delete(below); /* who imports from it keeps it */
        below = plugin;
    }
    return plugin;
}

static pair_t load(const char *folder, const char *name, const split_t *split) {
    weft_options_t direct = {.engine = WEFT_ENGINE_DIRECT}, hosted = {.engine = WEFT_ENGINE_HOSTED};
    char path[4096];
    pair_t pair;
    snprintf(path, sizeof path, "%s/%s", getenv(folder), name);
    pair.is_composed = strncmp(name, "compositions/", 13) == 0;
    give_signals_back();
    if (split) pair.direct = load_parts(split);
    else assert_ok(weft_plugin_load(engine, path, &direct, &pair.direct));
    assert_ok(weft_plugin_load(engine, path, &hosted, &pair.hosted));
    return pair;
}

static void unload(pair_t *pair) {
    weft_plugin_delete(pair->direct);
    weft_plugin_delete(pair->hosted);
}

static unsigned cases(void) {
    const char *said = getenv("WEFT_CASES");
    return said ? (unsigned)strtoul(said, NULL, 10) : 60;
}

static void differ(const exported_func_t *func, const value_vec_t *args, const weft_value_t *a,
                   const weft_value_t *b) {
    buf_t text = {0};
    weft_buf_printf(&text, "%.*s(", STR_ARG(func->name));
    for (size_t i = 0; i < args->count; i++) {
        weft_wave_write(&text, func->type->params[i].type, &args->items[i]);
        weft_buf_printf(&text, ", ");
    }
    weft_buf_printf(&text, ") is directly ");
    weft_wave_write(&text, func->type->result, a);
    weft_buf_printf(&text, " and hosted ");
    weft_wave_write(&text, func->type->result, b);
    fail_msg("%.*s", (int)text.len, text.data);
}

/* Both failed, in the same words where the host is told (of what passes between guests weft says more). */
static void assert_same_error(weft_error_t *a, weft_error_t *b, bool same_words) {
    assert_non_null(a);
    assert_non_null(b);
    weft_str_t said = weft_error_message(b);
    char *text = strndup(said.ptr, said.len);
    assert_int_equal(weft_error_code(a), weft_error_code(b));
    said = weft_error_message(a);
    if (same_words && !weft_str_eq(said, weft_str(text)))
        fail_msg("%.*s != %s", STR_ARG(said), text);
    free(text);
    weft_error_delete(a);
    weft_error_delete(b);
}

/* Whether there was a result, and not a trap. */
static bool call_both(const pair_t *pair, weft_func_t *direct, weft_func_t *hosted,
                      random_source_t *source) {
    const func_type_t *type = weft_func_type(direct);
    size_t results = weft_func_result_count(direct);
    value_vec_t args = {0};
    weft_value_t a = weft_bool(false), b = weft_bool(false);
    source->elements = 0;
    for (uint32_t i = 0; i < type->param_count; i++)
        assert_ok(VEC_PUSH(&args, random_value(source, type->params[i].type)));
    weft_error_t *trap = weft_func_call(direct, args.items, args.count, &a, results);
    weft_error_t *other = weft_func_call(hosted, args.items, args.count, &b, results);
    bool trapped = trap || other;
    if (trapped) assert_same_error(trap, other, !pair->is_composed);
    else if (!weft_value_equal(&a, &b)) differ(direct->exported, &args, &a, &b);
    weft_value_clear(&a);
    weft_value_clear(&b);
    weft_value_vec_free(&args);
    return !trapped;
}

static bool has_handles(const func_type_t *type) {
    if (type->result && type->result->has_own) return true;
    for (uint32_t i = 0; i < type->param_count; i++)
        if (type->params[i].type->has_own || type->params[i].type->has_borrow) return true;
    return false;
}

static void agree_on(pair_t *pair, size_t at, unsigned calls, random_source_t *source,
                     unsigned *done) {
    const exported_func_t *exported = &pair->direct->program->exports.items[at];
    func_query_t query = {false, exported->interface, exported->name};
    weft_func_t *direct, *hosted;
    assert_ok(weft_plugin_query(pair->direct, &query, &direct));
    assert_ok(weft_plugin_query(pair->hosted, &query, &hosted));
    while (*done < calls && call_both(pair, direct, hosted, source)) ++*done;
}

/* A trap spends both; then they are loaded anew, which takes long: a few times for each function. */
static void agree_with(const char *folder, const char *name, const split_t *split) {
    pair_t pair = load(folder, name, split);
    random_source_t source = {.state = 1};
    for (size_t i = 0; i < pair.direct->program->exports.count; i++) {
        if (has_handles(pair.direct->program->exports.items[i].type)) continue;
        unsigned traps = 0;
        for (unsigned done = 0; done < cases() && traps < MOST_TRAPS; done++, traps++) {
            agree_on(&pair, i, cases(), &source, &done);
            if (done >= cases()) break;
            unload(&pair);
            pair = load(folder, name, split);
        }
    }
    unload(&pair);
}

static void agree(const char *folder, const char *name) {
    agree_with(folder, name, NULL);
}

static void agree_split(const split_t *split) {
    char name[64];
    snprintf(name, sizeof name, "compositions/%s.wasm", split->composition);
    agree_with("WEFT_CORPUS_DIR", name, split);
}

static void on_values(void **state) {
    (void)state;
    agree("WEFT_TESTS_DIR", "guests/echo.wasm");
}

static void on_values_in_utf16(void **state) {
    (void)state;
    agree("WEFT_TESTS_DIR", "guests/echo-utf16.wasm");
}

static void on_values_from_component_to_component(void **state) {
    (void)state;
    agree("WEFT_CORPUS_DIR", "compositions/echo-relay.wasm");
    agree("WEFT_CORPUS_DIR", "compositions/relay-twice.wasm");
    agree("WEFT_CORPUS_DIR", "compositions/nested-relay.wasm");
}

static void on_strings_that_change_their_encoding(void **state) {
    (void)state;
    agree("WEFT_CORPUS_DIR", "compositions/relay-utf16.wasm");
}

static void on_values_from_one_store_to_another(void **state) {
    (void)state;
    agree_split(&(split_t){"echo-relay", {"relay", "echo", NULL}});
}

static void on_strings_that_change_their_encoding_between_stores(void **state) {
    (void)state;
    agree_split(&(split_t){"relay-utf16", {"relay", "echo-utf16", NULL}});
}

static void on_values_through_three_stores(void **state) {
    (void)state;
    agree_split(&(split_t){"relay-twice", {"relay", "relay", "echo"}});
}

/* docs/conformance.md, The two engines. */
static void but_on_how_much_one_call_passes(void **state) {
    (void)state;
    static const char large[] =
        "(component (core module $m (memory (export \"m\") 2400) (func (export \"f\") (result i32)"
        "  (i32.store offset=4 (i32.const 0) (i32.const 140000000)) (i32.const 0)))"
        " (core instance $i (instantiate $m)) (func (export \"f\") (result (list u8))"
        "  (canon lift (core func $i \"f\") (memory (core memory $i \"m\")))))";
    weft_options_t direct = {.engine = WEFT_ENGINE_DIRECT}, hosted = {.engine = WEFT_ENGINE_HOSTED};
    guest_component_t a = guest_of(engine, large, &direct), b = guest_of(engine, large, &hosted);
    weft_value_t out;
    assert_ok(weft_func_call(func_of(a.plugin, NULL, "f"), NULL, 0, &out, 1));
    assert_int_equal(out.of.bytes.len, 140000000);
    weft_value_clear(&out);
    assert_error(weft_func_call(func_of(b.plugin, NULL, "f"), NULL, 0, &out, 1),
                 "weft: the guest trapped: too much data is being copied between the host and the "
                 "guest: fuel allocated for hostcalls has been exhausted\n");
    guest_delete(&a);
    guest_delete(&b);
}

/* wasm-tools does not tell names apart by hyphens, the specification does. */
static void but_on_names_that_differ_in_hyphens(void **state) {
    (void)state;
    static const char names[] = "(component (core module $m (func (export \"f\")))"
                                " (core instance $i (instantiate $m))"
                                " (func (export \"a1\") (canon lift (core func $i \"f\")))"
                                " (func (export \"a-1\") (canon lift (core func $i \"f\"))))";
    weft_options_t direct = {.engine = WEFT_ENGINE_DIRECT}, hosted = {.engine = WEFT_ENGINE_HOSTED};
    guest_component_t guest = guest_of(engine, names, &direct);
    weft_plugin_t *plugin;
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "a-1"), NULL, 0, NULL, 0));
    assert_error(weft_plugin_read(engine, guest.binary, &hosted, &plugin),
                 "weft: Wasmtime does not take this component: export name `a-1` conflicts with "
                 "previous name `a1` (at offset 0x74)\n");
    guest_delete(&guest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_values),
        cmocka_unit_test(on_values_in_utf16),
        cmocka_unit_test(on_values_from_component_to_component),
        cmocka_unit_test(on_strings_that_change_their_encoding),
        cmocka_unit_test(on_values_from_one_store_to_another),
        cmocka_unit_test(on_strings_that_change_their_encoding_between_stores),
        cmocka_unit_test(on_values_through_three_stores),
        cmocka_unit_test(but_on_how_much_one_call_passes),
        cmocka_unit_test(but_on_names_that_differ_in_hyphens),
    };
    return cmocka_run_group_tests_name("engines agree", tests, make_engine, delete_engine);
}
