/* Guests that lie to the direct engine about memory: each gets a trap that says what was wrong, nobody else is harmed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/liars.h"
#include "runtime/plugin.h"

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

/* What a call between guests is about, the result: $A gives `type` by a core function that does `body`; $B, whose
 * realloc does `realloc`, wants it at `out` and then gives what `after` leaves. Empty options: utf8. */
typedef struct answer {
    const char *type, *body, *realloc, *out, *after, *from_options, *to_options;
} answer_t;

static guest_component_t guest_of_answer(const answer_t *answer) {
    char wat[8192];
    snprintf(
        wat, sizeof wat,
        "(component"
        " (component $A (core module $m (memory (export \"m\") 1)"
        "   (func (export \"f\") (result i32) %s))"
        "  (core instance $i (instantiate $m))"
        "  (func (export \"f\") (result %s)"
        "   (canon lift (core func $i \"f\") (memory (core memory $i \"m\")) %s)))"
        " (component $B (import \"f\" (func $f (result %s)))"
        "  (core module $mem (memory (export \"m\") 1)"
        "   (func (export \"r\") (param $old i32) (param $size i32) (param $align i32)"
        "    (param $new i32) (result i32) %s))"
        "  (core instance $mem (instantiate $mem)) (alias core export $mem \"m\" (core memory $n))"
        "  (core func $f' (canon lower (func $f) (memory $n) (realloc (core func $mem \"r\")) %s))"
        "  (core module $m (import \"\" \"f\" (func $f (param i32)))"
        "   (import \"\" \"m\" (memory 1))"
        "   (func (export \"g\") (result i32) (call $f (i32.const %s)) %s))"
        "  (core instance $i (instantiate $m (with \"\" (instance"
        "   (export \"f\" (func $f')) (export \"m\" (memory $n))))))"
        "  (func (export \"g\") (result u32) (canon lift (core func $i \"g\"))))"
        " (instance $a (instantiate $A))"
        " (instance $b (instantiate $B (with \"f\" (func $a \"f\"))))"
        " (func (export \"g\") (alias export $b \"g\")))",
        answer->body, answer->type, answer->from_options ? answer->from_options : "", answer->type,
        answer->realloc ? answer->realloc : "(i32.const 64)",
        answer->to_options ? answer->to_options : "", answer->out ? answer->out : "0",
        answer->after ? answer->after : "(i32.const 0)");
    return guest_of(engine, wat, &directly);
}

static void assert_answer_traps(answer_t answer, const char *words) {
    guest_component_t guest = guest_of_answer(&answer);
    assert_traps(&guest, "g", NULL, 0, words);
    guest_delete(&guest);
}

#define UTF16 "string-encoding=utf16"
#define COMPACT "string-encoding=latin1+utf16"

static void what_one_guest_answers_another_is_checked(void **state) {
    (void)state;
    const char *outside = "list content out-of-bounds",
               *text_outside = "string content out-of-bounds";
    const char *surrogate = "unpaired surrogate found in a utf-16 string";
#define ANSWER(type_, ...) ((answer_t){.type = type_, .body = __VA_ARGS__})
    assert_answer_traps(ANSWER("(list u8)", "(i32.const 65532)"),
                        "pointer out of bounds of memory");
    assert_answer_traps(ANSWER("(list u8)", "(i32.const 2)"), "unaligned pointer");
    assert_answer_traps(ANSWER("(list u8)", RANGE(65536, 1)), outside);
    assert_answer_traps(ANSWER("(list u8)", RANGE(-1, 2)), outside);
    assert_answer_traps(ANSWER("(list u64)", RANGE(0, 0x40000000)),
                        "list content out-of-bounds: a list has at most 268435455 bytes");
    assert_answer_traps(ANSWER("(list u16)", RANGE(1, 0)), "unaligned pointer");
    assert_answer_traps(ANSWER("(list (option char))", STORE(0, 2) RANGE(0, 1)),
                        "invalid variant discriminant");
    assert_answer_traps(ANSWER("(list char)", STORE(0, 0x110000) RANGE(0, 1)),
                        "invalid `char` bit pattern");
    assert_answer_traps(ANSWER("string", RANGE(0, -1)), text_outside);
    assert_answer_traps(ANSWER("string", STORE(0, 0xC0) RANGE(0, 1)),
                        "invalid utf-8 sequence of 1 bytes from index 0");
    assert_answer_traps(ANSWER("string", STORE(0, 0xC3) RANGE(0, 1), .to_options = UTF16),
                        "incomplete utf-8 byte sequence from index 0");
    assert_answer_traps(ANSWER("string", STORE(0, 0xD800) RANGE(0, 1), .from_options = UTF16),
                        surrogate);
    assert_answer_traps(ANSWER("string", STORE(0, 0xDC00DC00) RANGE(0, 2), .from_options = UTF16,
                               .to_options = COMPACT),
                        surrogate);
    assert_answer_traps(ANSWER("string", STORE(0, 0xD800) RANGE(0, 0x80000001),
                               .from_options = COMPACT, .to_options = UTF16),
                        surrogate);
    assert_answer_traps(ANSWER("string", RANGE(1, 0), .from_options = UTF16), "unaligned pointer");
    assert_answer_traps(ANSWER("string", RANGE(65534, 0x80000002), .from_options = COMPACT),
                        text_outside);
}

/* And so is what the asker does: where it wants the answer, what its realloc says. */
static void who_asks_is_checked_too(void **state) {
    (void)state;
    const char *outside = "list content out-of-bounds";
    const char *text = STORE(0, 0x4F604F60) RANGE(0, 2);
    assert_answer_traps(ANSWER("(list u8)", RANGE(0, 1), .out = "65532"),
                        "pointer out of bounds of memory");
    assert_answer_traps(ANSWER("(list u8)", RANGE(0, 1), .out = "-4"),
                        "pointer out of bounds of memory");
    assert_answer_traps(ANSWER("(list u8)", RANGE(0, 1), .out = "6"), "unaligned pointer");
    assert_answer_traps(ANSWER("(list u64)", RANGE(0, 1), .realloc = "(i32.const 4)"),
                        "unaligned pointer");
    assert_answer_traps(ANSWER("(list u64)", RANGE(0, 2), .realloc = "(i32.const 65528)"), outside);
    assert_answer_traps(ANSWER("(list u8)", RANGE(0, 2), .realloc = "unreachable"),
                        "`unreachable` instruction executed");
    /* the second time, when a string needs more than its first guess */
    assert_answer_traps(ANSWER("string", text, .from_options = UTF16,
                               .realloc = "(select (i32.const 65533) (i32.const 64) (local.get "
                                          "$old))"),
                        outside);
}

static void memories_may_move_while_guests_answer(void **state) {
    (void)state;
    weft_value_t out;
    /* where the string goes is new memory each time; the last place is read */
    answer_t answer = ANSWER("string", STORE(0, 0x4F60) RANGE(0, 1), .from_options = UTF16,
                             .realloc = "(i32.mul (memory.grow (i32.const 3)) (i32.const 65536))",
                             .after = "(i32.load (i32.load (i32.const 0)))");
    guest_component_t guest = guest_of_answer(&answer);
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "g"), NULL, 0, &out, 1));
    assert_int_equal(out.of.u32, 0xA0BDE4); /* U+4F60 in utf8 */
    guest_delete(&guest);
}

/* ---- all of them ------------------------------------------------------------------------------ */

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pointers_and_lengths_are_checked),
        cmocka_unit_test(strings_are_checked),
        cmocka_unit_test(cases_and_chars_are_checked),
        cmocka_unit_test(lists_may_not_overlap_without_end),
        cmocka_unit_test(what_realloc_gives_is_checked),
        cmocka_unit_test(a_memory_may_grow_in_realloc),
        cmocka_unit_test(what_one_guest_gives_another_is_checked),
        cmocka_unit_test(what_one_guest_answers_another_is_checked),
        cmocka_unit_test(who_asks_is_checked_too),
        cmocka_unit_test(memories_may_move_while_guests_answer),
    };
    return cmocka_run_group_tests_name("lying guests", tests, set_up_liars, tear_down_liars);
}
