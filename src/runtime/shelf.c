#include "runtime/shelf.h"

#include "runtime/compile.h"
#include "runtime/failure.h"
#include "support/alloc.h"

struct shelved {
    shelved_t *next;
    unsigned needs;
    wasmtime_component_t *component;
    size_t len;
    uint8_t key[];
};

void weft_shelf_free(shelf_t *shelf) {
    for (shelved_t *at = shelf->components, *next; at; at = next) {
        next = at->next;
        wasmtime_component_delete(at->component);
        weft_free(at);
    }
    for (int i = 0; i < ENGINE_NEED_COUNT; i++)
        if (shelf->linkers[i]) wasmtime_component_linker_delete(shelf->linkers[i]);
}

size_t weft_shelf_count(const shelf_t *shelf) {
    size_t count = 0;
    for (const shelved_t *at = shelf->components; at; at = at->next) count++;
    return count;
}

/* ---- components ------------------------------------------------------------------------------- */

static wasmtime_component_t *find(const shelf_t *shelf, unsigned needs, weft_bytes_t key) {
    for (const shelved_t *at = shelf->components; at; at = at->next)
        if (at->needs == needs && at->len == key.len && memcmp(at->key, key.ptr, key.len) == 0)
            return wasmtime_component_clone(at->component);
    return NULL;
}

/* Two threads may both have compiled it; then both are there, and the later one is found. */
static weft_error_t *add(weft_engine_t *engine, unsigned needs, weft_bytes_t key,
                         const wasmtime_component_t *compiled) {
    shelved_t *made = weft_alloc(sizeof *made + key.len);
    if (!made) return weft_error_oom();
    made->needs = needs;
    made->len = key.len;
    memcpy(made->key, key.ptr, key.len);
    made->component = wasmtime_component_clone(compiled);
    pthread_mutex_lock(&engine->lock);
    made->next = engine->shelf.components;
    engine->shelf.components = made;
    pthread_mutex_unlock(&engine->lock);
    return NULL;
}

static weft_error_t *compile(weft_engine_t *engine, unsigned needs, shelf_make_t make,
                             void *context, wasmtime_component_t **compiled) {
    wasm_engine_t *wasmtime;
    buf_t component = {0};
    TRY(weft_engine_for(engine, needs, &wasmtime));
    weft_error_t *error = make(context, &component);
    if (!error)
        error = weft_compile_valid(engine, wasmtime, weft_buf_as_bytes(&component), compiled);
    weft_buf_free(&component);
    return error;
}

weft_error_t *weft_shelf_component(weft_engine_t *engine, unsigned needs, weft_bytes_t key,
                                   shelf_make_t make, void *context,
                                   wasmtime_component_t **compiled) {
    wasmtime_component_t *made;
    pthread_mutex_lock(&engine->lock);
    made = find(&engine->shelf, needs, key);
    pthread_mutex_unlock(&engine->lock);
    if (!made) {
        TRY(compile(engine, needs, make, context, &made));
        weft_error_t *error = add(engine, needs, key, made);
        if (error) {
            wasmtime_component_delete(made);
            return error;
        }
    }
    *compiled = made;
    return NULL;
}

/* ---- linking ---------------------------------------------------------------------------------- */

static weft_error_t *make_linker(wasm_engine_t *wasmtime, wasmtime_component_linker_t **linker) {
    wasmtime_component_linker_t *made = wasmtime_component_linker_new(wasmtime);
    if (!made) return weft_error_oom();
    wasmtime_error_t *failure = wasmtime_component_linker_add_wasip2(made);
    if (!failure) {
        *linker = made;
        return NULL;
    }
    wasmtime_component_linker_delete(made);
    return weft_failure_refusal(WEFT_INTERNAL, "WASI cannot be linked", failure);
}

/* Under the lock. */
static weft_error_t *find_linker(weft_engine_t *engine, unsigned needs, wasm_engine_t *wasmtime,
                                 const wasmtime_component_linker_t **linker) {
    wasmtime_component_linker_t **place = &engine->shelf.linkers[needs];
    if (!*place) TRY(make_linker(wasmtime, place));
    *linker = *place;
    return NULL;
}

/* Once made, a linker is only read. */
weft_error_t *weft_shelf_linker(weft_engine_t *engine, unsigned needs,
                                const wasmtime_component_linker_t **linker) {
    wasm_engine_t *wasmtime;
    TRY(weft_engine_for(engine, needs, &wasmtime));
    pthread_mutex_lock(&engine->lock);
    weft_error_t *error = find_linker(engine, needs, wasmtime, linker);
    pthread_mutex_unlock(&engine->lock);
    return error;
}
