#include "runtime/shared.h"

#include "core/read.h"
#include "runtime/compile.h"
#include "runtime/failure.h"
#include "support/alloc.h"
#include "support/map.h"

static shared_module_t **bucket_of(weft_engine_t *engine, uint64_t hash) {
    return &engine->shared.buckets[hash % SHARED_BUCKETS];
}

static bool is_of(const shared_module_t *module, const shared_module_t *wanted) {
    return module->hash == wanted->hash && module->wasmtime == wanted->wasmtime &&
           module->source.len == wanted->source.len &&
           memcmp(module->source.ptr, wanted->source.ptr, wanted->source.len) == 0;
}

/* Under the lock. One that is found has a user more. */
static shared_module_t *find(weft_engine_t *engine, const shared_module_t *wanted) {
    shared_module_t *at = *bucket_of(engine, wanted->hash);
    while (at && !is_of(at, wanted)) at = at->next;
    if (at) at->users++;
    return at;
}

static void free_module(weft_engine_t *engine, shared_module_t *module) {
    wasm_importtype_vec_delete(&module->imports);
    wasmtime_module_delete(module->module);
    if (module->image) weft_memories_forget(engine->memories, module->image);
    weft_image_delete(module->image);
    weft_free((void *)(uintptr_t)module->source.ptr);
    weft_free(module);
}

/* Nothing can be thrown without a tag; nothing runs while a module without a start function is instantiated. */
static weft_error_t *read(arena_t *arena, weft_bytes_t source, bool *has_tags, bool *has_start) {
    core_module_t *module;
    uint32_t tags, func;
    bool starts;
    TRY(weft_core_module_open(arena, source.ptr, source, &module));
    TRY(weft_core_module_count(module, CORE_TAG, &tags));
    TRY(weft_core_module_start(module, &starts, &func));
    *has_tags = tags > 0;
    *has_start = starts;
    return NULL;
}

/* A module that Wasmtime takes can be read; one that cannot be would have both. */
static void inspect(shared_module_t *module) {
    arena_t arena = {0};
    module->has_tags = module->has_start = true;
    weft_error_delete(read(&arena, module->source, &module->has_tags, &module->has_start));
    weft_arena_free(&arena);
}

/* What has an image is compiled without that data. */
static weft_error_t *compile_bytes(weft_engine_t *engine, shared_module_t *module) {
    buf_t rest = {0};
    wasmtime_error_t *failure = NULL;
    weft_error_t *error = weft_image_make(module->source, &rest, &module->image);
    weft_bytes_t bytes = module->image ? weft_buf_as_bytes(&rest) : module->source;
    if (!error) failure = weft_compile_module(engine, module->wasmtime, bytes, &module->module);
    weft_buf_free(&rest);
    if (!failure) return error;
    return weft_failure_refusal(WEFT_INVALID, "a core module is not valid", failure);
}

static weft_error_t *compile(weft_engine_t *engine, const shared_module_t *wanted,
                             shared_module_t **made) {
    shared_module_t *module = weft_alloc_zero(1, sizeof *module);
    uint8_t *copy = weft_alloc(wanted->source.len);
    weft_error_t *error = weft_error_oom();
    if (module && copy) {
        memcpy(copy, wanted->source.ptr, wanted->source.len);
        *module = *wanted;
        module->source.ptr = copy;
        error = compile_bytes(engine, module);
    }
    if (!error) {
        wasmtime_module_imports(module->module, &module->imports);
        inspect(module);
        *made = module;
        return NULL;
    }
    if (module) weft_image_delete(module->image);
    weft_free(copy);
    weft_free(module);
    return error;
}

/* Another thread may have been faster. */
static shared_module_t *add(weft_engine_t *engine, shared_module_t *module) {
    shared_module_t **bucket = bucket_of(engine, module->hash);
    pthread_mutex_lock(&engine->shared.lock);
    shared_module_t *found = find(engine, module);
    if (!found) {
        module->next = *bucket;
        *bucket = module;
    }
    pthread_mutex_unlock(&engine->shared.lock);
    if (!found) return module;
    free_module(engine, module);
    return found;
}

weft_error_t *weft_shared_take(weft_engine_t *engine, wasm_engine_t *wasmtime, weft_bytes_t source,
                               shared_module_t **module) {
    shared_module_t wanted = {.wasmtime = wasmtime, .source = source, .users = 1}, *made;
    wanted.hash = weft_hash(source.ptr, source.len);
    pthread_mutex_lock(&engine->shared.lock);
    shared_module_t *found = find(engine, &wanted);
    pthread_mutex_unlock(&engine->shared.lock);
    if (!found) {
        TRY(compile(engine, &wanted, &made));
        found = add(engine, made);
    }
    *module = found;
    return NULL;
}

void weft_shared_leave(weft_engine_t *engine, shared_module_t *module) {
    shared_module_t **at = bucket_of(engine, module->hash);
    pthread_mutex_lock(&engine->shared.lock);
    bool last = --module->users == 0;
    if (last) {
        while (*at != module) at = &(*at)->next;
        *at = module->next;
    }
    pthread_mutex_unlock(&engine->shared.lock);
    if (last) free_module(engine, module);
}
