/* What the runtime's tests share: an engine, components from text, errors as text. */
#ifndef WEFT_TESTS_RUNTIME_GUEST_H
#define WEFT_TESTS_RUNTIME_GUEST_H

#include <weft/runtime.h>

/* A component with its bytes. */
typedef struct guest_component {
    weft_bytes_t binary;
    weft_plugin_t *plugin;
} guest_component_t;

/* The error as the command prints it, which the caller frees; the error is freed. Fails for NULL. */
char *rendered(weft_error_t *error);

/* Fails with the error's text when there is one. */
void assert_ok(weft_error_t *error);

/* Fails unless the error reads so. */
void assert_error(weft_error_t *error, const char *text);

/* An engine that can be used in cmocka's tests; NULL when there is none. */
weft_engine_t *engine_of_tests(void);

/* Takes the signals back from cmocka: at the beginning of a test that loads its components by itself. */
void give_signals_back(void);

/* Loads a component file under tests/; fails when it cannot. */
weft_plugin_t *plugin_of(weft_engine_t *engine, const char *name);

/* Loads a component from its text; fails when it cannot. */
guest_component_t guest_of(weft_engine_t *engine, const char *wat, const weft_options_t *options);
void guest_delete(guest_component_t *guest);

/* A function of the plugin; fails when there is none. */
weft_func_t *func_of(weft_plugin_t *plugin, const char *interface, const char *name);

/* Calls a function at the root, of numbers of 32 bits, with as many of the arguments as it has parameters; 0: it has no
 * result. Fails when the call does. */
uint32_t call_numbers(weft_plugin_t *plugin, const char *name, uint32_t a, uint32_t b);

#endif
