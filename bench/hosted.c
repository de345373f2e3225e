#include "hosted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasmtime.h>

struct hosted {
    wasm_engine_t *engine;
    wasmtime_component_t *component;
    wasmtime_component_linker_t *linker;
    wasmtime_store_t *store;
    wasmtime_component_instance_t instance;
    bool is_async;
};

/* Writes the last line of an error, which is its cause, and frees it; false when there is one. */
static bool passed(wasmtime_error_t *error, char *why, size_t why_size) {
    if (!error) return true;
    wasm_name_t text;
    wasmtime_error_message(error, &text);
    size_t end = text.size;
    while (end && (text.data[end - 1] == '\n' || text.data[end - 1] == ' ')) end--;
    size_t start = end;
    while (start && text.data[start - 1] != '\n') start--;
    while (start < end && text.data[start] == ' ') start++;
    snprintf(why, why_size, "%.*s", (int)(end - start), text.data + start);
    wasm_name_delete(&text);
    wasmtime_error_delete(error);
    return false;
}

static void finish(wasmtime_call_future_t *future) {
    if (!future) return;
    while (!wasmtime_call_future_poll(future)) {
    }
    wasmtime_call_future_delete(future);
}

static uint8_t *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    uint8_t *bytes = NULL;
    size_t room = 0, got;
    *size = 0;
    do {
        room += 1 << 16;
        uint8_t *more = realloc(bytes, room);
        if (!more) break;
        bytes = more;
        got = fread(bytes + *size, 1, room - *size, file);
        *size += got;
    } while (*size == room);
    fclose(file);
    return bytes;
}

static wasm_engine_t *make_engine(bool is_async) {
    wasm_config_t *config = wasm_config_new();
    wasmtime_config_wasm_component_model_set(config, true);
    wasmtime_config_concurrency_support_set(config, is_async);
    if (is_async) wasmtime_config_wasm_component_model_async_set(config, true);
    wasmtime_config_wasm_multi_memory_set(config, true);
    return wasm_engine_new_with_config(config);
}

static bool instantiate(hosted_t *hosted, char *why, size_t why_size) {
    wasmtime_context_t *context = wasmtime_store_context(hosted->store);
    wasmtime_error_t *error = NULL;
    if (hosted->is_async)
        finish(wasmtime_component_linker_instantiate_async(
            hosted->linker, context, hosted->component, &hosted->instance, &error));
    else
        error = wasmtime_component_linker_instantiate(hosted->linker, context, hosted->component,
                                                      &hosted->instance);
    return passed(error, why, why_size);
}

hosted_t *hosted_open(const char *path, bool is_async, char *why, size_t why_size) {
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    hosted_t *hosted = calloc(1, sizeof *hosted);
    if (!bytes || !hosted) {
        snprintf(why, why_size, "%s cannot be read", path);
        free(bytes);
        free(hosted);
        return NULL;
    }
    hosted->is_async = is_async;
    hosted->engine = make_engine(is_async);
    bool ok = passed(wasmtime_component_new(hosted->engine, bytes, size, &hosted->component), why,
                     why_size);
    free(bytes);
    if (ok) {
        hosted->linker = wasmtime_component_linker_new(hosted->engine);
        hosted->store = wasmtime_store_new(hosted->engine, NULL, NULL);
        ok = passed(wasmtime_component_linker_define_unknown_imports_as_traps(hosted->linker,
                                                                              hosted->component),
                    why, why_size) &&
             instantiate(hosted, why, why_size);
    }
    if (ok) return hosted;
    hosted_close(hosted);
    return NULL;
}

void hosted_close(hosted_t *hosted) {
    if (!hosted) return;
    if (hosted->store) wasmtime_store_delete(hosted->store);
    if (hosted->linker) wasmtime_component_linker_delete(hosted->linker);
    if (hosted->component) wasmtime_component_delete(hosted->component);
    wasm_engine_delete(hosted->engine);
    free(hosted);
}

static bool find(hosted_t *hosted, const char *interface, const char *name,
                 wasmtime_component_func_t *func) {
    wasmtime_component_export_index_t *outer =
        wasmtime_component_get_export_index(hosted->component, NULL, interface, strlen(interface));
    wasmtime_component_export_index_t *inner =
        outer ? wasmtime_component_get_export_index(hosted->component, outer, name, strlen(name))
              : NULL;
    bool found =
        inner && wasmtime_component_instance_get_func(
                     &hosted->instance, wasmtime_store_context(hosted->store), inner, func);
    if (inner) wasmtime_component_export_index_delete(inner);
    if (outer) wasmtime_component_export_index_delete(outer);
    return found;
}

bool hosted_call(hosted_t *hosted, const char *interface, const char *name, const uint32_t *args,
                 size_t arg_count, uint32_t *result, char *why, size_t why_size) {
    wasmtime_component_func_t func;
    if (!find(hosted, interface, name, &func)) {
        snprintf(why, why_size, "it does not export %s#%s", interface, name);
        return false;
    }
    wasmtime_component_val_t in[4] = {0}, out = {0};
    for (size_t i = 0; i < arg_count; i++) {
        in[i].kind = WASMTIME_COMPONENT_U32;
        in[i].of.u32 = args[i];
    }
    wasmtime_context_t *context = wasmtime_store_context(hosted->store);
    wasmtime_error_t *error = NULL;
    if (hosted->is_async)
        finish(wasmtime_component_func_call_async(&func, context, in, arg_count, &out, 1, &error));
    else error = wasmtime_component_func_call(&func, context, in, arg_count, &out, 1);
    if (!passed(error, why, why_size)) return false;
    *result = out.of.u32;
    return true;
}
