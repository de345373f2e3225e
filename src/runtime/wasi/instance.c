/* Proxies, instantiated in a plugin's store. */
#include "runtime/wasi/inside.h"

static weft_error_t *explain(wasi_t *wasi, wasmtime_error_t *failure) {
    if (wasi->direct->guard.limits.ended) return weft_wasi_failure(wasi, failure);
    return weft_guard_not_started(&wasi->direct->guard, WEFT_NOT_FOUND, failure);
}

weft_error_t *weft_wasi_instantiate(wasi_t *wasi, const wasmtime_component_t *component,
                                    wasmtime_component_instance_t *instance) {
    const wasmtime_component_linker_t *linker;
    guard_t *guard = &wasi->direct->guard;
    TRY(weft_shelf_linker(wasi->direct->engine, wasi->direct->needs, &linker));
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
