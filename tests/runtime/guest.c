#include "runtime/guest.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

char *rendered(weft_error_t *error) {
    char *text;
    assert_non_null(error);
    assert_null(weft_error_render(error, &text));
    weft_error_delete(error);
    return text;
}

void assert_ok(weft_error_t *error) {
    if (error) fail_msg("%s", rendered(error));
}

void assert_error(weft_error_t *error, const char *text) {
    char *found = rendered(error);
    assert_string_equal(found, text);
    weft_free(found);
}

/* Wasmtime catches traps as signals, and so does cmocka, which takes them anew for each test. */
static const int signals[] = {SIGILL, SIGFPE, SIGSEGV, SIGBUS};
static struct sigaction wasmtimes[sizeof signals / sizeof *signals];

weft_engine_t *engine_of_tests(void) {
    weft_engine_t *engine;
    weft_bytes_t empty;
    if (weft_engine_new(&engine)) return NULL;
    /* the handlers are there from the first use on */
    if (weft_wat_to_wasm(weft_str("(component)"), &empty) || weft_engine_check(engine, empty))
        return NULL;
    weft_free((void *)(uintptr_t)empty.ptr);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], NULL, &wasmtimes[i]);
    return engine;
}

void give_signals_back(void) {
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &wasmtimes[i], NULL);
}

weft_plugin_t *plugin_of(weft_engine_t *engine, const char *name) {
    static char path[4096];
    weft_plugin_t *plugin;
    const char *folder = getenv("WEFT_TESTS_DIR");
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "tests", name);
    give_signals_back();
    assert_ok(weft_plugin_load(engine, path, NULL, &plugin));
    return plugin;
}

guest_component_t guest_of(weft_engine_t *engine, const char *wat, const weft_options_t *options) {
    guest_component_t guest;
    give_signals_back();
    assert_ok(weft_wat_to_wasm(weft_str(wat), &guest.binary));
    assert_ok(weft_plugin_read(engine, guest.binary, options, &guest.plugin));
    return guest;
}

void guest_delete(guest_component_t *guest) {
    weft_plugin_delete(guest->plugin);
    weft_free((void *)(uintptr_t)guest->binary.ptr);
}

weft_func_t *func_of(weft_plugin_t *plugin, const char *interface, const char *name) {
    weft_func_t *func = NULL;
    assert_ok(weft_plugin_func(plugin, interface, name, &func));
    return func;
}

uint32_t call_numbers(weft_plugin_t *plugin, const char *name, uint32_t a, uint32_t b) {
    weft_value_t args[2] = {weft_u32(a), weft_u32(b)}, result = weft_u32(0);
    weft_func_t *func = func_of(plugin, NULL, name);
    assert_ok(weft_func_call(func, args, weft_func_param_count(func), &result,
                             weft_func_result_count(func)));
    return result.of.u32;
}
