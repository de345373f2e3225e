/* Plugins that import from one another, each in a store of its own. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <ucontext.h>

#include <cmocka.h>

#include "runtime/engine.h"
#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "runtime/plugin.h"
#include "support/alloc.h"
#include "value/wave.h"

/* ---- guests ----------------------------------------------------------------------------------- */

/* Resources that are numbers; the destructor of number 13 traps. */
static const char owner[] =
    "(component"
    " (core module $d (global $live (mut i32) (i32.const 0))"
    "  (func (export \"dtor\") (param i32)"
    "   (if (i32.eq (local.get 0) (i32.const 13)) (then (unreachable)))"
    "   (global.set $live (i32.sub (global.get $live) (i32.const 1))))"
    "  (func (export \"add\") (global.set $live (i32.add (global.get $live) (i32.const 1))))"
    "  (func (export \"live\") (result i32) (global.get $live))"
    "  (func (export \"fail\") (unreachable))"
    "  (func (export \"spin\") (loop (br 0))))"
    " (core instance $d (instantiate $d))"
    " (alias core export $d \"dtor\" (core func $dtor))"
    " (type $r (resource (rep i32) (dtor (core func $dtor))))"
    " (core func $new (canon resource.new $r)) (core func $rep (canon resource.rep $r))"
    " (core func $drop (canon resource.drop $r))"
    " (core module $m"
    "  (import \"\" \"new\" (func $new (param i32) (result i32)))"
    "  (import \"\" \"rep\" (func $rep (param i32) (result i32)))"
    "  (import \"\" \"drop\" (func $drop (param i32)))"
    "  (import \"d\" \"add\" (func $add))"
    "  (func (export \"make\") (param i32) (result i32) (call $add) (call $new (local.get 0)))"
    "  (func (export \"value\") (param i32) (result i32) (local.get 0))"
    "  (func (export \"take\") (param i32) (result i32) (local $n i32)"
    "   (local.set $n (call $rep (local.get 0))) (call $drop (local.get 0)) (local.get $n)))"
    " (core instance $i (instantiate $m (with \"d\" (instance $d)) (with \"\" (instance"
    "  (export \"new\" (func $new)) (export \"rep\" (func $rep)) (export \"drop\" (func $drop))))))"
    " (func $make (param \"n\" u32) (result (own $r)) (canon lift (core func $i \"make\")))"
    " (func $value (param \"r\" (borrow $r)) (result u32) (canon lift (core func $i \"value\")))"
    " (func $take (param \"r\" (own $r)) (result u32) (canon lift (core func $i \"take\")))"
    " (func $live (result u32) (canon lift (core func $d \"live\")))"
    " (func $fail (canon lift (core func $d \"fail\")))"
    " (func $spin (canon lift (core func $d \"spin\")))"
    " (instance $api (export \"r\" (type $r)) (export \"make\" (func $make))"
    "  (export \"value\" (func $value)) (export \"take\" (func $take)) (export \"live\" (func "
    "$live))"
    "  (export \"fail\" (func $fail)) (export \"spin\" (func $spin)))"
    " (export \"t:owner/api@1.0.0\" (instance $api)))";

#define OWNER_TYPE                                                                                 \
    "(export \"r\" (type $r (sub resource)))"                                                      \
    " (export \"make\" (func (param \"n\" u32) (result (own $r))))"                                \
    " (export \"value\" (func (param \"r\" (borrow $r)) (result u32)))"                            \
    " (export \"take\" (func (param \"r\" (own $r)) (result u32)))"                                \
    " (export \"live\" (func (result u32))) (export \"fail\" (func)) (export \"spin\" (func))"

#define IMPORT_OWNER                                                                               \
    " (import \"t:owner/api@1.0.0\" (instance $o " OWNER_TYPE "))"                                 \
    " (alias export $o \"r\" (type $r))"                                                           \
    " (core func $make (canon lower (func $o \"make\")))"                                          \
    " (core func $value (canon lower (func $o \"value\")))"                                        \
    " (core func $take (canon lower (func $o \"take\")))"                                          \
    " (core func $live (canon lower (func $o \"live\")))"                                          \
    " (core func $fail (canon lower (func $o \"fail\")))"                                          \
    " (core func $spin (canon lower (func $o \"spin\")))"                                          \
    " (core func $drop (canon resource.drop $r))"

#define OWNER_CORE                                                                                 \
    " (instance (export \"make\" (func $make)) (export \"value\" (func $value))"                   \
    "  (export \"take\" (func $take)) (export \"live\" (func $live))"                              \
    "  (export \"fail\" (func $fail)) (export \"spin\" (func $spin))"                              \
    "  (export \"drop\" (func $drop)))"

/* Uses the owner's resources, and passes them on. */
static const char user[] =
    "(component" IMPORT_OWNER " (core module $m"
    "  (import \"o\" \"make\" (func $make (param i32) (result i32)))"
    "  (import \"o\" \"value\" (func $value (param i32) (result i32)))"
    "  (import \"o\" \"take\" (func $take (param i32) (result i32)))"
    "  (import \"o\" \"live\" (func $live (result i32)))"
    "  (import \"o\" \"fail\" (func $fail)) (import \"o\" \"spin\" (func $spin))"
    "  (import \"o\" \"drop\" (func $drop (param i32)))"
    "  (global $kept (mut i32) (i32.const 0))"
    "  (func (export \"make\") (param i32) (result i32) (call $make (local.get 0)))"
    "  (func (export \"value\") (param i32) (result i32) (local $n i32)"
    "   (local.set $n (call $value (local.get 0))) (call $drop (local.get 0)) (local.get $n))"
    "  (func (export \"keep\") (param i32) (global.set $kept (call $make (local.get 0))))"
    "  (func (export \"peek\") (result i32) (call $value (global.get $kept)))"
    "  (func (export \"drop\") (call $drop (global.get $kept)))"
    "  (func (export \"twice\") (result i32) (drop (call $take (global.get $kept)))"
    "   (call $take (global.get $kept)))"
    "  (func (export \"live\") (result i32) (call $live))"
    "  (func (export \"fail\") (call $fail)) (func (export \"spin\") (call $spin))"
    "  (func (export \"loop\") (loop (br 0)))"
    "  (func (export \"round\") (param i32) (result i32) (local $h i32) (local $n i32)"
    "   (local.set $h (call $make (local.get 0))) (local.set $n (call $value (local.get $h)))"
    "   (i32.add (local.get $n) (call $take (local.get $h)))))"
    " (core instance $i (instantiate $m (with \"o\"" OWNER_CORE ")))"
    " (export $er \"r\" (type $r))"
    " (func (export \"make\") (param \"n\" u32) (result (own $er))"
    "  (canon lift (core func $i \"make\")))"
    " (func (export \"value\") (param \"r\" (borrow $er)) (result u32)"
    "  (canon lift (core func $i \"value\")))"
    " (func (export \"keep\") (param \"n\" u32) (canon lift (core func $i \"keep\")))"
    " (func (export \"peek\") (result u32) (canon lift (core func $i \"peek\")))"
    " (func (export \"twice\") (result u32) (canon lift (core func $i \"twice\")))"
    " (func (export \"drop\") (canon lift (core func $i \"drop\")))"
    " (func (export \"live\") (result u32) (canon lift (core func $i \"live\")))"
    " (func (export \"fail\") (canon lift (core func $i \"fail\")))"
    " (func (export \"spin\") (canon lift (core func $i \"spin\")))"
    " (func (export \"loop\") (canon lift (core func $i \"loop\")))"
    " (func (export \"round\") (param \"n\" u32) (result u32)"
    "  (canon lift (core func $i \"round\"))))";

static guest_component_t guest_with(const char *wat, uint64_t deadline_ns,
                                    weft_plugin_t *const *providers, size_t count) {
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT,
                              .deadline_ns = deadline_ns,
                              .providers = providers,
                              .provider_count = count};
    return guest_of(engine, wat, &options);
}

typedef struct couple {
    guest_component_t owner, user;
} couple_t;

static couple_t couple_with(uint64_t owners_deadline, uint64_t users_deadline) {
    couple_t couple;
    couple.owner = guest_with(owner, owners_deadline, NULL, 0);
    couple.user = guest_with(user, users_deadline, &couple.owner.plugin, 1);
    return couple;
}

static void couple_delete(couple_t *couple) {
    guest_delete(&couple->user);
    guest_delete(&couple->owner);
}

static weft_error_t *call1(weft_plugin_t *plugin, const char *interface, const char *name,
                           const weft_value_t *arg, weft_value_t *out) {
    weft_func_t *func = func_of(plugin, interface, name);
    return weft_func_call(func, arg, weft_func_param_count(func), out,
                          weft_func_result_count(func));
}

/* The number that a function gives. */
static uint32_t number(weft_plugin_t *plugin, const char *interface, const char *name,
                       uint32_t arg) {
    weft_value_t in = weft_u32(arg), out;
    assert_ok(call1(plugin, interface, name, &in, &out));
    return out.of.u32;
}

static weft_error_t *failure_of(weft_plugin_t *plugin, const char *name) {
    weft_value_t in = weft_u32(0), out;
    weft_error_t *error = call1(plugin, NULL, name, &in, &out);
    assert_non_null(error);
    return error;
}

#define LIVE(couple) number((couple).owner.plugin, "api", "live", 0)

/* ---- linking ---------------------------------------------------------------------------------- */

static weft_error_t *link_error(const char *importer, const char *provider, const char *other) {
    weft_bytes_t binary;
    weft_plugin_t *made = NULL, *providers[2];
    guest_component_t guests[2] = {{{NULL, 0}, NULL}, {{NULL, 0}, NULL}};
    const char *texts[2] = {provider, other};
    size_t count = 0;
    for (; count < 2 && texts[count]; count++) {
        guests[count] = guest_with(texts[count], 0, NULL, 0);
        providers[count] = guests[count].plugin;
    }
    weft_options_t options = {.providers = providers, .provider_count = count};
    assert_ok(weft_wat_to_wasm(weft_str(importer), &binary));
    weft_error_t *error = weft_plugin_read(engine, binary, &options, &made);
    weft_plugin_delete(made);
    weft_free((void *)(uintptr_t)binary.ptr);
    for (size_t i = 0; i < count; i++) guest_delete(&guests[i]);
    return error;
}

#define CORE                                                                                       \
    " (core module $m (func (export \"f\") (param i32) (result i32) (local.get 0)))"               \
    " (core instance $i (instantiate $m))"
#define GIVES(name, type)                                                                          \
    "(component" CORE " (func $f (param \"x\" " type ") (result u32)"                              \
    " (canon lift (core func $i \"f\"))) (instance $n (export \"f\" (func $f)))"                   \
    " (export \"" name "\" (instance $n)))"
#define ASKS(name, type)                                                                           \
    "(component (import \"" name "\" (instance (export \"f\" (func (param \"x\" " type             \
    ") (result u32))))))"

static void imports_are_served_by_versions_that_go_together(void **state) {
    (void)state;
    assert_ok(link_error(ASKS("a:b/c@1.2.0", "u32"), GIVES("a:b/c@1.4.1", "u32"), NULL));
    assert_ok(link_error(ASKS("a:b/c@1.2.0", "u32"), GIVES("a:b/c@1.4.1", "s32"),
                         GIVES("a:b/c@1.2.0", "u32")));
    assert_error(link_error(ASKS("a:b/c@1.2.0", "u32"), GIVES("a:b/c@2.0.0", "u32"), NULL),
                 "weft: the component has an import that nothing provides\n"
                 "note: instance a:b/c@1.2.0\n"
                 "help: compose it with a component that exports this: weft compose\n");
    assert_error(link_error(ASKS("a:b/c@1.2.0", "u32"), GIVES("a:b/c@1.4.1", "u32"),
                            GIVES("a:b/c@1.3.0", "u32")),
                 "weft: several plugins export `a:b/c@1.2.0`\n"
                 "note: one exports a:b/c@1.4.1\n"
                 "note: another exports a:b/c@1.3.0\n"
                 "help: give the plugin only the providers that it shall use\n");
}

static void types_that_differ_are_told(void **state) {
    (void)state;
    assert_error(link_error(ASKS("a:b/c@1.0.0", "s32"), GIVES("a:b/c@1.0.1", "u32"), NULL),
                 "weft: the types do not match: interface a:b/c@1.0.0, function \"f\", "
                 "parameter \"x\"\n"
                 "note: the plugin that provides it has u32\n"
                 "note: the import has s32\n"
                 "note: it is provided by a:b/c@1.0.1\n");
    assert_error(
        link_error("(component (import \"a:b/c\" (instance (export \"g\" (func)))))",
                   GIVES("a:b/c", "u32"), NULL),
        "weft: missing: interface a:b/c, function \"g\"\n"
        "note: the import asks for it, the plugin that provides it has nothing of that name\n");
}

/* Two instances of one component have resources of their own. */
static void resources_of_two_plugins_are_two(void **state) {
    (void)state;
    static const char asks[] = "(component (import \"t:owner/api@1.0.0\" (instance $o (export "
                               "\"r\" (type (sub resource)))))"
                               " (alias export $o \"r\" (type $r))"
                               " (import \"value\" (func (param \"r\" (borrow $r)) (result u32))))";
    guest_component_t first = guest_with(owner, 0, NULL, 0), second = guest_with(owner, 0, NULL, 0);
    guest_component_t of_second = guest_with(user, 0, &second.plugin, 1);
    weft_plugin_t *providers[] = {first.plugin, of_second.plugin}, *made;
    weft_options_t options = {.providers = providers, .provider_count = 2};
    weft_bytes_t binary;
    assert_ok(weft_wat_to_wasm(weft_str(asks), &binary));
    assert_error(weft_plugin_read(engine, binary, &options, &made),
                 "weft: the types do not match: function \"value\", parameter \"r\"\n"
                 "note: the plugin that provides it has borrow<r>\n"
                 "note: the import has borrow<r>\n"
                 "note: these are two different resources with one name\n");
    providers[0] = second.plugin;
    assert_ok(weft_plugin_read(engine, binary, &options, &made));
    weft_plugin_delete(made);
    weft_free((void *)(uintptr_t)binary.ptr);
    guest_delete(&of_second);
    guest_delete(&second);
    guest_delete(&first);
}

static void hosted_plugins_cannot_be_linked(void **state) {
    (void)state;
    weft_bytes_t binary;
    weft_plugin_t *made;
    weft_options_t hosted = {.engine = WEFT_ENGINE_HOSTED};
    guest_component_t provider = guest_of(engine, GIVES("a:b/c", "u32"), &hosted);
    weft_options_t options = {.providers = &provider.plugin, .provider_count = 1};
    assert_ok(weft_wat_to_wasm(weft_str(ASKS("a:b/c", "u32")), &binary));
    assert_error(weft_plugin_read(engine, binary, &options, &made),
                 "weft: the import `a:b/c` cannot be served by another plugin: that one is hosted\n"
                 "note: it was asked for\n");
    weft_free((void *)(uintptr_t)binary.ptr);
    guest_delete(&provider);
}

static weft_error_t *nothing(void *context, const weft_value_t *args, size_t count,
                             weft_value_t *result) {
    (void)context, (void)args, (void)count, (void)result;
    return NULL;
}

static void what_the_host_gives_is_not_passed_on(void **state) {
    (void)state;
    weft_host_func_t func = {NULL, "f", nothing, NULL};
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT, .funcs = &func, .func_count = 1};
    guest_component_t first =
        guest_of(engine, "(component (import \"f\" (func $f)) (export \"g\" (func $f)))", &options);
    guest_component_t second = guest_with("(component (import \"g\" (func)))", 0, &first.plugin, 1);
    assert_error(
        weft_plugin_start(second.plugin),
        "weft: the plugin that provides `g` has it from the host, and cannot pass it on\n");
    guest_delete(&second);
    guest_delete(&first);
}

/* ---- resources -------------------------------------------------------------------------------- */

static void handles_lead_to_the_owner(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    assert_int_equal(number(couple.user.plugin, NULL, "round", 21), 42);
    assert_int_equal(LIVE(couple), 0);
    weft_value_t seven = weft_u32(7);
    assert_ok(call1(couple.user.plugin, NULL, "keep", &seven, NULL));
    assert_int_equal(number(couple.user.plugin, NULL, "peek", 0), 7);
    assert_int_equal(LIVE(couple), 1);
    assert_ok(call1(couple.user.plugin, NULL, "drop", NULL, NULL));
    assert_int_equal(LIVE(couple), 0);
    couple_delete(&couple);
}

static void the_host_has_handles_through_another_plugin(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    weft_value_t handle, seven = weft_u32(7), out;
    assert_ok(call1(couple.user.plugin, NULL, "make", &seven, &handle));
    assert_ok(call1(couple.user.plugin, NULL, "value", &handle, &out));
    assert_int_equal(out.of.u32, 7);
    assert_ok(call1(couple.owner.plugin, "api", "value", &handle, &out)); /* it is the owner's */
    assert_int_equal(out.of.u32, 7);
    assert_int_equal(LIVE(couple), 1);
    weft_value_clear(&handle);
    assert_int_equal(LIVE(couple), 0);
    assert_ok(call1(couple.user.plugin, NULL, "make", &seven, &handle));
    assert_ok(call1(couple.owner.plugin, "api", "take", &handle, &out));
    assert_int_equal(LIVE(couple), 0);
    weft_value_clear(&handle);
    assert_int_equal(LIVE(couple), 0);
    couple_delete(&couple);
}

static void a_deleted_importer_gives_its_handles_back(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    weft_value_t handle, seven = weft_u32(7);
    assert_ok(call1(couple.user.plugin, NULL, "keep", &seven, NULL));
    assert_ok(call1(couple.user.plugin, NULL, "make", &seven, &handle));
    assert_int_equal(LIVE(couple), 2);
    guest_delete(&couple.user);
    assert_int_equal(LIVE(couple), 0);
    weft_value_clear(&handle); /* leads nowhere now */
    guest_delete(&couple.owner);
}

/* owner <- maker <- last: the last one gets handles of the owner from the maker and uses them at the owner. */
static void a_third_plugin_gets_handles(void **state) {
    (void)state;
    static const char last[] =
        "(component" IMPORT_OWNER " (import \"make\" (func $m (param \"n\" u32) (result (own $r))))"
        " (import \"value\" (func $v (param \"r\" (borrow $r)) (result u32)))"
        " (core func $there (canon lower (func $m))) (core func $look (canon lower (func $v)))"
        " (core module $c (import \"m\" \"make\" (func $make (param i32) (result i32)))"
        "  (import \"m\" \"value\" (func $look (param i32) (result i32)))"
        "  (import \"o\" \"value\" (func $value (param i32) (result i32)))"
        "  (import \"o\" \"take\" (func $take (param i32) (result i32)))"
        "  (func (export \"go\") (param i32) (result i32) (local $h i32) (local $n i32)"
        "   (local.set $h (call $make (local.get 0)))"
        "   (local.set $n (i32.add (call $look (local.get $h)) (call $value (local.get $h))))"
        "   (i32.add (local.get $n) (call $take (local.get $h)))))"
        " (core instance $i (instantiate $c (with \"o\"" OWNER_CORE ")"
        "  (with \"m\" (instance (export \"make\" (func $there)) (export \"value\" (func "
        "$look))))))"
        " (func (export \"go\") (param \"n\" u32) (result u32) (canon lift (core func $i "
        "\"go\"))))";
    couple_t couple = couple_with(0, 0);
    weft_plugin_t *providers[] = {couple.user.plugin, couple.owner.plugin};
    guest_component_t third = guest_with(last, 0, providers, 2);
    assert_int_equal(number(third.plugin, NULL, "go", 5), 15);
    assert_int_equal(LIVE(couple), 0);
    guest_delete(&third);
    couple_delete(&couple);
}

static void a_handle_is_gone_when_it_was_given_away(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    weft_value_t seven = weft_u32(7);
    assert_ok(call1(couple.user.plugin, NULL, "keep", &seven, NULL));
    assert_error(
        failure_of(couple.user.plugin, "twice"),
        "weft: the guest trapped: unknown handle index 1\n"
        "note: this was in what it passed to the plugin that provides `t:owner/api@1.0.0`\n");
    assert_int_equal(LIVE(couple), 0); /* the owner is well */
    couple_delete(&couple);
}

static void dropping_at_a_spent_owner_does_nothing(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    weft_value_t seven = weft_u32(7), handle;
    assert_ok(call1(couple.user.plugin, NULL, "keep", &seven, NULL));
    assert_ok(call1(couple.user.plugin, NULL, "make", &seven, &handle));
    weft_error_t *error = call1(couple.owner.plugin, "api", "fail", NULL, NULL);
    assert_int_equal(weft_error_code(error), WEFT_TRAP);
    weft_error_delete(error);
    assert_ok(call1(couple.user.plugin, NULL, "drop", NULL, NULL));
    weft_value_clear(&handle);
    assert_error(failure_of(couple.user.plugin, "peek"),
                 "weft: the component cannot be called again: it trapped before\n"
                 "note: the guest trapped: `unreachable` instruction executed\n"
                 "note: this was in a call of the plugin that provides `t:owner/api@1.0.0`\n");
    couple_delete(&couple);
}

static void a_destructor_that_traps_spends_the_owner_alone(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    weft_value_t unlucky = weft_u32(13);
    assert_ok(call1(couple.user.plugin, NULL, "keep", &unlucky, NULL));
    assert_ok(call1(couple.user.plugin, NULL, "drop", NULL, NULL));
    assert_error(failure_of(couple.user.plugin, "live"),
                 "weft: the component cannot be called again: it trapped before\n"
                 "note: the guest trapped: `unreachable` instruction executed\n"
                 "note: this was in a call of the plugin that provides `t:owner/api@1.0.0`\n");
    couple_delete(&couple);
}

/* ---- blame ------------------------------------------------------------------------------------ */

static void a_callee_that_traps_takes_the_caller_with_it(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    guest_component_t other = guest_with(user, 0, &couple.owner.plugin, 1);
    assert_int_equal(number(other.plugin, NULL, "round", 1), 2);
    assert_error(failure_of(couple.user.plugin, "fail"),
                 "weft: the guest trapped: `unreachable` instruction executed\n"
                 "note: it was in, innermost first:\n      d!function 3\n"
                 "note: this was in a call of the plugin that provides `t:owner/api@1.0.0`\n");
    assert_error(failure_of(couple.user.plugin, "live"),
                 "weft: the component cannot be called again: it trapped before\n"
                 "note: the guest trapped: `unreachable` instruction executed\n");
    assert_error(failure_of(other.plugin, "live"),
                 "weft: the component cannot be called again: it trapped before\n"
                 "note: the guest trapped: `unreachable` instruction executed\n"
                 "note: this was in a call of the plugin that provides `t:owner/api@1.0.0`\n");
    guest_delete(&other);
    couple_delete(&couple);
}

/* ---- instances -------------------------------------------------------------------------------- */

static void a_provider_is_one_instance_for_all(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    guest_component_t other = guest_with(user, 0, &couple.owner.plugin, 1);
    weft_value_t seven = weft_u32(7);
    assert_ok(call1(couple.user.plugin, NULL, "keep", &seven, NULL));
    assert_ok(call1(other.plugin, NULL, "keep", &seven, NULL));
    assert_int_equal(number(other.plugin, NULL, "live", 0), 2);
    guest_delete(&other);
    couple_delete(&couple);
}

static void a_provider_lives_as_long_as_its_importers(void **state) {
    (void)state;
    couple_t couple = couple_with(0, 0);
    weft_plugin_delete(couple.owner.plugin);
    assert_int_equal(number(couple.user.plugin, NULL, "round", 4), 8);
    guest_delete(&couple.user);
    weft_free((void *)(uintptr_t)couple.owner.binary.ptr);
}

static weft_plugin_t *file_with(const char *name, weft_plugin_t *const *providers, size_t count) {
    char path[4096];
    weft_plugin_t *plugin;
    weft_options_t options = {
        .engine = WEFT_ENGINE_DIRECT, .providers = providers, .provider_count = count};
    snprintf(path, sizeof path, "%s/guests/%s.wasm", getenv("WEFT_TESTS_DIR"), name);
    give_signals_back();
    assert_ok(weft_plugin_load(engine, path, &options, &plugin));
    return plugin;
}

/* What guests of a real toolchain do with resources in two stores is what they do in one. */
static void parts_do_what_their_composition_does(void **state) {
    (void)state;
    static const struct {
        const char *composition, *provider, *user;
    } cases[] = {{"bank", "bank", "bank-user"}, {"shared", "shared-provider", "shared-user"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[4096];
        weft_plugin_t *composed, *provider = file_with(cases[i].provider, NULL, 0);
        weft_plugin_t *parts = file_with(cases[i].user, &provider, 1);
        weft_options_t hosted = {.engine = WEFT_ENGINE_HOSTED};
        snprintf(path, sizeof path, "%s/compositions/%s.wasm", getenv("WEFT_CORPUS_DIR"),
                 cases[i].composition);
        assert_ok(weft_plugin_load(engine, path, &hosted, &composed));
        weft_func_t *one = func_of(parts, "report", "run"),
                    *other = func_of(composed, "report", "run");
        weft_value_t args[2] = {weft_string("name"), weft_u32(7)}, a, b;
        assert_ok(weft_func_call(one, args, weft_func_param_count(one), &a, 1));
        assert_ok(weft_func_call(other, args, weft_func_param_count(other), &b, 1));
        assert_true(weft_value_equal(&a, &b));
        weft_value_clear(&a);
        weft_value_clear(&b);
        weft_plugin_delete(composed);
        weft_plugin_delete(parts);
        weft_plugin_delete(provider);
    }
}

/* ---- memory ----------------------------------------------------------------------------------- */

static void calls_between_stores_allocate_nothing(void **state) {
    (void)state;
    weft_plugin_t *provider = file_with("shared-provider", NULL, 0);
    weft_plugin_t *plugin = file_with("shared-user", &provider, 1);
    weft_value_t args[2] = {weft_string("name"), weft_u32(7)}, out;
    size_t before = 0;
    for (int i = 0; i < 2; i++) {
        before = weft_alloc_count();
        assert_ok(weft_func_call(func_of(plugin, "report", "run"), args, 2, &out, 1));
        before = weft_alloc_count() - before;
    }
    assert_int_equal(before, 0);
    weft_plugin_delete(plugin);
    weft_plugin_delete(provider);
}

static weft_error_t *load_part(const char *name, weft_plugin_t *const *providers, size_t count,
                               weft_plugin_t **plugin) {
    char path[4096];
    weft_options_t options = {
        .engine = WEFT_ENGINE_DIRECT, .providers = providers, .provider_count = count};
    snprintf(path, sizeof path, "%s/guests/%s.wasm", getenv("WEFT_TESTS_DIR"), name);
    return weft_plugin_load(engine, path, &options, plugin);
}

static weft_error_t *load_and_call(void) {
    weft_plugin_t *provider = NULL, *plugin = NULL;
    weft_func_t *func;
    weft_value_t out = weft_bool(false);
    weft_error_t *error = load_part("bank", NULL, 0, &provider);
    if (!error) error = load_part("bank-user", &provider, 1, &plugin);
    if (!error) error = weft_plugin_func(plugin, "report", "run", &func);
    if (!error) error = weft_func_call(func, NULL, 0, &out, 1);
    weft_value_clear(&out);
    weft_plugin_delete(provider);
    weft_plugin_delete(plugin);
    return error;
}

static void lack_of_memory_is_an_error_everywhere(void **state) {
    (void)state;
    give_signals_back();
    assert_ok(load_and_call());
    for (size_t n = 1;; n += 1 + n / 16) {
        weft_alloc_fail_after(n);
        weft_error_t *error = load_and_call();
        weft_alloc_fail_after(0);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
}

/* ---- lies --------------------------------------------------------------------------------------- */

/* What a guest does; the parts that a case leaves away are honest. */
typedef struct lie {
    const char *words; /* what the caller traps with */
    bool spends_the_callee;
    const char *call; /* of the caller: its `go` */
    const char *caller_realloc, *callee_realloc;
    const char *text, *pick; /* of the callee */
} lie_t;

#define API                                                                                        \
    "(export \"len\" (func (param \"s\" string) (result u32)))"                                    \
    " (export \"text\" (func (result string)))"                                                    \
    " (export \"pick\" (func (param \"c\" char) (result char)))"
#define MEMORY(body)                                                                               \
    " (memory (export \"m\") 1)"                                                                   \
    " (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) %s)" body

static const char callee_text[] = "(component (core module $m" MEMORY(
    " (func (export \"len\") (param i32 i32) (result i32) (local.get 1))"
    " (func (export \"text\") (result i32) %s)"
    " (func (export \"pick\") (param i32) (result i32) %s)"
    " (data (i32.const 16) \"\\20\\00\\00\\00\\05\\00\\00\\00\") (data (i32.const 32) "
    "\"hello\"))") " (core instance $i (instantiate $m)) (alias core export $i \"m\" (core "
                   "memory $mem))"
                   " (alias core export $i \"realloc\" (core func $realloc))"
                   " (func $len (param \"s\" string) (result u32) (canon lift (core func $i "
                   "\"len\")"
                   "  (memory $mem) (realloc $realloc)))"
                   " (func $text (result string) (canon lift (core func $i \"text\") (memory "
                   "$mem)))"
                   " (func $pick (param \"c\" char) (result char) (canon lift (core func $i "
                   "\"pick\")))"
                   " (instance $api (export \"len\" (func $len)) (export \"text\" (func $text))"
                   "  (export \"pick\" (func $pick))) (export \"t:lie/api\" (instance $api)))";

static const char caller_text[] =
    "(component (import \"t:lie/api\" (instance $o " API "))"
    " (core module $mm" MEMORY(
        ")") " (core instance $mi (instantiate $mm)) (alias core export $mi \"m\" (core memory "
             "$mem))"
             " (alias core export $mi \"realloc\" (core func $realloc))"
             " (core func $len (canon lower (func $o \"len\") (memory $mem)))"
             " (core func $text (canon lower (func $o \"text\") (memory $mem) (realloc $realloc)))"
             " (core func $pick (canon lower (func $o \"pick\")))"
             " (core module $m (import \"o\" \"len\" (func $len (param i32 i32) (result i32)))"
             "  (import \"o\" \"text\" (func $text (param i32)))"
             "  (import \"o\" \"pick\" (func $pick (param i32) (result i32)))"
             "  (func (export \"go\") (result i32) %s))"
             " (core instance $i (instantiate $m (with \"o\" (instance (export \"len\" (func $len))"
             "  (export \"text\" (func $text)) (export \"pick\" (func $pick))))))"
             " (func (export \"go\") (result u32) (canon lift (core func $i \"go\"))))";

static const char * or (const char *text, const char *otherwise) {
    return text ? text : otherwise;
}

static guest_component_t liar(const lie_t *lie, bool caller, weft_plugin_t *const *provider) {
    char wat[4096];
    if (caller)
        snprintf(wat, sizeof wat, caller_text, or (lie->caller_realloc, "(i32.const 1024)"),
                 or (lie->call, "(call $len (i32.const 0) (i32.const 3))"));
    else
        snprintf(wat, sizeof wat, callee_text, or (lie->callee_realloc, "(i32.const 1024)"),
                 or (lie->text, "(i32.const 16)"), or (lie->pick, "(local.get 0)"));
    return guest_with(wat, 0, provider, provider ? 1 : 0);
}

#define GET_TEXT "(call $text (i32.const 0)) (i32.const 0)"

static bool is_spent(weft_plugin_t *callee) {
    static const char words[] = "the component cannot be called again: it trapped before";
    weft_value_t in = weft_char('A'), out;
    weft_error_t *error = call1(callee, "api", "pick", &in, &out);
    bool spent = error && weft_str_eq(weft_error_message(error), weft_str(words));
    weft_error_delete(error);
    return spent;
}

static void who_lies_is_to_blame(void **state) {
    (void)state;
    static const lie_t lies[] = {
        {"string content out-of-bounds", false, "(call $len (i32.const 65530) (i32.const 100))",
         NULL, NULL, NULL, NULL},
        {"string content out-of-bounds", false, "(call $len (i32.const -1) (i32.const -1))", NULL,
         NULL, NULL, NULL},
        {"invalid `char` bit pattern", false, "(call $pick (i32.const 0xD800))", NULL, NULL, NULL,
         NULL},
        {"pointer out of bounds of memory", false, "(call $text (i32.const 65532)) (i32.const 0)",
         NULL, NULL, NULL, NULL},
        {"unaligned pointer", false, "(call $text (i32.const 2)) (i32.const 0)", NULL, NULL, NULL,
         NULL},
        {"list content out-of-bounds", false, GET_TEXT, "(i32.const 65534)", NULL, NULL, NULL},
        {"`unreachable` instruction executed", false, GET_TEXT, "(unreachable)", NULL, NULL, NULL},
        {"list content out-of-bounds", true, NULL, NULL, "(i32.const 65534)", NULL, NULL},
        {"`unreachable` instruction executed", true, NULL, NULL, "(unreachable)", NULL, NULL},
        {"pointer out of bounds of memory", true, GET_TEXT, NULL, NULL, "(i32.const 65532)", NULL},
        {"unaligned pointer", true, GET_TEXT, NULL, NULL, "(i32.const 17)", NULL},
        {"invalid `char` bit pattern", true, "(call $pick (i32.const 65))", NULL, NULL, NULL,
         "(i32.const 0x110000)"},
        {"integer divide by zero", true, "(call $pick (i32.const 65))", NULL, NULL, NULL,
         "(i32.div_u (local.get 0) (i32.const 0))"},
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        char expected[128];
        guest_component_t callee = liar(&lies[i], false, NULL);
        guest_component_t caller = liar(&lies[i], true, &callee.plugin);
        guest_component_t honest = liar(&(lie_t){0}, true, &callee.plugin);
        bool realloc_lies = lies[i].callee_realloc != NULL;
        if (!realloc_lies) assert_int_equal(number(honest.plugin, NULL, "go", 0), 3);
        weft_error_t *error = failure_of(caller.plugin, "go");
        snprintf(expected, sizeof expected, "the guest trapped: %s", lies[i].words);
        weft_str_t message = weft_error_message(error);
        if (!weft_str_eq(message, weft_str(expected)))
            fail_msg("%zu: %.*s, and should say: %s", i, (int)message.len, message.ptr, expected);
        assert_int_equal(weft_error_code(error), WEFT_TRAP);
        weft_error_delete(error);
        weft_error_delete(failure_of(caller.plugin, "go")); /* it is spent in any case */
        assert_true(is_spent(callee.plugin) == lies[i].spends_the_callee);
        if (!realloc_lies && !lies[i].spends_the_callee)
            assert_int_equal(number(honest.plugin, NULL, "go", 0), 3);
        guest_delete(&honest);
        guest_delete(&caller);
        guest_delete(&callee);
    }
}

/* A borrowed handle that the callee got must not outlive a call that the caller spoiled: owner <- middle <- liar. */
static void a_spoiled_call_leaves_no_handles(void **state) {
    (void)state;
    static const char middle[] =
        "(component (import \"t:owner/api@1.0.0\" (instance $o " OWNER_TYPE "))"
        " (alias export $o \"r\" (type $r)) (core func $drop (canon resource.drop $r))"
        " (core module $m (import \"\" \"drop\" (func $drop (param i32)))"
        "  (func (export \"both\") (param i32 i32 i32) (call $drop (local.get 0)))"
        "  (func (export \"guess\") (param i32) (call $drop (local.get 0))))"
        " (core instance $i (instantiate $m (with \"\" (instance (export \"drop\" (func $drop))))))"
        " (func $both (param \"a\" (borrow $r)) (param \"b\" char) (param \"c\" u32)"
        "  (canon lift (core func $i \"both\")))"
        " (func $guess (param \"n\" u32) (canon lift (core func $i \"guess\")))"
        " (instance $api (export \"r\" (type $r)) (export \"both\" (func $both)))"
        " (export \"t:middle/api\" (instance $api)) (export \"guess\" (func $guess)))";
    static const char liar_text[] =
        "(component" IMPORT_OWNER
        " (import \"t:middle/api\" (instance $x (export \"r\" (type (eq $r)))"
        "  (export \"both\" (func (param \"a\" (borrow $r)) (param \"b\" char) (param \"c\" "
        "u32)))))"
        " (core func $both (canon lower (func $x \"both\")))"
        " (core module $m (import \"o\" \"make\" (func $make (param i32) (result i32)))"
        "  (import \"x\" \"both\" (func $both (param i32 i32 i32)))"
        "  (func (export \"go\") (param i32)"
        "   (call $both (call $make (i32.const 1)) (local.get 0) (i32.const 0))))"
        " (core instance $i (instantiate $m (with \"o\"" OWNER_CORE ")"
        "  (with \"x\" (instance (export \"both\" (func $both))))))"
        " (func (export \"go\") (param \"c\" u32) (canon lift (core func $i \"go\"))))";
    guest_component_t first = guest_with(owner, 0, NULL, 0);
    guest_component_t second = guest_with(middle, 0, &first.plugin, 1);
    weft_plugin_t *providers[] = {first.plugin, second.plugin};
    guest_component_t third = guest_with(liar_text, 0, providers, 2);
    guest_component_t honest = guest_with(liar_text, 0, providers, 2);
    weft_value_t bad = weft_u32(0xD800), good = weft_u32(65), one = weft_u32(1);
    weft_error_t *error = call1(third.plugin, NULL, "go", &bad, NULL);
    assert_error(error, "weft: the guest trapped: invalid `char` bit pattern\n"
                        "note: this was in what it passed to the plugin that provides "
                        "`t:middle/api`\n");
    assert_ok(call1(honest.plugin, NULL, "go", &good, NULL));
    error = call1(second.plugin, NULL, "guess", &one, NULL);
    assert_error(error, "weft: the guest trapped: unknown handle index 1\n");
    guest_delete(&honest);
    guest_delete(&third);
    guest_delete(&second);
    guest_delete(&first);
}

/* ---- time --------------------------------------------------------------------------------------- */

#define MS UINT64_C(1000000)

static void the_earliest_deadline_of_a_chain_holds(void **state) {
    (void)state;
    static const uint64_t deadlines[][2] = {
        {0, 30 * MS}, {30 * MS, 0}, {1000 * MS, 30 * MS}, {30 * MS, 1000 * MS}};
    for (size_t i = 0; i < sizeof deadlines / sizeof *deadlines; i++) {
        couple_t couple = couple_with(deadlines[i][0], deadlines[i][1]);
        assert_int_equal(number(couple.user.plugin, NULL, "round", 2), 4);
        uint64_t start = weft_now_ns();
        assert_error(failure_of(couple.user.plugin, "spin"),
                     "weft: the call took longer than its deadline of 30 ms\n"
                     "note: it was in, innermost first:\n      d!function 4\n"
                     "note: this was in a call of the plugin that provides `t:owner/api@1.0.0`\n");
        assert_in_range(weft_now_ns() - start, 30 * MS, 900 * MS);
        couple_delete(&couple);
    }
}

/* The time of a call goes on while others are called. */
static void many_short_calls_are_one_long_one(void **state) {
    (void)state;
    static const char busy[] = "(component" IMPORT_OWNER " (core module $m"
                               "  (import \"o\" \"live\" (func $live (result i32)))"
                               "  (func (export \"loop\") (loop (drop (call $live)) (br 0))))"
                               " (core instance $i (instantiate $m (with \"o\"" OWNER_CORE ")))"
                               " (func (export \"loop\") (canon lift (core func $i \"loop\"))))";
    guest_component_t first = guest_with(owner, 0, NULL, 0);
    guest_component_t second = guest_with(busy, 30 * MS, &first.plugin, 1);
    weft_error_t *error = failure_of(second.plugin, "loop");
    assert_true(weft_str_eq(weft_error_message(error),
                            weft_str("the call took longer than its deadline of 30 ms")));
    weft_error_delete(error);
    guest_delete(&second);
    guest_delete(&first);
}

/* A hundred million elements take the host far longer than the deadline: the callee never runs. */
static void the_deadline_ends_a_copy(void **state) {
    (void)state;
    static const char taker[] =
        "(component (core module $m (memory (export \"m\") 1600) (global $n (mut i32) (i32.const "
        "0))"
        "  (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 0))"
        "  (func (export \"take\") (param i32 i32)"
        "   (global.set $n (i32.add (global.get $n) (i32.const 1))))"
        "  (func (export \"taken\") (result i32) (global.get $n)))"
        " (core instance $i (instantiate $m)) (alias core export $i \"m\" (core memory $mem))"
        " (alias core export $i \"realloc\" (core func $realloc))"
        " (func (export \"take\") (param \"x\" (list bool)) (canon lift (core func $i \"take\")"
        "  (memory $mem) (realloc $realloc)))"
        " (func (export \"taken\") (result u32) (canon lift (core func $i \"taken\"))))";
    static const char giver[] =
        "(component (import \"take\" (func $take (param \"x\" (list bool))))"
        " (core module $mm (memory (export \"m\") 1600)) (core instance $mi (instantiate $mm))"
        " (alias core export $mi \"m\" (core memory $mem))"
        " (core func $t (canon lower (func $take) (memory $mem)))"
        " (core module $m (import \"\" \"t\" (func $t (param i32 i32)))"
        "  (func (export \"go\") (param i32) (call $t (i32.const 0) (local.get 0))))"
        " (core instance $i (instantiate $m (with \"\" (instance (export \"t\" (func $t))))))"
        " (func (export \"go\") (param \"n\" u32) (canon lift (core func $i \"go\"))))";
    guest_component_t first = guest_with(taker, 0, NULL, 0);
    guest_component_t second = guest_with(giver, 10 * MS, &first.plugin, 1);
    weft_value_t few = weft_u32(10), many = weft_u32(100000000);
    assert_ok(call1(second.plugin, NULL, "go", &few, NULL));
    weft_error_t *error = call1(second.plugin, NULL, "go", &many, NULL);
    assert_error(error, "weft: the call took longer than its deadline of 10 ms\n"
                        "note: this was in what it passed to the plugin that provides `take`\n");
    assert_int_equal(number(first.plugin, NULL, "taken", 0), 1);
    guest_delete(&second);
    guest_delete(&first);
}

typedef struct canceller {
    weft_plugin_t *plugin;
    atomic_bool ended;
} canceller_t;

static void *cancel(void *context) {
    canceller_t *canceller = context;
    struct timespec pause = {0, 5000000};
    while (!canceller->ended) {
        nanosleep(&pause, NULL);
        weft_plugin_cancel(canceller->plugin);
    }
    return NULL;
}

static void any_plugin_of_a_chain_can_be_cancelled(void **state) {
    (void)state;
    for (int inner = 0; inner < 2; inner++) {
        pthread_t thread;
        couple_t couple = couple_with(0, 0);
        canceller_t canceller = {inner ? couple.owner.plugin : couple.user.plugin, false};
        assert_ok(weft_plugin_start(couple.user.plugin));
        assert_int_equal(pthread_create(&thread, NULL, cancel, &canceller), 0);
        weft_error_t *error = failure_of(couple.user.plugin, "spin");
        canceller.ended = true;
        pthread_join(thread, NULL);
        assert_int_equal(weft_error_code(error), WEFT_CANCELLED);
        weft_error_delete(error);
        weft_error_delete(failure_of(couple.user.plugin, "live"));
        couple_delete(&couple);
    }
}

/* ---- threads ------------------------------------------------------------------------------------ */

enum { THREADS = 8, ROUNDS = 2000 };

static void *go_round(void *context) {
    weft_plugin_t *plugin = context;
    weft_func_t *func;
    weft_error_t *error = weft_plugin_func(plugin, NULL, "round", &func);
    for (uint32_t i = 0; i < ROUNDS && !error; i++) {
        weft_value_t in = weft_u32(i + 100), out;
        error = weft_func_call(func, &in, 1, &out, 1);
        if (!error && out.of.u32 != 2 * (i + 100)) return weft_error_oom();
    }
    return error;
}

static void threads_share_a_provider(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    guest_component_t provider = guest_with(owner, 0, NULL, 0), users[THREADS];
    for (int i = 0; i < THREADS; i++) {
        users[i] = guest_with(user, 0, &provider.plugin, 1);
        assert_int_equal(pthread_create(&threads[i], NULL, go_round, users[i].plugin), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *error;
        pthread_join(threads[i], &error);
        assert_ok(error);
        guest_delete(&users[i]);
    }
    assert_int_equal(number(provider.plugin, "api", "live", 0), 0);
    guest_delete(&provider);
}

static atomic_bool spun;

static void *spin(void *plugin) {
    weft_error_t *error = call1(plugin, "api", "spin", NULL, NULL);
    atomic_store(&spun, true);
    return error;
}

/* Its functions are made when they are first called, with the provider's lock. */
static void a_start_does_not_wait_for_a_busy_provider(void **state) {
    (void)state;
    pthread_t thread;
    void *error;
    couple_t couple = couple_with(0, 0);
    guard_t *guard = &couple.owner.plugin->direct->guard;
    assert_ok(weft_plugin_start(couple.owner.plugin));
    atomic_store(&spun, false);
    assert_int_equal(pthread_create(&thread, NULL, spin, couple.owner.plugin), 0);
    while (!weft_lock_is_held(&guard->lock)) sched_yield();
    assert_ok(weft_plugin_start(couple.user.plugin));
    while (!atomic_load(&spun)) { /* the first visit may not be the call yet */
        weft_plugin_cancel(couple.owner.plugin);
        sched_yield();
    }
    pthread_join(thread, &error);
    assert_int_equal(weft_error_code(error), WEFT_CANCELLED);
    weft_error_delete(error);
    couple_delete(&couple);
}

/* ---- functions that are passed on --------------------------------------------------------------- */

static const char passer[] =
    "(component (import \"t:owner/api@1.0.0\" (instance $o " OWNER_TYPE "))"
    " (export \"t:owner/api@1.0.0\" (instance $o)))";

/* The host calls them as it calls the plugin's own. */
static void what_a_provider_exports_can_be_exported_again(void **state) {
    (void)state;
    give_signals_back();
    guest_component_t first = guest_with(owner, 0, NULL, 0);
    guest_component_t second = guest_with(passer, 0, &first.plugin, 1);
    guest_component_t third = guest_with(passer, 0, &second.plugin, 1);
    weft_value_t seven = weft_u32(7), handle, out;
    assert_ok(call1(third.plugin, "api", "make", &seven, &handle));
    assert_ok(call1(second.plugin, "api", "value", &handle, &out));
    assert_int_equal(out.of.u32, 7);
    weft_func_t *live = func_of(third.plugin, "api", "live");
    weft_flat_t flat = {0, 0};
    assert_ok(weft_func_prepare_flat(live));
    assert_ok(weft_func_call_flat(live, &flat));
    assert_int_equal(flat.bits, 1);
    assert_ok(call1(third.plugin, "api", "take", &handle, &out));
    weft_value_clear(&handle);
    assert_ok(weft_func_call_flat(live, &flat));
    assert_int_equal(flat.bits, 0);
    guest_delete(&first);
    guest_delete(&second);
    guest_delete(&third);
}

static void the_deadline_of_who_passes_on_holds(void **state) {
    (void)state;
    give_signals_back();
    guest_component_t first = guest_with(owner, 0, NULL, 0);
    guest_component_t second = guest_with(passer, 20000000, &first.plugin, 1);
    assert_error(call1(second.plugin, "api", "spin", NULL, NULL),
                 "weft: the call took longer than its deadline of 20 ms\n"
                 "note: it was in, innermost first:\n"
                 "      d!function 4\n");
    guest_delete(&first);
    guest_delete(&second);
}

/* ---- the native stack --------------------------------------------------------------------------- */

enum { CHAIN = 64 };

#define LINK(import, next)                                                                         \
    "(component " import                                                                           \
    " (core module $m (import \"\" \"next\" (func $next (param i32) (result i32)))"                \
    "  (func $down (param $n i32) (param $depth i32) (result i32)"                                 \
    "   (if (result i32) (local.get $n)"                                                           \
    "    (then (i32.add (i32.const 1)"                                                             \
    "     (call $down (i32.sub (local.get $n) (i32.const 1)) (local.get $depth))))"                \
    "    (else (call $next (local.get $depth)))))"                                                 \
    "  (func (export \"go\") (param i32) (result i32)"                                             \
    "   (call $down (local.get 0) (local.get 0))))" next                                           \
    " (core instance $i (instantiate $m (with \"\" (instance (export \"next\" (func $next))))))"   \
    " (func $go (param \"n\" u32) (result u32) (canon lift (core func $i \"go\")))"                \
    " (instance $api (export \"go\" (func $go))) (export \"t:chain/api\" (instance $api)))"

static const char middle_link[] = LINK(
    "(import \"t:chain/api\" (instance $o (export \"go\" (func (param \"n\" u32) (result u32)))))",
    " (core func $next (canon lower (func $o \"go\")))");
static const char last_link[] = LINK(
    "", " (core module $e (func (export \"f\") (param i32) (result i32) (i32.const 0)))"
        " (core instance $ei (instantiate $e)) (alias core export $ei \"f\" (core func $next))");

static bool goes_as_deep_as(uint32_t depth) {
    guest_component_t guest = guest_with(last_link, 0, NULL, 0);
    weft_value_t in = weft_u32(depth), out;
    weft_error_t *error = call1(guest.plugin, "api", "go", &in, &out);
    bool does = !error;
    weft_error_delete(error);
    guest_delete(&guest);
    return does;
}

/* The most calls that one plugin's stack has room for. */
static uint32_t deepest(void) {
    uint32_t least = 1000, most = 100000;
    while (most - least > 50) {
        uint32_t middle = least + (most - least) / 2;
        if (goes_as_deep_as(middle)) least = middle;
        else most = middle;
    }
    return least;
}

typedef struct dive {
    weft_plugin_t *plugin;
    uint32_t depth, reached;
    weft_error_t *error, *endless;
} dive_t;

static void run_dive(dive_t *dive) {
    weft_func_t *func;
    weft_value_t in = weft_u32(dive->depth), out = weft_u32(0);
    dive->error = weft_plugin_func(dive->plugin, "api", "go", &func);
    if (!dive->error) dive->error = weft_func_call(func, &in, 1, &out, 1);
    dive->reached = out.of.u32;
    in = weft_u32(UINT32_MAX);
    if (!dive->error) dive->endless = weft_func_call(func, &in, 1, &out, 1);
}

static void *dive_on_thread(void *context) {
    run_dive(context);
    return NULL;
}

static void dive_with(dive_t *dive, size_t stack) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack);
    assert_int_equal(pthread_create(&thread, &attributes, dive_on_thread, dive), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
}

static dive_t *on_fiber;

static void fiber(void) {
    run_dive(on_fiber);
}

static void dive_on_fiber(dive_t *dive, size_t size) {
    ucontext_t here, there;
    void *stack = malloc(size);
    assert_non_null(stack);
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = size;
    there.uc_link = &here;
    on_fiber = dive;
    makecontext(&there, fiber, 0);
    assert_int_equal(swapcontext(&here, &there), 0);
    free(stack);
}

/* Each plugin uses all of the stack that it may before it calls the next one. */
static void sixty_four_plugins_at_full_depth(void **state) {
    (void)state;
    uint32_t depth = deepest() - 20;
    assert_true(depth > 5000);
    for (int way = 0; way < 3; way++) {
        guest_component_t guests[CHAIN];
        for (int i = 0; i < CHAIN; i++)
            guests[i] = i ? guest_with(middle_link, 0, &guests[i - 1].plugin, 1)
                          : guest_with(last_link, 0, NULL, 0);
        dive_t dive = {.plugin = guests[CHAIN - 1].plugin, .depth = depth};
        if (way == 0) dive_with(&dive, 8 << 20);
        if (way == 1) dive_with(&dive, 256 << 10);
        if (way == 2) dive_on_fiber(&dive, 256 << 10);
        assert_ok(dive.error);
        assert_int_equal(dive.reached, CHAIN * depth);
        assert_true(weft_str_eq(weft_error_message(dive.endless),
                                weft_str("the guest trapped: call stack exhausted")));
        weft_error_delete(dive.endless);
        for (int i = CHAIN; i--;) guest_delete(&guests[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_are_served_by_versions_that_go_together),
        cmocka_unit_test(types_that_differ_are_told),
        cmocka_unit_test(resources_of_two_plugins_are_two),
        cmocka_unit_test(hosted_plugins_cannot_be_linked),
        cmocka_unit_test(what_the_host_gives_is_not_passed_on),
        cmocka_unit_test(handles_lead_to_the_owner),
        cmocka_unit_test(the_host_has_handles_through_another_plugin),
        cmocka_unit_test(a_deleted_importer_gives_its_handles_back),
        cmocka_unit_test(a_third_plugin_gets_handles),
        cmocka_unit_test(a_handle_is_gone_when_it_was_given_away),
        cmocka_unit_test(dropping_at_a_spent_owner_does_nothing),
        cmocka_unit_test(a_destructor_that_traps_spends_the_owner_alone),
        cmocka_unit_test(a_callee_that_traps_takes_the_caller_with_it),
        cmocka_unit_test(a_provider_is_one_instance_for_all),
        cmocka_unit_test(a_provider_lives_as_long_as_its_importers),
        cmocka_unit_test(parts_do_what_their_composition_does),
        cmocka_unit_test(calls_between_stores_allocate_nothing),
        cmocka_unit_test(lack_of_memory_is_an_error_everywhere),
        cmocka_unit_test(who_lies_is_to_blame),
        cmocka_unit_test(a_spoiled_call_leaves_no_handles),
        cmocka_unit_test(the_earliest_deadline_of_a_chain_holds),
        cmocka_unit_test(many_short_calls_are_one_long_one),
        cmocka_unit_test(the_deadline_ends_a_copy),
        cmocka_unit_test(any_plugin_of_a_chain_can_be_cancelled),
        cmocka_unit_test(threads_share_a_provider),
        cmocka_unit_test(a_start_does_not_wait_for_a_busy_provider),
        cmocka_unit_test(what_a_provider_exports_can_be_exported_again),
        cmocka_unit_test(the_deadline_of_who_passes_on_holds),
        cmocka_unit_test(sixty_four_plugins_at_full_depth),
    };
    return cmocka_run_group_tests_name("stores", tests, make_engine, delete_engine);
}
