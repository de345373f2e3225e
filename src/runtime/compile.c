#include "runtime/compile.h"

#include "runtime/cache.h"
#include "runtime/failure.h"
#include "support/alloc.h"

/* Whether compiled code is kept, and under which key. (Small modules too: even an empty one takes half a millisecond to
 * compile, and a tenth of that to be found.) */
static bool keeps(weft_engine_t *engine, wasm_engine_t *wasmtime, cache_kind_t kind,
                  weft_bytes_t source, cache_key_t *key) {
    if (!engine->cache) return false;
    *key = (cache_key_t){kind, source, weft_engine_settings(engine, wasmtime)};
    return key->settings.len > 0;
}

static void keep(weft_engine_t *engine, const cache_key_t *key, wasm_byte_vec_t *image) {
    weft_cache_add(engine->cache, key, (weft_bytes_t){(const uint8_t *)image->data, image->size});
    wasm_byte_vec_delete(image);
}

/* The same for both: found, or compiled and then kept. An image that Wasmtime refuses is of another version of it, or
 * of another processor. */
#define COMPILE(noun, kind)                                                                        \
    wasmtime_error_t *weft_compile_##noun(weft_engine_t *engine, wasm_engine_t *wasmtime,          \
                                          weft_bytes_t source, wasmtime_##noun##_t **compiled) {   \
        cache_key_t key;                                                                           \
        wasm_byte_vec_t image;                                                                     \
        bool kept = keeps(engine, wasmtime, kind, source, &key);                                   \
        char *path = kept ? weft_cache_find(engine->cache, &key) : NULL;                           \
        wasmtime_error_t *failure =                                                                \
            path ? wasmtime_##noun##_deserialize_file(wasmtime, path, compiled) : NULL;            \
        bool found = path && !failure;                                                             \
        weft_free(path);                                                                           \
        if (found) return NULL;                                                                    \
        if (failure) wasmtime_error_delete(failure);                                               \
        failure = wasmtime_##noun##_new(wasmtime, source.ptr, source.len, compiled);               \
        if (failure || !kept) return failure;                                                      \
        failure = wasmtime_##noun##_serialize(*compiled, &image);                                  \
        if (failure) wasmtime_error_delete(failure);                                               \
        else keep(engine, &key, &image);                                                           \
        return NULL;                                                                               \
    }
COMPILE(module, CACHE_MODULE)
COMPILE(component, CACHE_COMPONENT)
#undef COMPILE

weft_error_t *weft_compile_valid(weft_engine_t *engine, wasm_engine_t *wasmtime,
                                 weft_bytes_t component, wasmtime_component_t **compiled) {
    wasmtime_error_t *failure = weft_compile_component(engine, wasmtime, component, compiled);
    if (!failure) return NULL;
    return weft_failure_refusal(WEFT_UNSUPPORTED, "Wasmtime does not take this component", failure);
}
