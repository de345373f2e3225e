/* Proxies, instantiated in a plugin's store. */
#include "runtime/wasi/inside.h"

static weft_error_t *explain(wasi_t *wasi, const making_t *making, wasmtime_error_t *failure) {
    if (wasi->direct->guard.limits.ended) return weft_wasi_failure(wasi, failure);
    return weft_guard_not_started(&wasi->direct->guard, making, WEFT_NOT_FOUND, failure);
}

/* What it passes bytes in. */
static weft_error_t *find_room(wasi_t *wasi, wasi_proxy_t *proxy) {
    if (weft_wasi_find(wasi, proxy, (weft_str_t){0}, STR_LIT("room"), &proxy->room) ==
        (proxy->memory != NULL))
        return NULL;
    return weft_error_new(WEFT_INTERNAL, "the memory of the proxy of WASI is not known");
}

weft_error_t *weft_wasi_instantiate(wasi_t *wasi, wasi_proxy_t *proxy) {
    const wasmtime_component_linker_t *linker;
    guard_t *guard = &wasi->direct->guard;
    making_t making;
    TRY(weft_shelf_linker(wasi->direct->engine, wasi->direct->needs, &linker));
    if (guard->memory) weft_guard_limit(guard, 0); /* the proxy's memory is not the guest's */
    weft_memories_begin(&making, NULL);
    wasmtime_error_t *failure = wasmtime_component_linker_instantiate(
        linker, guard->context, proxy->component, &proxy->instance);
    weft_memories_end(&making);
    if (guard->memory) weft_guard_limit(guard, guard->memory);
    proxy->memory = making.made;
    return failure ? explain(wasi, &making, failure) : find_room(wasi, proxy);
}

static wasmtime_component_export_index_t *index_of(const wasi_proxy_t *proxy,
                                                   const wasmtime_component_export_index_t *in,
                                                   weft_str_t name) {
    return wasmtime_component_get_export_index(proxy->component, in, name.ptr, name.len);
}

bool weft_wasi_find(wasi_t *wasi, const wasi_proxy_t *proxy, weft_str_t interface, weft_str_t name,
                    wasmtime_component_func_t *func) {
    wasmtime_component_export_index_t *in = interface.len ? index_of(proxy, NULL, interface) : NULL;
    if (interface.len && !in) return false;
    wasmtime_component_export_index_t *index = index_of(proxy, in, name);
    bool found = index && wasmtime_component_instance_get_func(&proxy->instance,
                                                               wasi->direct->context, index, func);
    if (index) wasmtime_component_export_index_delete(index);
    if (in) wasmtime_component_export_index_delete(in);
    return found;
}
