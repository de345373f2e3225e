/* Proxies that are compiled, and WASI that is linked, once for each of the engine's Wasmtime engines: plugins that
 * import the same share them. */
#include "runtime/wasi/shelf.h"
#include "runtime/failure.h"
#include "runtime/hosted/hosted.h"
#include "runtime/wasi/inside.h"
#include "support/alloc.h"

struct wasi_proxy {
    wasi_proxy_t *next;
    unsigned needs;
    wasmtime_component_t *component;
    size_t len;
    uint8_t key[];
};

void weft_wasi_shelf_free(wasi_shelf_t *shelf) {
    for (wasi_proxy_t *at = shelf->proxies, *next; at; at = next) {
        next = at->next;
        wasmtime_component_delete(at->component);
        weft_free(at);
    }
    for (int i = 0; i < ENGINE_NEED_COUNT; i++)
        if (shelf->linkers[i]) wasmtime_component_linker_delete(shelf->linkers[i]);
}

size_t weft_wasi_shelf_count(const wasi_shelf_t *shelf) {
    size_t count = 0;
    for (const wasi_proxy_t *at = shelf->proxies; at; at = at->next) count++;
    return count;
}

/* ---- proxies ---------------------------------------------------------------------------------- */

static wasmtime_component_t *find(const wasi_shelf_t *shelf, unsigned needs, weft_bytes_t key) {
    for (const wasi_proxy_t *at = shelf->proxies; at; at = at->next)
        if (at->needs == needs && at->len == key.len && memcmp(at->key, key.ptr, key.len) == 0)
            return wasmtime_component_clone(at->component);
    return NULL;
}

/* Two threads may both have compiled it; then both are there, and the later one is found. */
static weft_error_t *add(weft_engine_t *engine, unsigned needs, weft_bytes_t key,
                         const wasmtime_component_t *compiled) {
    wasi_proxy_t *made = weft_alloc(sizeof *made + key.len);
    if (!made) return weft_error_oom();
    made->needs = needs;
    made->len = key.len;
    memcpy(made->key, key.ptr, key.len);
    made->component = wasmtime_component_clone(compiled);
    pthread_mutex_lock(&engine->lock);
    made->next = engine->shelf.proxies;
    engine->shelf.proxies = made;
    pthread_mutex_unlock(&engine->lock);
    return NULL;
}

static weft_error_t *compile(weft_engine_t *engine, unsigned needs, wasi_maker_t make,
                             void *context, wasmtime_component_t **compiled) {
    wasm_engine_t *wasmtime;
    buf_t proxy = {0};
    TRY(weft_engine_for(engine, needs, &wasmtime));
    weft_error_t *error = make(context, &proxy);
    if (!error) error = weft_hosted_compile(engine, wasmtime, weft_buf_as_bytes(&proxy), compiled);
    weft_buf_free(&proxy);
    return error;
}

weft_error_t *weft_wasi_shelved(weft_engine_t *engine, unsigned needs, weft_bytes_t key,
                                wasi_maker_t make, void *context, wasmtime_component_t **compiled) {
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

/* Once made, a linker is only read. */
static weft_error_t *linker_of(wasi_t *wasi, const wasmtime_component_linker_t **linker) {
    weft_engine_t *engine = wasi->direct->engine;
    wasmtime_component_linker_t **place = &engine->shelf.linkers[wasi->needs];
    weft_error_t *error = NULL;
    pthread_mutex_lock(&engine->lock);
    if (!*place) error = make_linker(wasi->direct->wasmtime, place);
    *linker = *place;
    pthread_mutex_unlock(&engine->lock);
    return error;
}

static weft_error_t *explain(wasi_t *wasi, wasmtime_error_t *failure) {
    if (wasi->direct->guard.limits.ended) return weft_wasi_failure(wasi, failure);
    return weft_guard_not_started(&wasi->direct->guard, WEFT_NOT_FOUND, failure);
}

weft_error_t *weft_wasi_instantiate(wasi_t *wasi, const wasmtime_component_t *component,
                                    wasmtime_component_instance_t *instance) {
    const wasmtime_component_linker_t *linker;
    guard_t *guard = &wasi->direct->guard;
    TRY(linker_of(wasi, &linker));
    if (guard->memory) weft_guard_limit(guard, 0); /* the proxy's memory is not the guest's */
    wasmtime_error_t *failure =
        wasmtime_component_linker_instantiate(linker, guard->context, component, instance);
    if (guard->memory) weft_guard_limit(guard, guard->memory);
    return failure ? explain(wasi, failure) : NULL;
}

bool weft_wasi_find(wasi_t *wasi, const wasmtime_component_t *component,
                    const wasmtime_component_instance_t *instance, weft_str_t interface,
                    weft_str_t name, wasmtime_component_func_t *func) {
    wasmtime_component_export_index_t *in =
        wasmtime_component_get_export_index(component, NULL, interface.ptr, interface.len);
    if (!in) return false;
    wasmtime_component_export_index_t *index =
        wasmtime_component_get_export_index(component, in, name.ptr, name.len);
    bool found =
        index && wasmtime_component_instance_get_func(instance, wasi->direct->context, index, func);
    if (index) wasmtime_component_export_index_delete(index);
    wasmtime_component_export_index_delete(in);
    return found;
}
