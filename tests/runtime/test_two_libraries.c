/* A program that has libweft in it and loads libweft-runtime, as `weft` does: what one makes the other frees. */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "common/process.h"
#include "common/sanitized.h"
#include "support/buf.h"
#include "support/error.h"

#include <weft/runtime.h>

/* libweft-runtime.so's own. */
typedef struct runtime {
    void *library;
    weft_error_t *(*engine_new)(weft_engine_t **);
    void (*engine_delete)(weft_engine_t *);
    weft_error_t *(*plugin_read)(weft_engine_t *, weft_bytes_t, const weft_options_t *,
                                 weft_plugin_t **);
} runtime_t;

static void find(void *library, const char *name, void *function) {
    void *found = dlsym(library, name);
    assert_non_null(found);
    memcpy(function, &found, sizeof found);
}

static runtime_t load(void) {
    char path[4096];
    runtime_t runtime;
    snprintf(path, sizeof path, "%s/lib/libweft-runtime.so", getenv("WEFT_BUILD_DIR"));
    runtime.library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!runtime.library) fail_msg("%s", dlerror());
    find(runtime.library, "weft_engine_new", &runtime.engine_new);
    find(runtime.library, "weft_engine_delete", &runtime.engine_delete);
    find(runtime.library, "weft_plugin_read", &runtime.plugin_read);
    return runtime;
}

/* Types without end: reading them takes more memory than malloc has at hand. */
static weft_bytes_t large_component(buf_t *out) {
    static const uint8_t header[] = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};
    enum { TYPES = 500000 };
    buf_t section = {0};
    weft_buf_u32(&section, TYPES);
    for (unsigned i = 0; i < TYPES; i++) {
        weft_buf_byte(&section, 0x70); /* (list u8) */
        weft_buf_byte(&section, 0x7d);
    }
    weft_buf_bytes(out, header, sizeof header);
    weft_buf_byte(out, 7);
    weft_buf_u32(out, (uint32_t)section.len);
    weft_buf_bytes(out, section.data, section.len);
    weft_buf_free(&section);
    assert_false(out->failed);
    return weft_buf_as_bytes(out);
}

static void the_lack_of_memory_of_one_is_deleted_by_the_other(void **state) {
    (void)state;
    if (SANITIZED) skip(); /* sanitizers want all of the address space */
    runtime_t runtime = load();
    weft_engine_t *engine;
    weft_plugin_t *plugin;
    struct rlimit before, little;
    buf_t out = {0};
    weft_bytes_t component = large_component(&out);
    assert_null(runtime.engine_new(&engine));
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    little = (struct rlimit){process_space() + (4 << 20), before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
    weft_error_t *error = runtime.plugin_read(engine, component, NULL, &plugin);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_non_null(error);
    assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
    assert_ptr_not_equal(error, weft_error_oom());
    assert_ptr_equal(weft_error_with_note(error, "a note that nobody will see"), error);
    weft_error_delete(error);
    runtime.engine_delete(engine);
    weft_buf_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lack_of_memory_of_one_is_deleted_by_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
