#include "runtime/liars.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static weft_plugin_t *bystander;

const weft_options_t directly = {.engine = WEFT_ENGINE_DIRECT};

void assert_bystander_is_well(void) {
    weft_value_t in = weft_string("well"), out;
    assert_ok(weft_func_call(func_of(bystander, "echo", "echo-string"), &in, 1, &out, 1));
    assert_true(weft_value_equal(&in, &out));
    weft_value_clear(&out);
}

void assert_traps(guest_component_t *guest, const char *name, const weft_value_t *args,
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

void assert_wat_traps(const char *wat, const char *name, const weft_value_t *args, size_t arg_count,
                      const char *words) {
    guest_component_t guest = guest_of(engine, wat, &directly);
    assert_traps(&guest, name, args, arg_count, words);
    guest_delete(&guest);
}

int set_up_liars(void **state) {
    if (make_engine(state) != 0) return 1;
    bystander = plugin_of(engine, "guests/echo.wasm");
    return 0;
}

int tear_down_liars(void **state) {
    weft_plugin_delete(bystander);
    return delete_engine(state);
}
