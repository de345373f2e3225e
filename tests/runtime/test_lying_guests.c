/* Guests that lie to the direct engine: each gets a trap that says what was wrong, nobody else is harmed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "support/alloc.h"

static weft_engine_t *engine;
static weft_plugin_t *bystander;

static const weft_options_t directly = {.engine = WEFT_ENGINE_DIRECT};

/* ---- helpers ---------------------------------------------------------------------------------- */

static void assert_bystander_is_well(void) {
    weft_value_t in = weft_string("well"), out;
    assert_ok(weft_func_call(func_of(bystander, "echo", "echo-string"), &in, 1, &out, 1));
    assert_true(weft_value_equal(&in, &out));
    weft_value_clear(&out);
}

/* The call traps with these words, and spends the guest. */
static void assert_traps(guest_component_t *guest, const char *name, const weft_value_t *args,
                         size_t arg_count, const char *words) {
    weft_func_t *func = func_of(guest->plugin, NULL, name);
    weft_value_t out = weft_bool(false);
    char expected[512];
    weft_error_t *error = weft_func_call(func, args, arg_count, &out, weft_func_result_count(func));
    if (!error) fail_msg("no trap, but it should say: %s", words);
    snprintf(expected, sizeof expected, "the guest trapped: %s", words);
    weft_str_t message = weft_error_message(error);
    if (!weft_str_eq(message, weft_str(expected)))
        fail_msg("%.*s, and should say: %s", (int)message.len, message.ptr, words);
    assert_int_equal(weft_error_code(error), WEFT_TRAP);
    weft_error_delete(error);
    error = weft_func_call(func, args, arg_count, &out, weft_func_result_count(func));
    snprintf(expected, sizeof expected,
             "weft: the component cannot be called again: it trapped before\n"
             "note: the guest trapped: %s\n",
             words);
    assert_error(error, expected);
    assert_bystander_is_well();
}

static void assert_wat_traps(const char *wat, const char *name, const weft_value_t *args,
                             size_t arg_count, const char *words) {
    guest_component_t guest = guest_of(engine, wat, &directly);
    assert_traps(&guest, name, args, arg_count, words);
    guest_delete(&guest);
}

/* ---- results for the host --------------------------------------------------------------------- */

/* Text with $type and $body: a function without parameters that gives `type`; its core function does `body`, which
 * leaves an i32. At 0 the memory is zero. */
static void assert_result_traps(const char *type, const char *options, const char *body,
                                const char *words) {
    char wat[4096];
    snprintf(wat, sizeof wat,
             "(component (core module $m (memory (export \"m\") 1)"
             "  (func (export \"f\") (result i32) %s))"
             " (core instance $i (instantiate $m))"
             " (type $v' (variant (case \"a\") (case \"b\" u32) (case \"c\" string)))"
             " (export $v \"v\" (type $v'))"
             " (type $e' (enum \"x\" \"y\")) (export $e \"e\" (type $e'))"
             " (func (export \"f\") (result %s)"
             "  (canon lift (core func $i \"f\") (memory (core memory $i \"m\")) %s)))",
             body, type, options);
    assert_wat_traps(wat, "f", NULL, 0, words);
}

#define STORE(at, value) "(i32.store (i32.const " #at ") (i32.const " #value "))"
#define RANGE(ptr, len) STORE(16, ptr) STORE(20, len) "(i32.const 16)"

static void pointers_and_lengths_are_checked(void **state) {
    (void)state;
    const char *outside = "list pointer/length out of bounds of memory";
    assert_result_traps("(list u8)", "", RANGE(65536, 1), outside);
    assert_result_traps("(list u8)", "", RANGE(65535, 2), outside);
    assert_result_traps("(list u8)", "", RANGE(-1, 1), outside);
    assert_result_traps("(list u8)", "", RANGE(0, 268435455), outside);
    assert_result_traps("(list u64)", "", RANGE(0, -1),
                        "list content out-of-bounds: a list has at most 268435455 bytes");
    assert_result_traps("(list u8)", "", RANGE(0, 268435456),
                        "list content out-of-bounds: a list has at most 268435455 bytes");
    assert_result_traps("(list u32)", "", RANGE(2, 1), "unaligned pointer");
    assert_result_traps("(list u64)", "", RANGE(4, 0), "unaligned pointer");
    assert_result_traps("(list (list u16))", "", STORE(0, 1) STORE(4, 1) RANGE(0, 1),
                        "unaligned pointer");
    assert_result_traps("(list u8)", "", "(i32.const 2)", "unaligned pointer");
    assert_result_traps("(list u8)", "", "(i32.const 65532)", "pointer out of bounds of memory");
    assert_result_traps("(list u8)", "", "(i32.const -4)", "pointer out of bounds of memory");
}

static void strings_are_checked(void **state) {
    (void)state;
    const char *outside = "string pointer/length out of bounds of memory";
    const char *latin = "string-encoding=latin1+utf16", *utf16 = "string-encoding=utf16";
    assert_result_traps("string", "", RANGE(65536, 1), outside);
    assert_result_traps("string", "", RANGE(0, -1), outside);
    assert_result_traps("string", utf16, RANGE(0, 134217728), outside);
    assert_result_traps("string", utf16, RANGE(65534, 2), outside);
    assert_result_traps("string", utf16, RANGE(1, 0), "unaligned pointer");
    assert_result_traps("string", latin, RANGE(1, 1), "unaligned pointer");
    assert_result_traps("string", latin, RANGE(65534, 0x80000002), outside);
    assert_result_traps("string", "", STORE(0, 0xFF) RANGE(0, 1),
                        "invalid utf-8 sequence of 1 bytes from index 0");
    assert_result_traps("string", "", STORE(0, 0x80AF61) RANGE(0, 3),
                        "invalid utf-8 sequence of 1 bytes from index 1");
    assert_result_traps("string", "", STORE(0, 0x80A0ED) RANGE(0, 3),
                        "invalid utf-8 sequence of 1 bytes from index 0");
    assert_result_traps("string", "", STORE(0, 0x4182E2) RANGE(0, 3),
                        "invalid utf-8 sequence of 2 bytes from index 0");
    assert_result_traps("string", "", STORE(0, 0x82E261) RANGE(0, 3),
                        "incomplete utf-8 byte sequence from index 1");
    assert_result_traps("string", utf16, STORE(0, 0x0061D800) RANGE(0, 2),
                        "unpaired surrogate found in a utf-16 string");
    assert_result_traps("string", utf16, STORE(0, 0xD8000061) RANGE(0, 2),
                        "unpaired surrogate found in a utf-16 string");
    assert_result_traps("string", latin, STORE(0, 0xDC00) RANGE(0, 0x80000001),
                        "unpaired surrogate found in a utf-16 string");
}

static void cases_and_chars_are_checked(void **state) {
    (void)state;
    assert_result_traps("$e", "", "(i32.const 2)", "invalid variant discriminant");
    assert_result_traps("$e", "", "(i32.const -1)", "invalid variant discriminant");
    assert_result_traps("$v", "", STORE(0, 3) "(i32.const 0)", "invalid variant discriminant");
    assert_result_traps("(option u32)", "", STORE(0, 2) "(i32.const 0)",
                        "invalid variant discriminant");
    assert_result_traps("(result u8 (error char))", "", STORE(0, 255) "(i32.const 0)",
                        "invalid variant discriminant");
    assert_result_traps("(list $e)", "", STORE(0, 0x0100) RANGE(0, 3) STORE(0, 0x30100),
                        "invalid variant discriminant");
    assert_result_traps("char", "", "(i32.const 0xD800)", "invalid `char` bit pattern");
    assert_result_traps("char", "", "(i32.const 0x110000)", "invalid `char` bit pattern");
    assert_result_traps("(list char)", "", STORE(0, -1) RANGE(0, 1), "invalid `char` bit pattern");
}

/* A page of memory that is a list of itself, over and over: values without end for the host. */
static void lists_may_not_overlap_without_end(void **state) {
    (void)state;
    give_signals_back();
    guest_component_t guest =
        guest_of(engine,
                 "(component (core module $m (memory (export \"m\") 1)"
                 "  (func (export \"f\") (result i32) (local $at i32)"
                 "   (loop $next (i32.store offset=4 (local.get $at) (i32.const 8192))"
                 "    (local.set $at (i32.add (local.get $at) (i32.const 8)))"
                 "    (br_if $next (i32.lt_u (local.get $at) (i32.const 65536))))"
                 "   (i32.const 0)))"
                 " (core instance $i (instantiate $m))"
                 " (func (export \"f\") (result (list (list (list (list (list u8))))))"
                 "  (canon lift (core func $i \"f\") (memory (core memory $i \"m\")))))",
                 &directly);
    guest.plugin->direct->room = 1 << 20;
    assert_traps(&guest, "f", NULL, 0,
                 "too much data for the host: one call passes at most 1048576 bytes");
    guest_delete(&guest);
}

/* ---- arguments from the host ------------------------------------------------------------------ */

/* `realloc` is the body of a function (param $old i32) (param $size i32) (param $align i32) (param $new i32) that
 * gives an i32; it can call $drop, the resource.drop of a resource of its own. */
static guest_component_t guest_with_realloc(const char *realloc) {
    char wat[4096];
    snprintf(wat, sizeof wat,
             "(component (type $r (resource (rep i32))) (core func $drop (canon resource.drop $r))"
             " (core module $m (import \"\" \"drop\" (func $drop (param i32)))"
             "  (memory (export \"m\") 1)"
             "  (func (export \"r\") (param $old i32) (param $size i32) (param $align i32)"
             "   (param $new i32) (result i32) %s)"
             "  (func (export \"f\") (param i32 i32) (result i32)"
             "   (i32.add (i32.load8_u (local.get 0)) (local.get 1))))"
             " (core instance $i (instantiate $m (with \"\" (instance"
             "  (export \"drop\" (func $drop))))))"
             " (func (export \"f\") (param \"x\" (list u32)) (result u32)"
             "  (canon lift (core func $i \"f\") (memory (core memory $i \"m\")) (realloc (core "
             "func $i \"r\")))))",
             realloc);
    return guest_of(engine, wat, &directly);
}

static void assert_realloc_traps(const char *realloc, const char *words) {
    weft_value_t item = weft_u32(7), list = weft_list(&item, 1);
    guest_component_t guest = guest_with_realloc(realloc);
    assert_traps(&guest, "f", &list, 1, words);
    guest_delete(&guest);
}

static void what_realloc_gives_is_checked(void **state) {
    (void)state;
    assert_realloc_traps("(i32.const 65536)", "realloc return: beyond end of memory");
    assert_realloc_traps("(i32.const -4)", "realloc return: beyond end of memory");
    assert_realloc_traps("(i32.const 6)", "realloc return: result not aligned");
    assert_realloc_traps("unreachable", "`unreachable` instruction executed");
    assert_realloc_traps("(call $drop (i32.const 1)) (i32.const 0)",
                         "cannot leave component instance");
}

static void a_memory_may_grow_in_realloc(void **state) {
    (void)state;
    weft_value_t item = weft_u32(7), list = weft_list(&item, 1), out;
    guest_component_t guest =
        guest_with_realloc("(i32.mul (memory.grow (i32.const 200)) (i32.const 65536))");
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "f"), &list, 1, &out, 1));
    assert_int_equal(out.of.u32, 8);
    guest_delete(&guest);
}

/* ---- from guest to guest ---------------------------------------------------------------------- */

/* $B calls f of $A: `call` is the body of B's core function, which has (call $f) with the core parameters of the
 * type; `realloc` is A's. */
static void assert_between_traps(const char *params, const char *core, const char *realloc,
                                 const char *call, const char *words) {
    char wat[8192];
    snprintf(
        wat, sizeof wat,
        "(component"
        " (component $A (core module $m (memory (export \"m\") 1)"
        "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) %s)"
        "   (func (export \"f\") (param %s)))"
        "  (core instance $i (instantiate $m))"
        "  (func (export \"f\") %s"
        "   (canon lift (core func $i \"f\") (memory (core memory $i \"m\")) (realloc (core func "
        "$i \"r\")))))"
        " (component $B (import \"f\" (func $f %s))"
        "  (core module $mem (memory (export \"m\") 1)) (core instance $mem (instantiate $mem))"
        "  (alias core export $mem \"m\" (core memory $mem-m))"
        "  (core func $f' (canon lower (func $f) (memory $mem-m)))"
        "  (core module $m (import \"\" \"f\" (func $f (param %s)))"
        "   (import \"\" \"m\" (memory 1)) (func (export \"g\") %s))"
        "  (core instance $i (instantiate $m (with \"\" (instance"
        "   (export \"f\" (func $f')) (export \"m\" (memory $mem-m))))))"
        "  (func (export \"g\") (canon lift (core func $i \"g\"))))"
        " (instance $a (instantiate $A))"
        " (instance $b (instantiate $B (with \"f\" (func $a \"f\"))))"
        " (func (export \"g\") (alias export $b \"g\")))",
        realloc, core, params, params, core, call);
    assert_wat_traps(wat, "g", NULL, 0, words);
}

#define LIST(type) "(param \"x\" (list " type "))"
#define CALL(ptr, len) "(call $f (i32.const " #ptr ") (i32.const " #len "))"

static void what_one_guest_gives_another_is_checked(void **state) {
    (void)state;
    const char *outside = "list content out-of-bounds", *pair = "i32 i32", *at0 = "(i32.const 0)";
    const char *text = "(param \"x\" string)";
    assert_between_traps(LIST("u8"), pair, at0, CALL(65536, 1), outside);
    assert_between_traps(LIST("u8"), pair, at0, CALL(65530, 7), outside);
    assert_between_traps(LIST("u8"), pair, at0, CALL(-1, 2), outside);
    assert_between_traps(LIST("u32"), pair, at0, CALL(0, 0x40000000),
                         "list content out-of-bounds: a list has at most 268435455 bytes");
    assert_between_traps(LIST("u32"), pair, at0, CALL(3, 0), "unaligned pointer");
    assert_between_traps(LIST("u32"), pair, "(i32.const 2)", CALL(0, 1), "unaligned pointer");
    assert_between_traps(LIST("u32"), pair, "(i32.const 65532)", CALL(0, 2), outside);
    assert_between_traps(LIST("u32"), pair, "unreachable", CALL(0, 2),
                         "`unreachable` instruction executed");
    assert_between_traps(LIST("char"), pair, at0, STORE(0, 0xDFFF) CALL(0, 1),
                         "invalid `char` bit pattern");
    assert_between_traps(LIST("(option u8)"), pair, at0, STORE(0, 2) CALL(0, 1),
                         "invalid variant discriminant");
    assert_between_traps(text, pair, at0, CALL(65535, 2), "string content out-of-bounds");
    assert_between_traps(text, pair, at0, CALL(0, -1), "string content out-of-bounds");
    assert_between_traps(text, pair, at0, STORE(0, 0x80) CALL(0, 1),
                         "invalid utf-8 sequence of 1 bytes from index 0");
    assert_between_traps("(param \"x\" (option char))", pair, at0, CALL(1, 0xD800),
                         "invalid `char` bit pattern");
    assert_between_traps("(param \"x\" (option char))", pair, at0, CALL(2, 0),
                         "invalid variant discriminant");
}

/* ---- handles ---------------------------------------------------------------------------------- */

/* $A defines a resource whose destructor does `dtor` and has make, look (borrow) and both (borrow, own). $B
 * imports them; its core function g does `body`, given a handle from the host: own by way of `g`, lent by way of
 * `h`. */
static const char handles_wat[] =
    "(component"
    " (component $A (core module $d (func (export \"dtor\") (param i32) %s))"
    "  (core instance $d (instantiate $d))"
    "  (type $r' (resource (rep i32) (dtor (core func $d \"dtor\"))))"
    "  (core func $new (canon resource.new $r'))"
    "  (core module $m (import \"\" \"new\" (func $new (param i32) (result i32)))"
    "   (func (export \"make\") (result i32) (call $new (i32.const 42)))"
    "   (func (export \"look\") (param i32) (result i32) (local.get 0))"
    "   (func (export \"both\") (param i32 i32)))"
    "  (core instance $i (instantiate $m (with \"\" (instance (export \"new\" (func $new))))))"
    "  (export $r \"r\" (type $r'))"
    "  (func (export \"make\") (result (own $r)) (canon lift (core func $i \"make\")))"
    "  (func (export \"look\") (param \"x\" (borrow $r)) (result u32)"
    "   (canon lift (core func $i \"look\")))"
    "  (func (export \"both\") (param \"x\" (borrow $r)) (param \"y\" (own $r))"
    "   (canon lift (core func $i \"both\"))))"
    " (instance $a (instantiate $A)) (alias export $a \"r\" (type $ar))"
    " (component $B (import \"r\" (type $r (sub resource)))"
    "  (import \"make\" (func $make (result (own $r))))"
    "  (import \"look\" (func $look (param \"x\" (borrow $r)) (result u32)))"
    "  (import \"both\" (func $both (param \"x\" (borrow $r)) (param \"y\" (own $r))))"
    "  (type $mine (resource (rep i32)))"
    "  (core func $make' (canon lower (func $make))) (core func $look' (canon lower (func $look)))"
    "  (core func $both' (canon lower (func $both))) (core func $drop (canon resource.drop $r))"
    "  (core func $mine (canon resource.new $mine))"
    "  (core module $m (import \"\" \"make\" (func $make (result i32)))"
    "   (import \"\" \"look\" (func $look (param i32) (result i32)))"
    "   (import \"\" \"both\" (func $both (param i32 i32)))"
    "   (import \"\" \"drop\" (func $drop (param i32)))"
    "   (import \"\" \"mine\" (func $mine (param i32) (result i32)))"
    "   (func (export \"g\") (param $h i32) (result i32) (local $x i32) %s))"
    "  (core instance $i (instantiate $m (with \"\" (instance (export \"make\" (func $make'))"
    "   (export \"look\" (func $look')) (export \"both\" (func $both')) (export \"drop\" (func "
    "$drop))"
    "   (export \"mine\" (func $mine))))))"
    "  (func (export \"g\") (param \"h\" (own $r)) (result u32) (canon lift (core func $i \"g\")))"
    "  (func (export \"h\") (param \"h\" (borrow $r)) (result u32)"
    "   (canon lift (core func $i \"g\"))))"
    " (instance $b (instantiate $B (with \"r\" (type $ar)) (with \"make\" (func $a \"make\"))"
    "  (with \"look\" (func $a \"look\")) (with \"both\" (func $a \"both\"))))"
    " (export $r \"r\" (type $ar))"
    " (export \"make\" (func $a \"make\") (func (result (own $r))))"
    " (export \"g\" (func $b \"g\") (func (param \"h\" (own $r)) (result u32)))"
    " (export \"h\" (func $b \"h\") (func (param \"h\" (borrow $r)) (result u32))))";

static guest_component_t guest_with_handles(const char *dtor, const char *body) {
    char wat[8192];

    snprintf(wat, sizeof wat, handles_wat, dtor, body);
    return guest_of(engine, wat, &directly);
}

static weft_value_t made(const guest_component_t *guest) {
    weft_value_t handle;
    assert_ok(weft_func_call(func_of(guest->plugin, NULL, "make"), NULL, 0, &handle, 1));
    return handle;
}

/* By way of `how`, g or h. */
static void assert_handle_traps(const char *how, const char *dtor, const char *body,
                                const char *words) {
    guest_component_t guest = guest_with_handles(dtor, body);
    weft_value_t handle = made(&guest);
    weft_func_t *func = func_of(guest.plugin, NULL, how);
    char expected[512];
    weft_value_t out;
    weft_error_t *error = weft_func_call(func, &handle, 1, &out, 1);
    snprintf(expected, sizeof expected, "the guest trapped: %s", words);
    if (!error) fail_msg("no trap, but it should say: %s", words);
    weft_str_t message = weft_error_message(error);
    if (!weft_str_eq(message, weft_str(expected)))
        fail_msg("%.*s, and should say: %s", (int)message.len, message.ptr, words);
    weft_error_delete(error);
    weft_value_clear(&handle);
    guest_delete(&guest);
    assert_bystander_is_well();
}

static void handles_work_when_nobody_lies(void **state) {
    (void)state;
    guest_component_t guest = guest_with_handles("", "(local.set $x (call $look (local.get $h)))"
                                                     "(call $drop (local.get $h)) (local.get $x)");
    weft_value_t handle = made(&guest), out;
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "h"), &handle, 1, &out, 1));
    assert_int_equal(out.of.u32, 42);
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "g"), &handle, 1, &out, 1));
    assert_int_equal(out.of.u32, 42);
    weft_error_t *error = weft_func_call(func_of(guest.plugin, NULL, "g"), &handle, 1, &out, 1);
    assert_error(error, "weft: the handle <r 1> was given away by an earlier call or argument\n"
                        "note: in the argument `h`\n");
    weft_value_clear(&handle);
    guest_delete(&guest);
}

static void forged_and_stale_handles_are_noticed(void **state) {
    (void)state;
    assert_handle_traps("g", "", "(call $look (i32.const 0))", "unknown handle index 0");
    assert_handle_traps("g", "", "(call $look (i32.const 2))", "unknown handle index 2");
    assert_handle_traps("g", "", "(call $look (i32.const -1))", "unknown handle index 4294967295");
    assert_handle_traps("g", "", "(call $drop (local.get $h)) (call $look (local.get $h))",
                        "unknown handle index 1");
    assert_handle_traps("g", "",
                        "(call $drop (local.get $h)) (call $drop (local.get $h)) (i32.const 0)",
                        "unknown handle index 1");
    assert_handle_traps("g", "", "(call $look (call $mine (i32.const 1)))",
                        "handle index 2 used with the wrong type, expected guest-defined resource "
                        "but found a different guest-defined resource");
    assert_handle_traps("g", "",
                        "(call $both (call $make) (local.get $h)) (call $look (local.get $h))",
                        "unknown handle index 1");
}

static void borrows_end_with_their_call(void **state) {
    (void)state;
    assert_handle_traps("h", "", "(i32.const 0)",
                        "borrow handles still remain at the end of the call");
    assert_handle_traps("h", "", "(call $both (call $make) (local.get $h)) (i32.const 0)",
                        "cannot lift own resource from a borrow");
    assert_handle_traps("h", "", "(call $drop (local.get $h)) (call $look (local.get $h))",
                        "unknown handle index 1");
}

static void what_is_lent_cannot_be_given_away(void **state) {
    (void)state;
    assert_handle_traps("g", "", "(call $both (local.get $h) (local.get $h)) (i32.const 0)",
                        "cannot remove owned resource while borrowed");
}

static void a_destructor_that_traps_ends_the_call(void **state) {
    (void)state;
    assert_handle_traps("g", "unreachable", "(call $drop (local.get $h)) (i32.const 0)",
                        "`unreachable` instruction executed");
}

/* ---- entering and leaving --------------------------------------------------------------------- */

/* The parent gives its child a function, $back. The child's run does `run`; the parent's go calls it. */
static const char family_wat[] =
    "(component $P"
    " (core module $t (table (export \"t\") 1 funcref)"
    "  (type $run (func (result i32)))"
    "  (func (export \"back\") (param i32) (result i32) %s)"
    "  (func (export \"realloc\") (param i32 i32 i32 i32) (result i32)"
    "   (call_indirect (type $run) (i32.const 0)))"
    "  (memory (export \"m\") 1))"
    " (core instance $t (instantiate $t)) (alias core export $t \"t\" (core table $t-t))"
    " (func $back (param \"x\" u32) (result u32) (canon lift (core func $t \"back\")))"
    " (component $C (import \"back\" (func $back (param \"x\" u32) (result u32)))"
    "  (core func $back' (canon lower (func $back)))"
    "  (core module $m (import \"\" \"back\" (func $back (param i32) (result i32)))"
    "   (func (export \"run\") (result i32) (call $back (i32.const 7))))"
    "  (core instance $i (instantiate $m (with \"\" (instance (export \"back\" (func $back'))))))"
    "  (func (export \"run\") (result u32) (canon lift (core func $i \"run\"))))"
    " (instance $c (instantiate $C (with \"back\" (func $back))))"
    " (core func $run (canon lower (func $c \"run\")))"
    " (core module $fix (import \"\" \"t\" (table 1 funcref)) (import \"\" \"run\" (func $run))"
    "  (elem (i32.const 0) func $run))"
    " (core module $m (import \"\" \"run\" (func $run (result i32)))"
    "  (import \"\" \"t\" (table $t 1 funcref))"
    "  (elem (i32.const 0) func $run)"
    "  (func (export \"go\") (result i32) (call $run))"
    "  (func (export \"list\") (param i32 i32)))"
    " (core instance $i (instantiate $m (with \"\" (instance (export \"run\" (func $run))"
    "  (export \"t\" (table $t-t))))))"
    " (func (export \"go\") (result u32) (canon lift (core func $i \"go\")))"
    " (func (export \"list\") (param \"x\" (list u8)) (canon lift (core func $i \"list\")"
    "  (memory (core memory $t \"m\")) (realloc (core func $t \"realloc\")))))";

static guest_component_t family(const char *back) {
    char wat[8192];
    snprintf(wat, sizeof wat, family_wat, back);
    return guest_of(engine, wat, &directly);
}

/* CanonicalABI.md, may_enter_from: entering a parent from its child enters nothing that was left. */
static void a_child_may_call_its_parent(void **state) {
    (void)state;
    weft_value_t out;
    guest_component_t guest = family("(i32.add (local.get 0) (i32.const 1))");
    for (int i = 0; i < 2; i++) {
        assert_ok(weft_func_call(func_of(guest.plugin, NULL, "go"), NULL, 0, &out, 1));
        assert_int_equal(out.of.u32, 8);
    }
    guest_delete(&guest);
}

static void nobody_enters_an_instance_twice(void **state) {
    (void)state;
    guest_component_t guest = family("(call_indirect (type $run) (i32.const 0))");
    assert_traps(&guest, "go", NULL, 0, "cannot enter component instance");
    guest_delete(&guest);
}

static void nobody_is_called_from_realloc(void **state) {
    (void)state;
    weft_value_t bytes = weft_byte_list("abc", 3);
    guest_component_t guest = family("(local.get 0)");
    assert_traps(&guest, "list", &bytes, 1, "cannot leave component instance");
    guest_delete(&guest);
}

/* ---- all of them ------------------------------------------------------------------------------ */

static int set_up(void **state) {
    (void)state;
    engine = engine_of_tests();
    if (!engine) return 1;
    bystander = plugin_of(engine, "guests/echo.wasm");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    weft_plugin_delete(bystander);
    weft_engine_delete(engine);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers_and_lengths_are_checked),
        cmocka_unit_test(strings_are_checked),
        cmocka_unit_test(cases_and_chars_are_checked),
        cmocka_unit_test(lists_may_not_overlap_without_end),
        cmocka_unit_test(what_realloc_gives_is_checked),
        cmocka_unit_test(a_memory_may_grow_in_realloc),
        cmocka_unit_test(what_one_guest_gives_another_is_checked),
        cmocka_unit_test(handles_work_when_nobody_lies),
        cmocka_unit_test(forged_and_stale_handles_are_noticed),
        cmocka_unit_test(borrows_end_with_their_call),
        cmocka_unit_test(what_is_lent_cannot_be_given_away),
        cmocka_unit_test(a_destructor_that_traps_ends_the_call),
        cmocka_unit_test(a_child_may_call_its_parent),
        cmocka_unit_test(nobody_enters_an_instance_twice),
        cmocka_unit_test(nobody_is_called_from_realloc),
    };
    return cmocka_run_group_tests_name("lying guests", tests, set_up, tear_down);
}
