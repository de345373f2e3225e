/* What calls cost, in instructions that valgrind counts: always the same, on a machine that does other things besides, too.
 * The bounds are a fifth above what it takes today (600 and 445), 260 of which are Wasmtime's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/sanitized.h"
#include "runtime/guest.h"

enum { CALLS = 1000, DYNAMIC_MOST = 700, FLAT_MOST = 500 };

static const char add_wat[] =
    "(component (core module $m (func (export \"add\") (param i32 i32) (result i32)"
    "  (i32.add (local.get 0) (local.get 1))))"
    " (core instance $i (instantiate $m))"
    " (func (export \"add\") (param \"a\" u32) (param \"b\" u32) (result u32)"
    "  (canon lift (core func $i \"add\"))))";

/* ---- what is counted: this program again ------------------------------------------------------ */

static weft_error_t *call(weft_func_t *add, int dynamic, int flat) {
    weft_error_t *error = NULL;
    while (dynamic-- > 0 && !error) {
        weft_value_t in[2] = {weft_u32(1), weft_u32(2)}, out;
        error = weft_func_call(add, in, 2, &out, 1);
    }
    while (flat-- > 0 && !error) {
        weft_flat_t values[2] = {{1, 0}, {2, 0}};
        error = weft_func_call_flat(add, values);
    }
    return error;
}

static int be_counted(int dynamic, int flat) {
    weft_engine_t *engine;
    weft_plugin_t *plugin;
    weft_func_t *add;
    weft_bytes_t binary;
    if (weft_engine_new(&engine) || weft_wat_to_wasm(weft_str(add_wat), &binary) ||
        weft_plugin_read(engine, binary, NULL, &plugin) ||
        weft_plugin_func(plugin, NULL, "add", &add) || weft_func_prepare_flat(add))
        return 2;
    bool failed = call(add, 1, 1) || call(add, dynamic, flat);
    weft_plugin_delete(plugin);
    weft_engine_delete(engine);
    weft_free((void *)(uintptr_t)binary.ptr);
    return failed ? 2 : 0;
}

/* ---- counting --------------------------------------------------------------------------------- */

static double count(int dynamic, int flat) {
    char self[4096], command[4400], line[256];
    double instructions = 0;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(len > 0);
    self[len] = 0;
    snprintf(command, sizeof command,
             "valgrind --tool=callgrind --callgrind-out-file=/dev/null '%s' %d %d 2>&1", self,
             dynamic, flat);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    while (fgets(line, sizeof line, out)) {
        const char *found = strstr(line, "Collected : ");
        if (found) instructions = strtod(found + strlen("Collected : "), NULL);
    }
    assert_int_equal(pclose(out), 0);
    assert_true(instructions > 0);
    return instructions;
}

static void scalar_calls_take_few_instructions(void **state) {
    (void)state;
    if (SANITIZED || system("valgrind --version >/dev/null 2>&1") != 0) skip();
    double none = count(0, 0);
    int dynamic = (int)((count(CALLS, 0) - none) / (double)CALLS);
    int flat = (int)((count(0, CALLS) - none) / (double)CALLS);
    assert_in_range(dynamic, 1, DYNAMIC_MOST);
    assert_in_range(flat, 1, FLAT_MOST);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(scalar_calls_take_few_instructions)};
    if (argc == 3) return be_counted(atoi(argv[1]), atoi(argv[2]));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
