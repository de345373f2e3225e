#include "runtime/generated.h"

/* Of some 15 KB each. */
enum { MOST_MODULES = 512 };

void weft_generated_init(generated_t *generated) {
    pthread_mutex_init(&generated->lock, NULL);
}

void weft_generated_free(generated_t *generated) {
    for (size_t i = 0; i < generated->modules.capacity; i++)
        if (generated->modules.entries[i].value)
            wasmtime_module_delete(generated->modules.entries[i].value);
    weft_map_free(&generated->modules);
    weft_arena_free(&generated->arena);
    pthread_mutex_destroy(&generated->lock);
}

wasmtime_module_t *weft_generated_find(generated_t *generated, weft_str_t key) {
    pthread_mutex_lock(&generated->lock);
    wasmtime_module_t *found = weft_map_get(&generated->modules, key);
    pthread_mutex_unlock(&generated->lock);
    return found;
}

bool weft_generated_full(generated_t *generated) {
    pthread_mutex_lock(&generated->lock);
    bool full = generated->modules.count >= MOST_MODULES;
    pthread_mutex_unlock(&generated->lock);
    return full;
}

static weft_error_t *set(generated_t *generated, weft_str_t key, wasmtime_module_t *module) {
    weft_str_t copy = weft_arena_str(&generated->arena, key);
    return copy.ptr ? weft_map_set(&generated->modules, copy, module) : weft_error_oom();
}

weft_error_t *weft_generated_add(generated_t *generated, weft_str_t key,
                                 wasmtime_module_t **module) {
    pthread_mutex_lock(&generated->lock);
    wasmtime_module_t *found = weft_map_get(&generated->modules, key);
    weft_error_t *error = found ? NULL : set(generated, key, *module);
    pthread_mutex_unlock(&generated->lock);
    if (found || error) wasmtime_module_delete(*module);
    if (found) *module = found;
    return error;
}
