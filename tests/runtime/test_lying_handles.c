/* Guests that lie to the direct engine about handles, or enter where they may not: each gets a trap that says what was
 * wrong, nobody else is harmed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/liars.h"

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

/* ---- handles for the host --------------------------------------------------------------------- */

/* A function gives `type`, where $r is a resource, by a core function that does `body`: it can call $new and
 * $drop. */
static void assert_handles_given_trap(const char *type, const char *body, const char *words) {
    char wat[4096];
    snprintf(wat, sizeof wat,
             "(component (type $r' (resource (rep i32))) (core func $new (canon resource.new $r'))"
             " (core func $drop (canon resource.drop $r')) (export $r \"r\" (type $r'))"
             " (core module $m"
             "  (import \"\" \"new\" (func $new (param i32) (result i32)))"
             "  (import \"\" \"drop\" (func $drop (param i32))) (memory (export \"m\") 1)"
             "  (func (export \"f\") (result i32) (local $h i32) %s))"
             " (core instance $i (instantiate $m (with \"\" (instance"
             "  (export \"new\" (func $new)) (export \"drop\" (func $drop))))))"
             " (func (export \"f\") (result %s)"
             "  (canon lift (core func $i \"f\") (memory (core memory $i \"m\")))))",
             body, type);
    assert_wat_traps(wat, "f", NULL, 0, words);
}

static void forged_handles_do_not_reach_the_host(void **state) {
    (void)state;
    const char *twice = "(local.set $h (call $new (i32.const 7)))"
                        "(i32.store (i32.const 0) (local.get $h))"
                        "(i32.store (i32.const 4) (local.get $h))" RANGE(0, 2);
    assert_handles_given_trap("(own $r)", "(i32.const 0)", "unknown handle index 0");
    assert_handles_given_trap("(own $r)", "(i32.const 7)", "unknown handle index 7");
    assert_handles_given_trap("(own $r)",
                              "(local.set $h (call $new (i32.const 7))) (call $drop (local.get $h))"
                              " (local.get $h)",
                              "unknown handle index 1");
    assert_handles_given_trap("(list (own $r))", twice, "unknown handle index 1");
    assert_handles_given_trap("(option (own $r))", STORE(0, 1) STORE(4, -1) "(i32.const 0)",
                              "unknown handle index 4294967295");
}

/* ---- children and parents --------------------------------------------------------------------- */

/* The child defines a resource; its look and its destructor call what the parent gave it, back(), which does what
 * `back` says: it can call, through the table, 0: the child's look, 1: resource.drop. The parent's go makes a handle (it
 * is 1) and does `go`. */
static const char child_wat[] =
    "(component"
    " (core module $t (table (export \"t\") 2 funcref) (type $f (func (param i32)))"
    "  (func (export \"back\") %s))"
    " (core instance $t (instantiate $t)) (alias core export $t \"t\" (core table $t-t))"
    " (func $back (canon lift (core func $t \"back\")))"
    " (component $C (import \"back\" (func $back))"
    "  (core func $back' (canon lower (func $back)))"
    "  (core module $d (import \"\" \"back\" (func $back))"
    "   (func (export \"dtor\") (param i32) (call $back))"
    "   (func (export \"look\") (param i32) (call $back)))"
    "  (core instance $d (instantiate $d (with \"\" (instance (export \"back\" (func $back'))))))"
    "  (type $r' (resource (rep i32) (dtor (core func $d \"dtor\"))))"
    "  (core func $new (canon resource.new $r')) (export $r \"r\" (type $r'))"
    "  (func (export \"make\") (param \"rep\" u32) (result (own $r)) (canon lift (core func $new)))"
    "  (func (export \"look\") (param \"x\" (borrow $r)) (canon lift (core func $d \"look\"))))"
    " (instance $c (instantiate $C (with \"back\" (func $back))))"
    " (alias export $c \"r\" (type $r)) (core func $drop (canon resource.drop $r))"
    " (core func $look (canon lower (func $c \"look\")))"
    " (core func $make (canon lower (func $c \"make\")))"
    " (core module $m (import \"\" \"drop\" (func $drop (param i32)))"
    "  (import \"\" \"look\" (func $look (param i32)))"
    "  (import \"\" \"make\" (func $make (param i32) (result i32)))"
    "  (import \"\" \"t\" (table $t 2 funcref)) (elem (i32.const 0) func $look $drop)"
    "  (func (export \"go\") (local $h i32) (local.set $h (call $make (i32.const 7))) %s))"
    " (core instance $i (instantiate $m (with \"\" (instance (export \"drop\" (func $drop))"
    "  (export \"look\" (func $look)) (export \"make\" (func $make))"
    "  (export \"t\" (table $t-t))))))"
    " (func (export \"go\") (canon lift (core func $i \"go\"))))";

static void assert_go_traps(const char *back, const char *go, const char *words) {
    char wat[8192];
    snprintf(wat, sizeof wat, child_wat, back, go);
    assert_wat_traps(wat, "go", NULL, 0, words);
}

#define CALL_BACK(which) "(call_indirect (type $f) (i32.const 1) (i32.const " #which "))"

static void what_is_lent_cannot_be_dropped(void **state) {
    (void)state;
    assert_go_traps(CALL_BACK(1), "(call $look (local.get $h))",
                    "cannot remove owned resource while borrowed");
}

static void nobody_enters_an_instance_from_its_destructor(void **state) {
    (void)state;
    assert_go_traps(CALL_BACK(0), "(drop (call $make (i32.const 8))) (call $drop (i32.const 2))",
                    "cannot enter component instance");
}

static void a_destructor_may_call_its_parent(void **state) {
    (void)state;
    char wat[8192];
    give_signals_back();
    snprintf(wat, sizeof wat, child_wat, "",
             "(call $look (local.get $h)) (call $drop (local.get $h))");
    guest_component_t guest = guest_of(engine, wat, &directly);
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "go"), NULL, 0, NULL, 0));
    guest_delete(&guest);
}

/* ---- too many --------------------------------------------------------------------------------- */

static const weft_options_t limited = {.engine = WEFT_ENGINE_DIRECT, .memory = 1 << 20};

/* A table takes the host's memory as a memory does. */
static void a_table_of_handles_keeps_to_the_limit_of_memory(void **state) {
    (void)state;
    give_signals_back();
    weft_value_t many = weft_u32(30000), more = weft_u32(10000);
    guest_component_t guest = guest_of(
        engine,
        "(component (type $r (resource (rep i32))) (core func $new (canon resource.new $r))"
        " (core module $m (import \"\" \"new\" (func $new (param i32) (result i32)))"
        "  (func (export \"go\") (param i32) (loop $next (drop (call $new (i32.const 0)))"
        "   (br_if $next (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"
        " (core instance $i (instantiate $m (with \"\" (instance (export \"new\" (func $new))))))"
        " (func (export \"go\") (param \"n\" u32) (canon lift (core func $i \"go\"))))",
        &limited);
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "go"), &many, 1, NULL, 0));
    assert_traps(&guest, "go", &more, 1, "resource table has no free keys");
    guest_delete(&guest);
}

/* Half a page says 4096 times that the other half is a list of 8192 handles, which are one. */
static void a_handle_is_not_lent_without_end(void **state) {
    (void)state;
    give_signals_back();
    guest_component_t guest = guest_of(
        engine,
        "(component"
        " (component $A (type $r' (resource (rep i32))) (core func $new (canon resource.new $r'))"
        "  (core module $m (memory (export \"m\") 1) (func (export \"f\") (param i32 i32))"
        "   (func (export \"r\") (param i32 i32 i32 i32) (result i32) (i32.const 0)))"
        "  (core instance $i (instantiate $m)) (export $r \"r\" (type $r'))"
        "  (func (export \"make\") (param \"rep\" u32) (result (own $r))"
        "   (canon lift (core func $new)))"
        "  (func (export \"f\") (param \"x\" (list (list (borrow $r))))"
        "   (canon lift (core func $i \"f\") (memory (core memory $i \"m\"))"
        "    (realloc (core func $i \"r\")))))"
        " (instance $a (instantiate $A))"
        " (core module $mem (memory (export \"m\") 1)) (core instance $mem (instantiate $mem))"
        " (core func $make (canon lower (func $a \"make\")))"
        " (core func $f (canon lower (func $a \"f\") (memory (core memory $mem \"m\"))))"
        " (core module $m (import \"\" \"make\" (func $make (param i32) (result i32)))"
        "  (import \"\" \"f\" (func $f (param i32 i32))) (import \"\" \"m\" (memory 1))"
        "  (func (export \"go\") (local $at i32) (local $h i32)"
        "   (local.set $h (call $make (i32.const 7)))"
        "   (loop $next (i32.store (local.get $at) (i32.const 32768))"
        "    (i32.store offset=4 (local.get $at) (i32.const 8192))"
        "    (i32.store offset=32768 (local.get $at) (local.get $h))"
        "    (i32.store offset=32772 (local.get $at) (local.get $h))"
        "    (local.set $at (i32.add (local.get $at) (i32.const 8)))"
        "    (br_if $next (i32.lt_u (local.get $at) (i32.const 32768))))"
        "   (call $f (i32.const 0) (i32.const 4096))))"
        " (core instance $i (instantiate $m (with \"\" (instance (export \"make\" (func $make))"
        "  (export \"f\" (func $f)) (export \"m\" (memory $mem \"m\"))))))"
        " (func (export \"go\") (canon lift (core func $i \"go\"))))",
        &limited);
    assert_traps(&guest, "go", NULL, 0, "too many handles are lent at once");
    guest_delete(&guest);
}

/* ---- all of them ------------------------------------------------------------------------------ */

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handles_work_when_nobody_lies),
        cmocka_unit_test(forged_and_stale_handles_are_noticed),
        cmocka_unit_test(borrows_end_with_their_call),
        cmocka_unit_test(what_is_lent_cannot_be_given_away),
        cmocka_unit_test(a_destructor_that_traps_ends_the_call),
        cmocka_unit_test(a_child_may_call_its_parent),
        cmocka_unit_test(nobody_enters_an_instance_twice),
        cmocka_unit_test(nobody_is_called_from_realloc),
        cmocka_unit_test(forged_handles_do_not_reach_the_host),
        cmocka_unit_test(what_is_lent_cannot_be_dropped),
        cmocka_unit_test(nobody_enters_an_instance_from_its_destructor),
        cmocka_unit_test(a_destructor_may_call_its_parent),
        cmocka_unit_test(a_table_of_handles_keeps_to_the_limit_of_memory),
        cmocka_unit_test(a_handle_is_not_lent_without_end),
    };
    return cmocka_run_group_tests_name("lying handles", tests, set_up_liars, tear_down_liars);
}
