/* Component values and start functions on the direct engine. What needs no host is in wast/direct/start.wast. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <weft/component.h>

#include "runtime/engine_group.h"
#include "runtime/guest.h"
#include "support/alloc.h"
#include "support/buf.h"
#include "support/error.h"

/* ---- the host's side -------------------------------------------------------------------------- */

static weft_value_t seen; /* what the start function was called with */
static size_t times;

static weft_error_t *on_see(void *context, const weft_value_t *args, size_t count,
                            weft_value_t *result) {
    (void)context, (void)result;
    assert_int_equal(count, 1);
    times++;
    weft_value_clear(&seen);
    return weft_value_copy(&args[0], &seen);
}

static weft_error_t *on_refuse(void *context, const weft_value_t *args, size_t count,
                               weft_value_t *result) {
    (void)context, (void)args, (void)count, (void)result;
    return weft_error_new(WEFT_LIMIT, "seen enough");
}

static const weft_host_func_t sees[] = {{NULL, "see", on_see, NULL}};
static const weft_host_func_t refuses[] = {{NULL, "see", on_refuse, NULL}};

static weft_options_t with_funcs(const weft_host_func_t *funcs) {
    return (weft_options_t){.engine = WEFT_ENGINE_AUTO, .funcs = funcs, .func_count = 1};
}

/* ---- components with a value ------------------------------------------------------------------ */

typedef struct literal {
    const char *types; /* that the text has before the import `see` */
    const char *name;  /* of the type in the text */
    uint8_t type;      /* in the file: a primitive or an index */
    const char *hex;   /* the value */
    size_t declared;   /* that length is written, 0: the right one */
} literal_t;

/* The text of a start function that the host gives, and behind it a value and the call: text has no form for values. */
static buf_t component_with(const literal_t *literal) {
    char text[512];
    weft_bytes_t head;
    buf_t out = {0};
    size_t len = strlen(literal->hex) / 2;
    snprintf(text, sizeof text, "(component %s (import \"see\" (func (param \"v\" %s))))",
             literal->types, literal->name);
    assert_ok(weft_wat_to_wasm(weft_str(text), &head));
    weft_buf_bytes(&out, head.ptr, head.len);
    weft_free((void *)(uintptr_t)head.ptr);
    const uint8_t value[] = {12, (uint8_t)(len + 3), 1, literal->type,
                             (uint8_t)(literal->declared ? literal->declared : len)};
    weft_buf_bytes(&out, value, sizeof value);
    for (size_t i = 0; i < len; i++) {
        unsigned byte;
        assert_int_equal(sscanf(literal->hex + 2 * i, "%2x", &byte), 1);
        weft_buf_byte(&out, (uint8_t)byte);
    }
    static const uint8_t start[] = {9, 4, 0, 1, 0, 0}; /* function 0, value 0, no result */
    weft_buf_bytes(&out, start, sizeof start);
    assert_false(out.failed);
    return out;
}

static weft_error_t *load_and_start(weft_bytes_t binary, const weft_options_t *options) {
    weft_plugin_t *plugin = NULL;
    weft_error_t *error = weft_plugin_read(engine, binary, options, &plugin);
    if (!error) error = weft_plugin_start(plugin);
    weft_plugin_delete(plugin);
    return error;
}

/* ---- values in the file ----------------------------------------------------------------------- */

static void assert_seen(const literal_t *literal, weft_value_t value) {
    buf_t binary = component_with(literal);
    weft_options_t options = with_funcs(sees);
    times = 0;
    assert_ok(load_and_start(weft_buf_as_bytes(&binary), &options));
    assert_int_equal(times, 1);
    assert_true(weft_value_equal(&seen, &value));
    weft_value_clear(&seen);
    weft_buf_free(&binary);
}

static void a_value_in_the_file_reaches_the_start_function(void **state) {
    (void)state;
    give_signals_back();
    static const char record[] =
        "(type $r' (record (field \"a\" u8) (field \"b\" (option string))))"
        "(import \"r\" (type $r (eq $r')))";
    weft_value_t text = weft_string("hi"), five = weft_u32(5);
    weft_value_t fields[2] = {weft_u8(7), weft_some(&text)}, items[2] = {weft_u32(300), five};
    assert_seen(&(literal_t){"", "bool", 0x7f, "01", 0}, weft_bool(true));
    assert_seen(&(literal_t){"", "string", 0x73, "026869", 0}, text);
    assert_seen(&(literal_t){"", "char", 0x74, "f09f9982", 0}, weft_char(0x1f642));
    assert_seen(&(literal_t){"(type $l (list u32))", "$l", 0, "02ac0205", 0}, weft_list(items, 2));
    assert_seen(&(literal_t){"(type $l (list u8))", "$l", 0, "026869", 0}, weft_byte_list("hi", 2));
    assert_seen(&(literal_t){record, "$r", 2, "0701026869", 0}, weft_record(fields, 2));
}

static void a_value_that_is_none_of_its_type_is_refused(void **state) {
    (void)state;
    give_signals_back();
    static const struct {
        literal_t literal;
        const char *words;
    } wrong[] = {
        {{"", "bool", 0x7f, "02", 0}, "a bool is 0 or 1, not 2"},
        {{"", "bool", 0x7f, "0100", 0}, "the value ends 1 bytes early"},
        {{"", "string", 0x73, "02ff41", 0}, "a name that is not valid UTF-8"},
        {{"", "string", 0x73, "7f41", 0}, "a length of 127 bytes where 1 are left"},
        {{"(type $l (list u32))", "$l", 0, "ffffffff0f00", 0},
         "4294967295 elements where 1 bytes are left"},
        {{"(type $m (map string u8))", "$m", 0, "00", 0},
         "a value of type map<string, u8> cannot be written down"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        buf_t binary = component_with(&wrong[i].literal);
        weft_options_t options = with_funcs(sees);
        weft_component_t *component;
        times = 0;
        weft_error_t *error = load_and_start(weft_buf_as_bytes(&binary), &options);
        assert_int_equal(weft_error_code(error), WEFT_MALFORMED);
        assert_int_not_equal(weft_error_offset(error), WEFT_NO_OFFSET);
        assert_string_equal(weft_error_message(error).ptr, wrong[i].words);
        assert_int_equal(times, 0);
        weft_error_delete(error);

        /* and weft_component_validate says so too */
        assert_ok(weft_component_read(weft_buf_as_bytes(&binary), &component));
        error = weft_component_validate(component);
        assert_non_null(error);
        assert_string_equal(weft_error_message(error).ptr, wrong[i].words);
        weft_error_delete(error);
        weft_component_delete(component);
        weft_buf_free(&binary);
    }
}

/* Values, sections and sizes that end anywhere, and every bit of the tail turned. */
static void mutilated_values_are_values_or_errors(void **state) {
    (void)state;
    give_signals_back();
    static const literal_t good = {"(type $t (tuple string (option char))) (type $l (list $t))",
                                   "$l", 2, "0201610001620141", 0};
    buf_t binary = component_with(&good);
    weft_options_t options = with_funcs(sees);
    size_t tail = strlen(good.hex) / 2 + 11;
    assert_ok(load_and_start(weft_buf_as_bytes(&binary), &options));
    for (size_t at = binary.len - tail; at < binary.len; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            binary.data[at] ^= (uint8_t)(1U << bit);
            weft_error_t *error = load_and_start(weft_buf_as_bytes(&binary), &options);
            assert_int_not_equal(weft_error_code(error), WEFT_INTERNAL);
            weft_error_delete(error);
            binary.data[at] ^= (uint8_t)(1U << bit);
        }
        weft_bytes_t part = {binary.data, at};
        weft_error_delete(load_and_start(part, &options));
    }
    weft_value_clear(&seen);
    weft_buf_free(&binary);
}

/* ---- start functions -------------------------------------------------------------------------- */

static weft_error_t *start_of(const char *wat, const weft_options_t *options) {
    guest_component_t guest = guest_of(engine, wat, options);
    assert_int_equal(weft_plugin_engine(guest.plugin, NULL), WEFT_ENGINE_DIRECT);
    weft_error_t *error = weft_plugin_start(guest.plugin);
    weft_error_t *again = weft_plugin_start(guest.plugin);
    if (error) assert_non_null(again); /* it is spent */
    weft_error_delete(again);
    guest_delete(&guest);
    return error;
}

#define CORE(code)                                                                                 \
    "(core module $m (memory (export \"memory\") 1)"                                               \
    "  (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 1000000))"       \
    "  (func (export \"go\") " code "))"                                                           \
    "(core instance $i (instantiate $m))"

static void a_trap_of_the_start_function_ends_the_start(void **state) {
    (void)state;
    weft_error_t *error =
        start_of("(component " CORE(
                     "unreachable") "(func $go (canon lift (core func $i \"go\"))) (start $go))",
                 NULL);
    char *text = rendered(error);
    assert_non_null(strstr(text, "unreachable"));
    assert_non_null(strstr(text, "note: this was while the component started\n"));
    weft_free(text);
}

static void a_start_function_that_lies_traps(void **state) {
    (void)state;
    assert_error(
        start_of("(component " CORE(
                     "(result i32) (i32.const 2000000)") "(func $go (result string) (canon lift "
                                                         "(core func $i \"go\")"
                                                         "  (memory (core memory $i \"memory\"))))"
                                                         "(start $go (result (value $v))) (export "
                                                         "\"v\" (value $v)))",
                 NULL),
        "weft: the guest trapped: pointer out of bounds of memory\n"
        "note: this was while the component started\n");
    assert_error(start_of("(component " CORE(
                              "(result i32) (i32.const 0xd800)") "(func $go (result char) (canon "
                                                                 "lift (core func $i \"go\")))"
                                                                 "(start $go (result (value $v))) "
                                                                 "(export \"v\" (value $v)))",
                          NULL),
                 "weft: the guest trapped: invalid `char` bit pattern\n"
                 "note: this was while the component started\n");
}

static void a_start_function_sees_the_deadline(void **state) {
    (void)state;
    weft_options_t options = {.deadline_ns = 20000000};
    weft_error_t *error = start_of(
        "(component " CORE(
            "(loop $l (br $l))") "(func $go (canon lift (core func $i \"go\"))) (start $go))",
        &options);
    char *text = rendered(error);
    assert_non_null(strstr(text, "this was while the component started"));
    weft_free(text);
}

static void an_error_of_the_hosts_start_function_is_passed_on(void **state) {
    (void)state;
    give_signals_back();
    buf_t binary = component_with(&(literal_t){"", "bool", 0x7f, "01", 0});
    weft_options_t options = with_funcs(refuses);
    assert_error(load_and_start(weft_buf_as_bytes(&binary), &options), "weft: seen enough\n");
    weft_buf_free(&binary);
}

/* The value holds a handle that nobody takes; it goes with the plugin. */
static void an_exported_value_is_kept(void **state) {
    (void)state;
    static const char text[] =
        "(component (type $r' (resource (rep i32))) (export $r \"r\" (type $r'))"
        " (core func $new (canon resource.new $r'))"
        " (core module $m (import \"\" \"new\" (func $new (param i32) (result i32)))"
        "   (memory (export \"memory\") 1)"
        "   (func (export \"go\") (result i32)"
        "     (i32.store (i32.const 8) (call $new (i32.const 1)))"
        "     (i32.store (i32.const 12) (i32.const 8)) (i32.store (i32.const 16) (i32.const 1))"
        "     (i32.const 12))"
        "   (func (export \"n\") (result i32) (i32.const 9)))"
        " (core instance $i (instantiate $m (with \"\" (instance (export \"new\" (func $new))))))"
        " (type $l (list (own $r)))"
        " (func $go (result $l)"
        "   (canon lift (core func $i \"go\") (memory (core memory $i \"memory\"))))"
        " (start $go (result (value $v))) (export \"v\" (value $v))"
        " (func (export \"n\") (result u32) (canon lift (core func $i \"n\"))))";
    guest_component_t guest = guest_of(engine, text, NULL);
    weft_value_t out;
    assert_ok(weft_func_call(func_of(guest.plugin, NULL, "n"), NULL, 0, &out, 1));
    assert_int_equal(out.of.u32, 9);
    guest_delete(&guest);
}

/* The start function is another plugin's. */
static void a_start_function_of_another_plugin_is_called(void **state) {
    (void)state;
    guest_component_t provider = guest_of(
        engine,
        "(component (core module $m (memory (export \"memory\") 1) (global $n (mut i32) (i32.const "
        "0))"
        "   (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 64))"
        "   (func (export \"put\") (param i32 i32) (result i32)"
        "     (global.set $n (i32.add (global.get $n) (local.get 1))) (global.get $n))"
        "   (func (export \"get\") (result i32) (global.get $n)))"
        " (core instance $i (instantiate $m))"
        " (func $put (param \"s\" string) (result u32) (canon lift (core func $i \"put\")"
        "   (memory (core memory $i \"memory\")) (realloc (core func $i \"realloc\"))))"
        " (func $get (result u32) (canon lift (core func $i \"get\")))"
        " (instance $x (export \"put\" (func $put)) (export \"get\" (func $get)))"
        " (export \"my:own/log\" (instance $x)))",
        NULL);
    weft_plugin_t *providers[1] = {provider.plugin};
    weft_options_t options = {.providers = providers, .provider_count = 1};
    guest_component_t guest =
        guest_of(engine,
                 "(component (import \"my:own/log\" (instance $log"
                 "   (export \"put\" (func (param \"s\" string) (result u32)))))"
                 " (core module $m (memory (export \"memory\") 1) (data (i32.const 0) "
                 "\"\\08\\00\\00\\00\\05\")"
                 "   (func (export \"text\") (result i32) (i32.const 0)))"
                 " (core instance $i (instantiate $m))"
                 " (func $text (result string) (canon lift (core func $i \"text\")"
                 "   (memory (core memory $i \"memory\"))))"
                 " (component $maker (import \"text\" (func $text (result string)))"
                 "   (start $text (result (value $v))) (export \"v\" (value $v)))"
                 " (instance $made (instantiate $maker (with \"text\" (func $text))))"
                 " (alias export $made \"v\" (value $v)) (alias export $log \"put\" (func $put))"
                 " (start $put (value $v) (result (value $n))) (export \"n\" (value $n)))",
                 &options);
    weft_value_t out;
    assert_ok(weft_plugin_start(guest.plugin));
    assert_ok(weft_func_call(func_of(provider.plugin, "my:own/log", "get"), NULL, 0, &out, 1));
    assert_int_equal(out.of.u32, 5);
    guest_delete(&guest);
    guest_delete(&provider);
}

/* ---- what is refused -------------------------------------------------------------------------- */

static weft_error_t *load(const char *wat, const weft_options_t *options) {
    weft_bytes_t binary;
    weft_plugin_t *plugin = NULL;
    give_signals_back();
    assert_ok(weft_wat_to_wasm(weft_str(wat), &binary));
    weft_error_t *error = weft_plugin_read(engine, binary, options, &plugin);
    weft_plugin_delete(plugin);
    weft_free((void *)(uintptr_t)binary.ptr);
    return error;
}

static void a_value_that_the_host_should_give_is_refused(void **state) {
    (void)state;
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT};
    assert_error(
        load("(component (import \"v\" (value $v string)) (export \"w\" (value $v)))", &options),
        "weft: the component has an import that nothing provides\nnote: value v\n"
        "help: compose it with a component that exports this: weft compose\n");
    assert_error(
        load("(component (import \"my:own/i\" (instance (export \"v\" (value string)))))",
             &options),
        "weft: the component has an import that nothing provides\nnote: instance my:own/i\n"
        "help: compose it with a component that exports this: weft compose\n");
}

static void a_start_function_that_is_async_is_refused(void **state) {
    (void)state;
    weft_options_t options = {.engine = WEFT_ENGINE_DIRECT};
    assert_error(
        start_of("(component " CORE(
                     "") "(func $go async (canon lift (core func $i \"go\") async)) (start $go))",
                 &options),
        "weft: the guest uses async, which needs the hosted engine (at offset 0x7f)\n"
        "help: use --engine hosted, or auto\n");
}

static void the_hosted_engine_says_that_it_has_no_values(void **state) {
    (void)state;
    weft_options_t options = {.engine = WEFT_ENGINE_HOSTED};
    weft_error_t *error =
        load("(component " CORE("") "(func $go (canon lift (core func $i \"go\")))"
                                    "(start $go))",
             &options);
    assert_int_equal(weft_error_code(error), WEFT_UNSUPPORTED);
    weft_error_delete(error);
}

static void lack_of_memory_is_an_error(void **state) {
    (void)state;
    give_signals_back();
    static const literal_t good = {"(type $t (tuple string (option char))) (type $l (list $t))",
                                   "$l", 2, "0201610001620141", 0};
    buf_t binary = component_with(&good);
    weft_options_t options = with_funcs(sees);
    for (size_t n = 1;; n += 1 + n / 64) {
        weft_alloc_fail_after(n);
        weft_error_t *error = load_and_start(weft_buf_as_bytes(&binary), &options);
        weft_alloc_fail_after(0);
        if (!error) break;
        if (weft_error_code(error) != WEFT_NO_MEMORY) fail_msg("%zu: %s", n, rendered(error));
        weft_error_delete(error);
    }
    weft_value_clear(&seen);
    weft_buf_free(&binary);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_in_the_file_reaches_the_start_function),
        cmocka_unit_test(a_value_that_is_none_of_its_type_is_refused),
        cmocka_unit_test(mutilated_values_are_values_or_errors),
        cmocka_unit_test(a_trap_of_the_start_function_ends_the_start),
        cmocka_unit_test(a_start_function_that_lies_traps),
        cmocka_unit_test(a_start_function_sees_the_deadline),
        cmocka_unit_test(an_error_of_the_hosts_start_function_is_passed_on),
        cmocka_unit_test(an_exported_value_is_kept),
        cmocka_unit_test(a_start_function_of_another_plugin_is_called),
        cmocka_unit_test(a_value_that_the_host_should_give_is_refused),
        cmocka_unit_test(a_start_function_that_is_async_is_refused),
        cmocka_unit_test(the_hosted_engine_says_that_it_has_no_values),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests_name("values", tests, make_engine, delete_engine);
}
