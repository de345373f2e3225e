/* Components behind a proxy (weave/proxy/proxy.h), called from the host. That values of any type come through is shown by
 * fuzz/test_calls.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <weft/compose.h>

#include "common/sanitized.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/memories.h"
#include "support/alloc.h"
#include "weave/proxy/proxy.h"

enum { CALLS = SANITIZED ? 20000 : 1000000 };

static const weft_engine_choice_t engines[] = {WEFT_ENGINE_DIRECT, WEFT_ENGINE_HOSTED};

/* ---- a component behind a proxy of its exports ------------------------------------------------ */

/* Gives back what it gets, out of the memory that it came into. */
static const char wat[] =
    "(component (core module $m (memory (export \"m\") 1) (global $free (mut i32) (i32.const 64))"
    " (func (export \"r\") (param i32 i32 i32 i32) (result i32)"
    "  (global.set $free (i32.and (i32.add (global.get $free) (i32.const 15)) (i32.const -8)))"
    "  (global.get $free) (global.set $free (i32.add (global.get $free) (local.get 3)))"
    "  (loop $more (if (i32.gt_u (global.get $free) (i32.mul (memory.size) (i32.const 65536)))"
    "   (then (drop (memory.grow (i32.const 1))) (br $more))))"
    "  (memory.copy (i32.sub (global.get $free) (local.get 3)) (local.get 0) (local.get 1)))"
    " (func (export \"f\") (param i32 i32 i32 i32 i32 i32) (result i32)"
    "  (i32.store offset=16 (i32.const 0) (local.get 0))"
    "  (i32.store offset=20 (i32.const 0) (local.get 1))"
    "  (i32.store offset=24 (i32.const 0) (local.get 2))"
    "  (i32.store offset=28 (i32.const 0) (local.get 3))"
    "  (i32.store offset=32 (i32.const 0) (local.get 4))"
    "  (i32.store offset=36 (i32.const 0) (local.get 5)) (i32.const 16))"
    " (func (export \"p\") (param i32) (global.set $free (i32.const 64))))"
    "(core instance $i (instantiate $m)) (alias core export $i \"m\" (core memory $mem))"
    "(alias core export $i \"r\" (core func $r)) (alias core export $i \"p\" (core func $p))"
    "(func $f (param \"b\" (list u8)) (param \"s\" string) (param \"l\" (list (option (list u8))))"
    " (result (tuple (list u8) string (list (option (list u8)))))"
    " (canon lift (core func $i \"f\") (memory $mem) (realloc $r) (post-return $p)))"
    "(instance $e (export \"f\" (func $f))) (export \"a:b/same\" (instance $e)))";

typedef struct proxied {
    weft_component_t *component;
    weft_plugin_t *plugin;
    weft_func_t *func;
} proxied_t;

static weft_error_t *try_proxy(weft_bytes_t binary, proxy_bytes_t bytes, buf_t *proxy) {
    document_t *document;
    type_pool_t *pool;
    const ctype_t *type;
    assert_ok(weft_document_read(binary, &document));
    assert_ok(weft_type_pool_new(&pool));
    assert_ok(weft_typing_scope(pool, document->root, &type));
    const extern_list_t *exports = &type->component.exports;
    proxy_options_t options = {.bytes = bytes};
    weft_error_t *error = weft_proxy_make(pool, exports->items, exports->count, &options, proxy);
    weft_type_pool_delete(pool);
    weft_document_delete(document);
    return error;
}

static void open_proxied(weft_engine_choice_t kind, proxy_bytes_t bytes, uint64_t memory,
                         proxied_t *proxied) {
    static const char *const exported = "proxy";
    weft_options_t options = {.engine = kind, .memory = memory};
    weft_component_t *provider, *proxy;
    weft_bytes_t binary;
    buf_t made = {0};
    give_signals_back();
    assert_ok(weft_wat_to_wasm(weft_str(wat), &binary));
    assert_ok(try_proxy(binary, bytes, &made));
    assert_ok(weft_component_read(binary, &provider));
    assert_ok(weft_component_read(weft_buf_as_bytes(&made), &proxy));
    weft_part_t parts[] = {{"provider", provider}, {"proxy", proxy}};
    assert_ok(weft_compose(parts, 2, &exported, 1, &proxied->component));
    weft_component_delete(provider);
    weft_component_delete(proxy);
    weft_free((void *)(uintptr_t)binary.ptr);
    weft_buf_free(&made);
    assert_ok(weft_plugin_read(engine, weft_component_bytes(proxied->component), &options,
                               &proxied->plugin));
    proxied->func = func_of(proxied->plugin, "a:b/same", "f");
}

static void close_proxied(proxied_t *proxied) {
    weft_plugin_delete(proxied->plugin);
    weft_component_delete(proxied->component);
}

/* (bytes, string, [some(bytes), none]), all in arrays that outlive the call. */
static void make_args(weft_value_t args[3], weft_value_t items[2], weft_value_t *inner,
                      weft_value_t bytes) {
    *inner = bytes;
    items[0] = weft_some(inner);
    items[1] = weft_none();
    args[0] = bytes;
    args[1] = weft_string("gr\xc3\xbc\xc3\x9f"
                          "e, \xe6\x97\xa5\xe6\x9c\xac");
    args[2] = weft_list(items, 2);
}

static void assert_same(const proxied_t *proxied, weft_value_t bytes) {
    weft_value_t args[3], items[2], inner, result;
    make_args(args, items, &inner, bytes);
    assert_ok(weft_func_call(proxied->func, args, 3, &result, 1));
    weft_value_t expected = weft_tuple(args, 3);
    assert_true(weft_value_equal(&expected, &result));
    weft_value_clear(&result);
}

/* ---- tests ------------------------------------------------------------------------------------ */

/* All that is ever kept of a call would soon be over the limit. */
static void memory_belongs_to_calls(void **state) {
    (void)state;
    static char large[200000];
    for (unsigned k = 0; k < 2; k++) {
        proxied_t proxied;
        uint64_t memory = 1 << 20;
        open_proxied(engines[k], PROXY_BYTES, memory, &proxied);
        unsigned calls = k ? CALLS / 20 : CALLS;
        for (unsigned i = 0; i < calls; i++)
            assert_same(&proxied, weft_byte_list(large, i % 1000 ? 3 : sizeof large));
        close_proxied(&proxied);
    }
}

/* Each byte as the character with its number, in UTF-8. */
static size_t spell(const uint8_t *bytes, size_t count, char *text) {
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] >= 0x80) text[len++] = (char)(0xC0 | bytes[i] >> 6);
        text[len++] = (char)(bytes[i] >= 0x80 ? 0x80 | (bytes[i] & 0x3F) : bytes[i]);
    }
    return len;
}

static void bytes_are_text_outside(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 2, 127, 256, 65536, 100001};
    static uint8_t bytes[100001];
    static char text[200002];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7 + i / 256);
    for (unsigned k = 0; k < 2; k++) {
        proxied_t proxied;
        open_proxied(engines[k], PROXY_TEXT, 0, &proxied);
        for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
            size_t len = spell(bytes, counts[i], text);
            assert_same(&proxied, weft_string_of((weft_str_t){text, len}));
        }
        close_proxied(&proxied);
    }
}

/* Flat, and inside a list: the call traps wherever the text is. */
static void other_text_traps(void **state) {
    (void)state;
    static const char odd[] = "a\xc4\x80"; /* U+0100 */
    for (unsigned k = 0; k < 4; k++) {
        weft_value_t args[3], items[2], inner, result;
        proxied_t proxied;
        open_proxied(engines[k / 2], PROXY_TEXT, 0, &proxied);
        make_args(args, items, &inner, weft_string("a"));
        if (k % 2) inner = weft_string(odd);
        else args[0] = weft_string(odd);
        char *error = rendered(weft_func_call(proxied.func, args, 3, &result, 1));
        assert_non_null(strstr(error, "text with characters above U+00FF where bytes are passed"));
        weft_free(error);
        close_proxied(&proxied);
    }
}

/* ---- bytes as places --------------------------------------------------------------------------- */

static weft_value_t place_of(weft_value_t parts[2], uint32_t ptr, size_t len) {
    parts[0] = weft_u32(ptr);
    parts[1] = weft_u32((uint32_t)len);
    return weft_tuple(parts, 2);
}

static void assert_there(const linear_memory_t *memory, const weft_value_t *place,
                         const uint8_t *bytes, size_t len) {
    const weft_value_t *parts = place->of.list.items;
    assert_int_equal(parts[1].of.u32, len);
    const uint8_t *there = weft_linear_at(memory, parts[0].of.u32, len);
    assert_non_null(there);
    assert_memory_equal(there, bytes, len);
}

/* The same bytes at two places behind one another: they come back, wherever they lie. */
static void assert_same_at(const proxied_t *proxied, const linear_memory_t *memory, uint32_t room,
                           const uint8_t *bytes, size_t len) {
    weft_value_t places[2][2], result, args[3], items[2], inner;
    for (uint32_t i = 0; i < 2 && len; i++)
        memcpy(weft_linear_at(memory, room + i * len, len), bytes, len);
    make_args(args, items, &inner, place_of(places[0], room, len));
    inner = place_of(places[1], room + (uint32_t)len, len);
    assert_ok(weft_func_call(proxied->func, args, 3, &result, 1));
    const weft_value_t *parts = result.of.list.items, *list = parts[2].of.list.items;
    assert_there(memory, &parts[0], bytes, len);
    assert_true(weft_value_equal(&parts[1], &args[1]));
    assert_there(memory, list[0].of.payload, bytes, len);
    weft_value_clear(&result);
}

static uint32_t room_for(const proxied_t *proxied, size_t len) {
    weft_value_t size = weft_u32((uint32_t)len), room;
    assert_ok(weft_func_call(func_of(proxied->plugin, NULL, "room"), &size, 1, &room, 1));
    return room.of.u32;
}

/* Room is asked for when there is not enough: it is kept from call to call. On the hosted engine, where the memory that is made last is the proxy's. */
static void bytes_are_places_outside(void **state) {
    (void)state;
    static const size_t counts[] = {1, 0, 127, 65536, 2, 1000003, 300, 65536};
    static uint8_t bytes[1000003];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7 + i / 256);
    proxied_t proxied;
    open_proxied(WEFT_ENGINE_HOSTED, PROXY_PLACES, 0, &proxied);
    making_t making;
    weft_memories_begin(&making, NULL);
    assert_ok(weft_plugin_start(proxied.plugin));
    weft_memories_end(&making);
    const linear_memory_t *memory = making.made;
    assert_non_null(memory);
    uint32_t room = 0;
    size_t most = 0;
    for (int round = 0; round < 50; round++)
        for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
            size_t len = counts[i] > 50 ? counts[i] - 50 : 0;
            if (2 * len > most || !room) room = room_for(&proxied, most = 2 * len);
            assert_same_at(&proxied, memory, room, bytes + round, len);
        }
    assert_null(weft_linear_at(memory, 16 << 20, 1)); /* room is not made anew each time */
    assert_null(weft_linear_at(memory, 65536, 16 << 20));
    close_proxied(&proxied);
}

/* The proxy has one of its own. */
static void a_function_named_room_is_not_passed_on(void **state) {
    (void)state;
    static const char roomy[] =
        "(component (core module $m (memory (export \"m\") 1)"
        " (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 0))"
        " (func (export \"f\") (param i32 i32)))"
        "(core instance $i (instantiate $m))"
        "(func (export \"%s\") (param \"b\" (list u8)) (canon lift (core func $i \"f\")"
        " (memory (core memory $i \"m\")) (realloc (core func $i \"r\")))))";
    static const char *const names[] = {"room", "ROOM", "rooms"};
    for (unsigned i = 0; i < 3; i++) {
        char text[600];
        weft_bytes_t binary;
        buf_t made = {0};
        snprintf(text, sizeof text, roomy, names[i]);
        assert_ok(weft_wat_to_wasm(weft_str(text), &binary));
        weft_error_t *error = try_proxy(binary, PROXY_PLACES, &made);
        assert_int_equal(weft_error_code(error), i < 2 ? WEFT_UNSUPPORTED : WEFT_OK);
        weft_error_delete(error);
        weft_buf_free(&made);
        weft_free((void *)(uintptr_t)binary.ptr);
    }
}

/* The memory limit is 16 MiB. */
static void room_that_there_is_not_is_null(void **state) {
    (void)state;
    weft_value_t size = weft_u32(32 << 20), room;
    proxied_t proxied;
    open_proxied(WEFT_ENGINE_HOSTED, PROXY_PLACES, 16 << 20, &proxied);
    weft_func_t *func = func_of(proxied.plugin, NULL, "room");
    assert_ok(weft_func_call(func, &size, 1, &room, 1));
    assert_int_equal(room.of.u32, 0);
    size = weft_u32(1 << 20);
    assert_ok(weft_func_call(func, &size, 1, &room, 1));
    assert_int_not_equal(room.of.u32, 0);
    close_proxied(&proxied);
}

static void a_place_outside_the_memory_traps(void **state) {
    (void)state;
    static const uint32_t bad[][2] = {
        {0, 1 << 30}, {UINT32_MAX, 1}, {65536 * 40, 1}, {8, UINT32_MAX}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        weft_value_t args[3], items[2], inner, parts[2], result;
        proxied_t proxied;
        open_proxied(WEFT_ENGINE_HOSTED, PROXY_PLACES, 0, &proxied);
        make_args(args, items, &inner, place_of(parts, bad[i][0], bad[i][1]));
        weft_error_t *error = weft_func_call(proxied.func, args, 3, &result, 1);
        assert_int_equal(weft_error_code(error), WEFT_TRAP);
        weft_error_delete(error);
        close_proxied(&proxied);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_belongs_to_calls),
        cmocka_unit_test(bytes_are_text_outside),
        cmocka_unit_test(other_text_traps),
        cmocka_unit_test(bytes_are_places_outside),
        cmocka_unit_test(a_function_named_room_is_not_passed_on),
        cmocka_unit_test(room_that_there_is_not_is_null),
        cmocka_unit_test(a_place_outside_the_memory_traps),
    };
    return cmocka_run_group_tests(tests, make_engine, delete_engine);
}
