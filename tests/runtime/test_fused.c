/* Calls inside one component: what generated code does is what the host does, bit for bit, also when guests lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/direct/fuse/code.h"
#include "runtime/direct/fuse/fuse.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "runtime/twins.h"
#include "support/alloc.h"
#include "support/utf8.h"

static const weft_options_t directly = {.engine = WEFT_ENGINE_DIRECT};

/* ---- both ways -------------------------------------------------------------------------------- */

/* One component twice: its calls fused, and through the host. */
typedef struct ways {
    const char *wat;
    guest_component_t fused, by_host;
} ways_t;

static void load(ways_t *ways) {
    ways->fused = guest_of(engine, ways->wat, &directly);
    ways->by_host = guest_of(engine, ways->wat, &directly);
    ways->by_host.plugin->direct->never_fuses = true;
}

static void unload(ways_t *ways) {
    guest_delete(&ways->fused);
    guest_delete(&ways->by_host);
}

static void set(guest_component_t *guest, const char *name, const uint8_t *image) {
    weft_value_t in = weft_byte_list(image, TWINS_IMAGE);
    assert_ok(weft_func_call(func_of(guest->plugin, NULL, name), &in, 1, NULL, 0));
}

static void assert_same_memory(const ways_t *ways, const char *name) {
    weft_value_t fused, by_host;
    assert_ok(weft_func_call(func_of(ways->fused.plugin, NULL, name), NULL, 0, &fused, 1));
    assert_ok(weft_func_call(func_of(ways->by_host.plugin, NULL, name), NULL, 0, &by_host, 1));
    if (!weft_value_equal(&fused, &by_host)) fail_msg("%s differs in %s", name, ways->wat);
    weft_value_clear(&fused);
    weft_value_clear(&by_host);
}

static void assert_same_error(const ways_t *ways, weft_error_t *fused, weft_error_t *by_host) {
    if (!fused != !by_host)
        fail_msg("only %s trapped: %s\n%s", fused ? "fused" : "by the host",
                 rendered(fused ? fused : by_host), ways->wat);
    weft_str_t one = weft_error_message(fused), other = weft_error_message(by_host);
    if (!weft_str_eq(one, other))
        fail_msg("fused: %.*s, by the host: %.*s in\n%s", STR_ARG(one), STR_ARG(other), ways->wat);
    weft_error_delete(fused);
    weft_error_delete(by_host);
}

/* Whether the call came back. */
static bool call_both(ways_t *ways, random_source_t *source) {
    uint8_t a[TWINS_IMAGE], b[TWINS_IMAGE];
    guest_component_t *guests[] = {&ways->fused, &ways->by_host};
    weft_error_t *errors[2];
    random_image(a, source);
    random_image(b, source);
    for (unsigned i = 0; i < 2; i++) {
        set(guests[i], "a-set", a);
        set(guests[i], "b-set", b);
        errors[i] = weft_func_call(func_of(guests[i]->plugin, NULL, "call"), NULL, 0, NULL, 0);
    }
    if (errors[0] || errors[1]) {
        assert_same_error(ways, errors[0], errors[1]);
        return false;
    }
    assert_same_memory(ways, "a-dump");
    assert_same_memory(ways, "b-dump");
    return true;
}

/* WEFT_TYPES in the environment is the number of types. */
static void any_bits_go_the_same_way(void **state) {
    (void)state;
    const char *said = getenv("WEFT_TYPES");
    unsigned types = said ? (unsigned)strtoul(said, NULL, 10) : 60, fused = 0, came_back = 0;
    random_source_t source = {.state = 2025};
    for (unsigned i = 0; i < types; i++) {
        buf_t wat = {0};
        random_twins(&wat, &source);
        ways_t ways = {.wat = (const char *)wat.data};
        load(&ways);
        for (unsigned traps = 0, calls = 0; traps < 4 && calls < 12; calls++) {
            if (call_both(&ways, &source)) {
                came_back++;
                continue;
            }
            traps++;
            fused += weft_fusing_count(ways.fused.plugin->direct);
            unload(&ways);
            load(&ways);
        }
        unload(&ways);
        weft_buf_free(&wat);
    }
    printf("%u types, %u fused, %u calls came back\n", types, fused, came_back);
    assert_true(fused > types / 2 && came_back > types / 4);
}

/* ---- what is fused ---------------------------------------------------------------------------- */

/* $A has functions `a` of some type, $B lowers them; nothing is called. How many are fused. */
static uint32_t fused_of(const char *type, const char *core, const char *lift, const char *lower) {
    char wat[4096];
    snprintf(
        wat, sizeof wat,
        "(component"
        " (component $A (core module $m (memory (export \"m\") 1) (memory (export \"l\") i64 1)"
        "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) unreachable)"
        "   (func (export \"q\") (param i64 i64 i64 i64) (result i64) unreachable)"
        "   (func (export \"f\") %s unreachable))"
        "  (core instance $i (instantiate $m)) (alias core export $i \"m\" (core memory $m))"
        "  (alias core export $i \"r\" (core func $r))"
        "  (alias core export $i \"l\" (core memory $l))"
        "  (alias core export $i \"q\" (core func $q))"
        "  (type $h' (resource (rep i32))) (export $h \"h\" (type $h'))"
        "  (func (export \"f\") %s (canon lift (core func $i \"f\") %s)))"
        " (component $B (import \"h\" (type $h (sub resource))) (import \"f\" (func $f %s))"
        "  (core module $m (memory (export \"m\") 1)"
        "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) unreachable))"
        "  (core instance $i (instantiate $m)) (alias core export $i \"m\" (core memory $m))"
        "  (alias core export $i \"r\" (core func $r))"
        "  (core func (canon lower (func $f) %s)))"
        " (instance $a (instantiate $A))"
        " (instance $b (instantiate $B (with \"h\" (type $a \"h\")) (with \"f\" (func $a \"f\"))))"
        " (core module $n (func (export \"go\"))) (core instance $n (instantiate $n))"
        " (func (export \"go\") (canon lift (core func $n \"go\"))))",
        core, type, lift, type, lower);
    guest_component_t guest = guest_of(engine, wat, &directly);
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "go"), NULL, 0, NULL, 0));
    uint32_t count = weft_fusing_count(guest.plugin->direct);
    guest_delete(&guest);
    return count;
}

static void all_but_handles_and_wide_memories_is_fused(void **state) {
    (void)state;
    const char *memory = "(memory $m) (realloc $r)", *two = "(param i32 i32)";
    const char *utf16 = "(memory $m) (realloc $r) string-encoding=utf16";
    assert_int_equal(fused_of("", "", "", ""), 1);
    assert_int_equal(fused_of("(param \"a\" u8) (result f64)", "(param i32) (result f64)", "", ""),
                     1);
    assert_int_equal(fused_of("(param \"a\" string)", two, memory, memory), 1);
    assert_int_equal(fused_of("(param \"a\" string)", two, utf16, memory), 1);
    assert_int_equal(fused_of("(param \"a\" (list (option string)))", two, memory, memory), 1);
    assert_int_equal(fused_of("(result (list u8))", "(result i32)", memory, memory), 1);
    assert_int_equal(
        fused_of("(param \"a\" string)", "(param i64 i64)", "(memory $l) (realloc $q)", memory), 0);
    assert_int_equal(fused_of("(result (own $h))", "(result i32)", "", ""), 0);
    assert_int_equal(fused_of("(param \"a\" (borrow $h))", "(param i32)", "", ""), 0);
    assert_int_equal(fused_of("(result (tuple u8 (own $h)))", "(result i32)", memory, memory), 0);
}

/* A component may have thousands of functions of as many types: then not all are fused, and all work. */
static void not_more_code_is_made_than_is_good(void **state) {
    (void)state;
    enum { FUNCS = 200 };
    buf_t callee = {0}, caller = {0}, with = {0}, wat = {0};
    for (unsigned i = 0; i < FUNCS; i++) {
        buf_t type = {0}; /* eight lists, each of one of two types */
        for (unsigned bit = 0; bit < 8; bit++)
            weft_buf_printf(&type, "(param \"p%u\" (list %s)) ", bit,
                            i >> bit & 1 ? "bool" : "char");
        weft_buf_printf(&callee,
                        "(func (export \"f%u\") %.*s (canon lift (core func $i \"f\") (memory $m) "
                        "(realloc $r))) ",
                        i, (int)type.len, (const char *)type.data);
        weft_buf_printf(&caller,
                        "(import \"f%u\" (func $f%u %.*s)) (core func $g%u (canon lower (func "
                        "$f%u) (memory $m))) ",
                        i, i, (int)type.len, (const char *)type.data, i, i);
        weft_buf_printf(&with, "(with \"f%u\" (func $a \"f%u\")) ", i, i);
        weft_buf_free(&type);
    }
    weft_buf_printf(
        &wat,
        "(component (component $A (core module $m (memory (export \"m\") 1)"
        " (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 0))"
        " (func (export \"f\") %s)) (core instance $i (instantiate $m))"
        " (alias core export $i \"m\" (core memory $m))"
        " (alias core export $i \"r\" (core func $r)) %.*s)"
        " (component $B (core module $n (memory (export \"m\") 1))"
        " (core instance $n (instantiate $n))"
        " (alias core export $n \"m\" (core memory $m)) %.*s"
        " (core module $c (import \"\" \"f\" (func $f %s)) (import \"\" \"l\" (func $l %s))"
        " (func (export \"go\") (call $f %s) (call $l %s)))"
        " (core instance $c (instantiate $c (with \"\" (instance (export \"f\" (func $g0))"
        " (export \"l\" (func $g%u))))))"
        " (func (export \"go\") (canon lift (core func $c \"go\"))))"
        " (instance $a (instantiate $A)) (instance $b (instantiate $B %.*s))"
        " (export \"go\" (func $b \"go\")))",
#define EIGHT(text) text text text text text text text text
        EIGHT("(param i32 i32)"), (int)callee.len, (const char *)callee.data, (int)caller.len,
        (const char *)caller.data, EIGHT("(param i32 i32)"), EIGHT("(param i32 i32)"),
        EIGHT("(i32.const 0) (i32.const 0) "), EIGHT("(i32.const 0) (i32.const 0) "), FUNCS - 1,
        (int)with.len, (const char *)with.data);
#undef EIGHT
    weft_buf_byte(&wat, 0);
    guest_component_t guest = guest_of(engine, (const char *)wat.data, &directly);
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "go"), NULL, 0, NULL, 0));
    assert_in_range(weft_fusing_count(guest.plugin->direct), 10, FUNCS - 1);
    guest_delete(&guest);
    buf_t *bufs[] = {&callee, &caller, &with, &wat};
    for (unsigned i = 0; i < 4; i++) weft_buf_free(bufs[i]);
}

/* ---- entering and leaving --------------------------------------------------------------------- */

/* The function `go` gives `expected`, or traps with these words, by both ways; so many functions are fused. */
static void assert_both(const char *wat, uint32_t fused, uint32_t expected, const char *words) {
    ways_t ways = {.wat = wat};
    load(&ways);
    guest_component_t *guests[] = {&ways.fused, &ways.by_host};
    for (unsigned i = 0; i < 2; i++) {
        weft_value_t out = weft_u32(0);
        weft_func_t *func = func_of(guests[i]->plugin, NULL, "go");
        weft_error_t *error = weft_func_call(func, NULL, 0, &out, 1);
        if (!words) assert_ok(error);
        else {
            assert_non_null(error);
            weft_str_t said = weft_error_message(error);
            if (!weft_str_eq(said, weft_str(words))) fail_msg("%.*s, not %s", STR_ARG(said), words);
            weft_error_delete(error);
        }
        assert_int_equal(out.of.u32, expected);
        assert_int_equal(weft_fusing_count(guests[i]->plugin->direct), i ? 0 : fused);
    }
    unload(&ways);
}

/* $C has `tick`. $A imports it and has f: string -> string, $B asks that of $A. What runs on the way is given as text:
 * realloc, f and post-return of $A, realloc of $B; each can call $tick. */
static void assert_ticks(const char *a_realloc, const char *f, const char *post_return,
                         const char *b_realloc, const char *words) {
    char wat[8192];
    snprintf(
        wat, sizeof wat,
        "(component"
        " (component $C (core module $m (func (export \"t\"))) (core instance $i (instantiate $m))"
        "  (func (export \"t\") (canon lift (core func $i \"t\"))))"
        " (component $A (import \"t\" (func $t)) (core func $t' (canon lower (func $t)))"
        "  (core module $m (import \"\" \"t\" (func $tick)) (memory (export \"m\") 1)"
        "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) %s (i32.const 64))"
        "   (func (export \"f\") (param i32 i32) (result i32) %s (i32.const 16))"
        "   (func (export \"p\") (param i32) %s))"
        "  (core instance $i (instantiate $m (with \"\" (instance (export \"t\" (func $t'))))))"
        "  (func (export \"f\") (param \"s\" string) (result string) (canon lift"
        "   (core func $i \"f\") (memory (core memory $i \"m\")) (realloc (core func $i \"r\"))"
        "   (post-return (core func $i \"p\")))))"
        " (component $B (import \"t\" (func $t))"
        "  (import \"f\" (func $f (param \"s\" string) (result string)))"
        "  (core func $t' (canon lower (func $t)))"
        "  (core module $n (import \"\" \"t\" (func $tick)) (memory (export \"m\") 1)"
        "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) %s (i32.const 64)))"
        "  (core instance $n (instantiate $n (with \"\" (instance (export \"t\" (func $t'))))))"
        "  (core func $f' (canon lower (func $f) (memory (core memory $n \"m\"))"
        "   (realloc (core func $n \"r\"))))"
        "  (core module $m (import \"\" \"f\" (func $f (param i32 i32 i32)))"
        "   (func (export \"go\") (result i32) (call $f (i32.const 0) (i32.const 1) (i32.const 8))"
        "    (call $f (i32.const 0) (i32.const 1) (i32.const 8)) (i32.const 7)))"
        "  (core instance $i (instantiate $m (with \"\" (instance (export \"f\" (func $f'))))))"
        "  (func (export \"go\") (result u32) (canon lift (core func $i \"go\"))))"
        " (instance $c (instantiate $C))"
        " (instance $a (instantiate $A (with \"t\" (func $c \"t\"))))"
        " (instance $b (instantiate $B (with \"t\" (func $c \"t\")) (with \"f\" (func $a \"f\"))))"
        " (export \"go\" (func $b \"go\")))",
        a_realloc, f, post_return, b_realloc);
    assert_both(wat, 3, words ? 0 : 7, words);
}

static void nobody_leaves_during_realloc_and_post_return(void **state) {
    (void)state;
    const char *no = "the guest trapped: cannot leave component instance", *tick = "(call $tick)";
    assert_ticks("", "", "", "", NULL);
    assert_ticks("", tick, "", "", NULL);
    assert_ticks(tick, "", "", "", no);
    assert_ticks("", "", tick, "", no);
    assert_ticks("", "", "", tick, no);
}

/* The root calls its child $C, which calls a function of the root, which may call $C anew. */
static void assert_reenters(const char *back, uint32_t expected, const char *words) {
    char wat[4096];
    snprintf(
        wat, sizeof wat,
        "(component"
        " (component $C (import \"g\" (func $g (result u32)))"
        "  (core func $g' (canon lower (func $g)))"
        "  (core module $m (import \"\" \"g\" (func $g (result i32)))"
        "   (func (export \"f\") (result i32) (i32.add (call $g) (i32.const 1))))"
        "  (core instance $i (instantiate $m (with \"\" (instance (export \"g\" (func $g'))))))"
        "  (func (export \"f\") (result u32) (canon lift (core func $i \"f\"))))"
        " (core module $t (table (export \"t\") 1 funcref) (type $f (func (result i32)))"
        "  (func (export \"g\") (result i32) %s))"
        " (core instance $t (instantiate $t))"
        " (func $g (result u32) (canon lift (core func $t \"g\")))"
        " (instance $c (instantiate $C (with \"g\" (func $g))))"
        " (core func $f' (canon lower (func $c \"f\")))"
        " (core module $m (import \"\" \"t\" (table 1 funcref))"
        "  (import \"\" \"f\" (func $f (result i32))) (elem (i32.const 0) $f)"
        "  (func (export \"go\") (result i32) (call $f)))"
        " (core instance $m (instantiate $m (with \"\" (instance"
        "  (export \"t\" (table $t \"t\")) (export \"f\" (func $f'))))))"
        " (func (export \"go\") (result u32) (canon lift (core func $m \"go\"))))",
        back);
    assert_both(wat, 2, expected, words);
}

static void who_was_entered_is_not_entered_again(void **state) {
    (void)state;
    assert_reenters("(i32.const 41)", 42, NULL);
    assert_reenters("(call_indirect (type $f) (i32.const 0))", 0,
                    "the guest trapped: cannot enter component instance");
}

/* A core module that calls when it starts; `f` is what it calls. */
static void assert_starts(const char *f, uint32_t expected, const char *words) {
    char wat[4096];
    snprintf(wat, sizeof wat,
             "(component"
             " (component $A (core module $m (global $n (mut i32) (i32.const 40))"
             "   (func (export \"f\") %s (global.set $n (i32.add (global.get $n) (i32.const 1))))"
             "   (func (export \"n\") (result i32) (global.get $n)))"
             "  (core instance $i (instantiate $m))"
             "  (func (export \"f\") (canon lift (core func $i \"f\")))"
             "  (func (export \"n\") (result u32) (canon lift (core func $i \"n\"))))"
             " (component $B (import \"f\" (func $f)) (core func $f' (canon lower (func $f)))"
             "  (core module $m (import \"\" \"f\" (func $f)) (start $f))"
             "  (core instance (instantiate $m (with \"\" (instance (export \"f\" (func $f')))))))"
             " (instance $a (instantiate $A))"
             " (instance $b (instantiate $B (with \"f\" (func $a \"f\"))))"
             " (instance (instantiate $B (with \"f\" (func $a \"f\"))))"
             " (export \"go\" (func $a \"n\")))",
             f);
    assert_both(wat, words ? 1 : 2, expected, words);
}

static void start_functions_call(void **state) {
    (void)state;
    assert_starts("", 42, NULL);
    assert_starts("unreachable", 0, "the guest trapped: `unreachable` instruction executed");
}

/* ---- edges ------------------------------------------------------------------------------------ */

/* $B has a memory of so many pages and calls f of $A (its only parameter is of the type) with these core values; f gives
 * the last of them. */
static void assert_passes(const char *type, const char *core, unsigned pages, const char *values,
                          uint32_t expected, const char *words) {
    char wat[4096];
    snprintf(
        wat, sizeof wat,
        "(component"
        " (component $A (core module $m (memory (export \"m\") 1)"
        "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 64))"
        "   (func (export \"f\") (param %s) (result i32) (local.get %u)))"
        "  (core instance $i (instantiate $m))"
        "  (func (export \"f\") (param \"x\" %s) (result u32) (canon lift (core func $i \"f\")"
        "   (memory (core memory $i \"m\")) (realloc (core func $i \"r\")))))"
        " (component $B (import \"f\" (func $f (param \"x\" %s) (result u32)))"
        "  (core module $n (memory (export \"m\") %u)) (core instance $n (instantiate $n))"
        "  (core func $f' (canon lower (func $f) (memory (core memory $n \"m\"))))"
        "  (core module $m (import \"\" \"f\" (func $f (param %s) (result i32)))"
        "   (func (export \"go\") (result i32) (call $f %s)))"
        "  (core instance $i (instantiate $m (with \"\" (instance (export \"f\" (func $f'))))))"
        "  (func (export \"go\") (result u32) (canon lift (core func $i \"go\"))))"
        " (instance $a (instantiate $A))"
        " (instance $b (instantiate $B (with \"f\" (func $a \"f\"))))"
        " (export \"go\" (func $b \"go\")))",
        core, strlen(core) > 3, type, type, pages, core, values);
    assert_both(wat, 1, expected, words);
}

static void the_limits_of_values_are_where_they_should_be(void **state) {
    (void)state;
    static const uint32_t good[] = {0xD7FF, 0xE000, 0x10FFFF}, bad[] = {0xD800, 0xDFFF, 0x110000};
    const char *outside = "the guest trapped: list content out-of-bounds";
    const char *too_long =
        "the guest trapped: list content out-of-bounds: a list has at most 268435455 bytes";
    char text[64];
    for (unsigned i = 0; i < 3; i++) {
        snprintf(text, sizeof text, "(i32.const %u)", good[i]);
        assert_passes("char", "i32", 1, text, good[i], NULL);
        snprintf(text, sizeof text, "(i32.const %u)", bad[i]);
        assert_passes("char", "i32", 1, text, 0, "the guest trapped: invalid `char` bit pattern");
    }
    assert_passes("(list u8)", "i32 i32", 1, "(i32.const 0) (i32.const 65472)", 65472, NULL);
    assert_passes("(list u8)", "i32 i32", 1, "(i32.const 0) (i32.const 65473)", 0, outside);
    assert_passes("(list u8)", "i32 i32", 1, "(i32.const 65530) (i32.const 6)", 6, NULL);
    assert_passes("(list u8)", "i32 i32", 1, "(i32.const 65530) (i32.const 7)", 0, outside);
    assert_passes("(list u8)", "i32 i32", 1, "(i32.const -1) (i32.const 2)", 0, outside);
    assert_passes("(list u8)", "i32 i32", 5000, "(i32.const 0) (i32.const 268435455)", 0, outside);
    assert_passes("(list u8)", "i32 i32", 5000, "(i32.const 0) (i32.const 268435456)", 0, too_long);
    assert_passes("(list u64)", "i32 i32", 5000, "(i32.const 0) (i32.const 33554432)", 0, too_long);
    assert_passes("string", "i32 i32", 1, "(i32.const 0) (i32.const 4095)", 4095, NULL);
    assert_passes("string", "i32 i32", 1, "(i32.const 0) (i32.const 4097)", 4097, NULL);
    assert_passes("string", "i32 i32", 1, "(i32.const 61440) (i32.const 4096)", 4096, NULL);
    assert_passes("string", "i32 i32", 1, "(i32.const 61441) (i32.const 4096)", 0,
                  "the guest trapped: string content out-of-bounds");
}

/* ---- UTF-8 ------------------------------------------------------------------------------------ */

/* The fused function of f: func(x: string), between two memories and no instances: it asks the host about what it
 * does not find good, and the host lets it pass. */
typedef struct checker {
    wasmtime_store_t *store;
    wasmtime_context_t *context;
    wasmtime_func_t func;
    uint8_t *memory;
    bool asked;
} checker_t;

static wasm_trap_t *on_ask(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots,
                           size_t count) {
    checker_t *checker = env;
    (void)caller, (void)count;
    assert_int_equal(slots[0].i32, ASK_UTF8);
    checker->asked = true;
    return NULL;
}

static wasm_trap_t *give_zero(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots,
                              size_t count) {
    (void)env, (void)caller;
    if (count) slots[0].i32 = 0;
    return NULL;
}

static wasmtime_extern_t make_func(checker_t *checker, core_sig_t sig,
                                   wasmtime_func_unchecked_callback_t callback) {
    wasmtime_extern_t made = {.kind = WASMTIME_EXTERN_FUNC};
    wasm_functype_t *type = weft_functype_new(sig);
    wasmtime_func_new_unchecked(checker->context, type, callback, checker, NULL, &made.of.func);
    wasm_functype_delete(type);
    return made;
}

static wasmtime_extern_t make_memory(const checker_t *checker) {
    wasmtime_extern_t made = {.kind = WASMTIME_EXTERN_MEMORY};
    wasm_memorytype_t *type;
    assert_null(wasmtime_memorytype_new(1, true, 1, false, false, 16, &type));
    assert_null(wasmtime_memory_new(checker->context, type, &made.of.memory));
    wasm_memorytype_delete(type);
    return made;
}

static wasmtime_extern_t make_address(const checker_t *checker, int32_t address) {
    wasmtime_extern_t made = {.kind = WASMTIME_EXTERN_GLOBAL};
    wasmtime_val_t value = {.kind = WASMTIME_I32, .of.i32 = address};
    wasm_globaltype_t *type = wasm_globaltype_new(wasm_valtype_new(WASM_I32), WASM_CONST);
    assert_null(wasmtime_global_new(checker->context, type, &value, &made.of.global));
    wasm_globaltype_delete(type);
    return made;
}

static wasmtime_module_t *string_module(wasm_engine_t *wasmtime) {
    guest_component_t guest = guest_of(
        engine,
        "(component (core module $m (memory (export \"m\") 1) (func (export \"f\") (param"
        " i32 i32)) (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 0)))"
        " (core instance $i (instantiate $m)) (func (export \"f\") (param \"x\" string)"
        " (canon lift (core func $i \"f\") (memory (core memory $i \"m\"))"
        "  (realloc (core func $i \"r\")))))",
        &directly);
    const func_type_t *type = weft_func_type(func_of(guest.plugin, NULL, "f"));
    abi_t abi = {.address = ABI_32};
    abi_func_t lifted, lowered;
    buf_t code = {0};
    wasmtime_module_t *module = NULL;
    assert_ok(weft_abi_lift(&abi, type, (abi_options_t){0}, &lifted));
    assert_ok(weft_abi_lower(&abi, type, (abi_options_t){0}, &lowered));
    fuse_shape_t shape = {.caller = &lowered, .callee = &lifted, .depth = 1};
    assert_ok(weft_fuse_module(&shape, &code));
    assert_null(wasmtime_module_new(wasmtime, code.data, code.len, &module));
    weft_buf_free(&code);
    weft_abi_free(&abi);
    guest_delete(&guest);
    return module;
}

static void open_checker(checker_t *checker) {
    static const uint8_t four[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32};
    wasm_engine_t *wasmtime;
    wasmtime_instance_t instance;
    wasmtime_extern_t func;
    wasm_trap_t *trap = NULL;
    assert_ok(weft_engine_for(engine, 0, &wasmtime));
    wasmtime_module_t *module = string_module(wasmtime);
    checker->store = wasmtime_store_new(wasmtime, NULL, NULL);
    checker->context = wasmtime_store_context(checker->store);
    wasmtime_context_set_epoch_deadline(checker->context, UINT64_C(1) << 40);
    wasmtime_extern_t imports[] = {
        make_memory(checker),
        make_memory(checker),
        make_memory(checker),
        make_address(checker, 0),
        make_address(checker, 8),
        make_func(checker, weft_fuse_ask_sig(), on_ask),
        make_func(checker, (core_sig_t){four, NULL, 2, 0}, give_zero),
        make_func(checker, (core_sig_t){four, four, 4, 1}, give_zero),
    };
    assert_null(wasmtime_instance_new(checker->context, module, imports,
                                      sizeof imports / sizeof *imports, &instance, &trap));
    assert_true(wasmtime_instance_export_get(checker->context, &instance, "", 0, &func));
    checker->func = func.of.func;
    checker->memory = wasmtime_memory_data(checker->context, &imports[1].of.memory);
    memset(checker->memory, 'a', 65536);
    wasmtime_module_delete(module);
}

/* With some ASCII before and behind it, of lengths that differ from time to time; or at the end of the memory. */
static void check_bytes(checker_t *checker, const uint8_t *bytes, size_t count, unsigned turn) {
    size_t before = turn % 41, behind = turn % 3, length = before + count + behind;
    uint8_t *start = turn % 2 ? checker->memory + 64 : checker->memory + 65536 - length;
    memcpy(start + before, bytes, count);
    wasmtime_val_raw_t values[2] = {{.i32 = (int32_t)(start - checker->memory)},
                                    {.i32 = (int32_t)length}};
    wasm_trap_t *trap = NULL;
    checker->asked = false;
    assert_null(wasmtime_func_call_unchecked(checker->context, &checker->func, values, 2, &trap));
    bool valid = weft_utf8_valid((weft_str_t){(const char *)start, length});
    if (valid == checker->asked)
        fail_msg("%02x %02x %02x %02x is found %s", bytes[0], bytes[1], bytes[2], bytes[3],
                 checker->asked ? "bad" : "good");
    memset(start + before, 'a', count);
}

static void utf8_is_told_from_what_is_none(void **state) {
    (void)state;
    static const uint8_t trails[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F,
                                     0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xF0, 0xFF};
    enum { TRAILS = sizeof trails / sizeof *trails };
    checker_t checker;
    give_signals_back();
    open_checker(&checker);
    unsigned turn = 0;
    for (unsigned lead = 0; lead < 256; lead++)
        for (unsigned second = 0; second < 256; second += lead < 0xE0 ? 15 : 1)
            for (unsigned i = 0; i < TRAILS * TRAILS; i++, turn++) {
                const uint8_t bytes[] = {(uint8_t)lead, (uint8_t)second, trails[i / TRAILS],
                                         trails[i % TRAILS]};
                check_bytes(&checker, bytes, 1 + turn / 7 % 4, turn);
                check_bytes(&checker, bytes, 4, turn + 1);
            }
    wasmtime_store_delete(checker.store);
}

/* ---- limits ----------------------------------------------------------------------------------- */

/* $B calls f of $A, which does `body`. */
static guest_component_t calling(const char *body, const weft_options_t *options) {
    char wat[4096];
    snprintf(
        wat, sizeof wat,
        "(component"
        " (component $A (core module $m (memory (export \"m\") 1)"
        "   (func $inner (export \"f\") (result i32) %s)) (core instance $i (instantiate $m))"
        "  (func (export \"f\") (result u32) (canon lift (core func $i \"f\"))))"
        " (component $B (import \"f\" (func $f (result u32)))"
        "  (core func $f' (canon lower (func $f)))"
        "  (core module $m (import \"\" \"f\" (func $f (result i32)))"
        "   (func $outer (export \"go\") (result i32) (call $f)))"
        "  (core instance $i (instantiate $m (with \"\" (instance (export \"f\" (func $f'))))))"
        "  (func (export \"go\") (result u32) (canon lift (core func $i \"go\"))))"
        " (instance $a (instantiate $A))"
        " (instance $b (instantiate $B (with \"f\" (func $a \"f\"))))"
        " (export \"go\" (func $b \"go\")))",
        body);
    return guest_of(engine, wat, options);
}

static void limits_hold_and_are_for_guests(void **state) {
    (void)state;
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT, .memory = 2 << 16};
    weft_value_t out;
    guest_component_t guest =
        calling("(i32.add (memory.grow (i32.const 1)) (memory.grow (i32.const 1)))", &options);
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "go"), NULL, 0, &out, 1));
    assert_int_equal(out.of.u32, 0); /* 1 and -1 */
    assert_int_equal(weft_fusing_count(guest.plugin->direct), 1);
    guest_delete(&guest);
    options = (weft_options_t){.engine = WEFT_ENGINE_DIRECT, .deadline_ns = 20000000};
    guest = calling("(loop $l (br $l)) unreachable", &options);
    assert_error(weft_func_call(func_of(guest.plugin, NULL, "go"), NULL, 0, &out, 1),
                 "weft: the call took longer than its deadline of 20 ms\n"
                 "note: it was in, innermost first:\n"
                 "      m!inner\n"
                 "      m!outer\n");
    guest_delete(&guest);
}

static void generated_code_is_not_in_backtraces(void **state) {
    (void)state;
    weft_value_t out;
    guest_component_t guest = calling("unreachable", &directly);
    assert_error(weft_func_call(func_of(guest.plugin, NULL, "go"), NULL, 0, &out, 1),
                 "weft: the guest trapped: `unreachable` instruction executed\n"
                 "note: it was in, innermost first:\n"
                 "      m!inner\n"
                 "      m!outer\n");
    guest_delete(&guest);
}

/* ---- lack of memory --------------------------------------------------------------------------- */

static weft_error_t *load_and_call(weft_bytes_t binary) {
    weft_plugin_t *plugin = NULL;
    weft_func_t *func;
    weft_error_t *error = weft_plugin_read(engine, binary, &directly, &plugin);
    if (!error) error = weft_plugin_func(plugin, NULL, "call", &func);
    if (!error) error = weft_func_call(func, NULL, 0, NULL, 0);
    weft_plugin_delete(plugin);
    return error;
}

/* Each time with an engine that has no code yet. */
static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    random_source_t source = {.state = 9};
    buf_t wat = {0};
    weft_bytes_t binary;
    weft_engine_t *before = engine;
    bool complete = false;
    random_twins(&wat, &source);
    assert_ok(weft_wat_to_wasm(weft_str((const char *)wat.data), &binary));
    give_signals_back();
    for (size_t n = 1; !complete; n += 1 + n / 32) {
        assert_ok(weft_engine_new(&engine));
        weft_alloc_fail_after(n);
        weft_error_t *error = load_and_call(binary);
        weft_alloc_fail_after(0);
        weft_engine_delete(engine);
        complete = !error;
        if (error) assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
    engine = before;
    weft_free((void *)(uintptr_t)binary.ptr);
    weft_buf_free(&wat);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bits_go_the_same_way),
        cmocka_unit_test(all_but_handles_and_wide_memories_is_fused),
        cmocka_unit_test(not_more_code_is_made_than_is_good),
        cmocka_unit_test(nobody_leaves_during_realloc_and_post_return),
        cmocka_unit_test(who_was_entered_is_not_entered_again),
        cmocka_unit_test(start_functions_call),
        cmocka_unit_test(the_limits_of_values_are_where_they_should_be),
        cmocka_unit_test(utf8_is_told_from_what_is_none),
        cmocka_unit_test(limits_hold_and_are_for_guests),
        cmocka_unit_test(generated_code_is_not_in_backtraces),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests_name("fused", tests, make_engine, delete_engine);
}
