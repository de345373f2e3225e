/* libweft-runtime on demand. It brings an engine of 27 MB, and to load that takes longer than most verbs take for
 * their whole work without it. So the program is not linked to the library: it has the functions below in its
 * place, each of which passes its call on, and the first of them loads it. (The tests are linked to the library
 * itself and have no use for this file.)
 *
 * A verb that wants one more function of the runtime has it listed here and marked WEFT_API where it is declared. */
#ifdef WEFT_HAVE_RUNTIME

#include <dlfcn.h>

#include "runtime/plugin.h"

#define FUNCTIONS(X)                                                                               \
    X(weft_engine_new)                                                                             \
    X(weft_engine_delete)                                                                          \
    X(weft_engine_keep_code)                                                                       \
    X(weft_engine_check)                                                                           \
    X(weft_plugin_read)                                                                            \
    X(weft_plugin_delete)                                                                          \
    X(weft_plugin_engine)                                                                          \
    X(weft_plugin_query)                                                                           \
    X(weft_plugin_run)                                                                             \
    X(weft_func_call)                                                                              \
    X(weft_func_result_count)                                                                      \
    X(weft_wat_to_wasm)

static struct {
    void *library;
#define FIELD(name) __typeof__(name) *name;
    FUNCTIONS(FIELD)
#undef FIELD
} runtime;

static weft_error_t *cannot_load(const char *why) {
    return weft_error_with_help(
        weft_error_new(WEFT_IO, "the runtime, which this needs, cannot be loaded: %s", why),
        "it is installed as lib/" WEFT_RUNTIME_LIBRARY " beside bin/weft");
}

static weft_error_t *find(void *library, const char *name, void *function) {
    void *address = dlsym(library, name);
    if (!address) return cannot_load(dlerror());
    memcpy(function, &address, sizeof address);
    return NULL;
}

static weft_error_t *find_all(void *library) {
#define FIND(name) TRY(find(library, #name, &runtime.name));
    FUNCTIONS(FIND)
#undef FIND
    runtime.library = library;
    return NULL;
}

/* The library stays loaded. */
static weft_error_t *load(void) {
    if (runtime.library) return NULL;
    void *library = dlopen(WEFT_RUNTIME_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) return cannot_load(dlerror());
    weft_error_t *error = find_all(library);
    if (error) dlclose(library);
    return error;
}

/* ---- what may come first ---------------------------------------------------------------------- */

weft_error_t *weft_engine_new(weft_engine_t **engine) {
    TRY(load());
    return runtime.weft_engine_new(engine);
}

weft_error_t *weft_wat_to_wasm(weft_str_t text, weft_bytes_t *binary) {
    TRY(load());
    return runtime.weft_wat_to_wasm(text, binary);
}

/* ---- what needs an engine, a plugin or a function --------------------------------------------- */

void weft_engine_delete(weft_engine_t *engine) {
    if (engine) runtime.weft_engine_delete(engine);
}

weft_error_t *weft_engine_keep_code(weft_engine_t *engine, const char *folder) {
    return runtime.weft_engine_keep_code(engine, folder);
}

weft_error_t *weft_engine_check(weft_engine_t *engine, weft_bytes_t component) {
    return runtime.weft_engine_check(engine, component);
}

weft_error_t *weft_plugin_read(weft_engine_t *engine, weft_bytes_t component,
                               const weft_options_t *options, weft_plugin_t **plugin) {
    return runtime.weft_plugin_read(engine, component, options, plugin);
}

void weft_plugin_delete(weft_plugin_t *plugin) {
    if (plugin) runtime.weft_plugin_delete(plugin);
}

weft_engine_choice_t weft_plugin_engine(const weft_plugin_t *plugin, const char **why) {
    return runtime.weft_plugin_engine(plugin, why);
}

weft_error_t *weft_plugin_query(weft_plugin_t *plugin, const func_query_t *query,
                                weft_func_t **func) {
    return runtime.weft_plugin_query(plugin, query, func);
}

weft_error_t *weft_plugin_run(weft_plugin_t *plugin, int *status) {
    return runtime.weft_plugin_run(plugin, status);
}

weft_error_t *weft_func_call(weft_func_t *func, const weft_value_t *args, size_t arg_count,
                             weft_value_t *results, size_t result_count) {
    return runtime.weft_func_call(func, args, arg_count, results, result_count);
}

size_t weft_func_result_count(const weft_func_t *func) {
    return runtime.weft_func_result_count(func);
}

#else
typedef int weft_loader_needs_the_runtime_t;
#endif
