#include "runtime/wasi/wasi.h"

#include <stddef.h>

#include "runtime/grants.h"
#include "runtime/wasi/inside.h"
#include "support/alloc.h"

static weft_error_t *drop(const host_resource_t *resource, uint32_t rep) {
    wasi_t *wasi = (wasi_t *)((uintptr_t)resource - offsetof(wasi_t, dropper));
    wasi_any_t *any = weft_wasi_take(wasi, rep);
    wasmtime_error_t *failure = wasmtime_component_resource_any_drop(wasi->direct->context, any);
    wasmtime_component_resource_any_delete(any);
    return failure ? weft_wasi_failure(wasi, failure) : NULL;
}

static weft_error_t *copy_proxy(void *context, buf_t *component) {
    const weft_bytes_t *proxy = context;
    weft_buf_bytes(component, proxy->ptr, proxy->len);
    return component->failed ? weft_error_oom() : NULL;
}

/* The resources themselves end with the store. */
static void discard(host_source_t *source) {
    wasi_t *wasi = (wasi_t *)source;
    for (size_t i = 0; i < wasi->handles.count; i++)
        if (wasi->handles.items[i].any)
            wasmtime_component_resource_any_delete(wasi->handles.items[i].any);
    VEC_FREE(&wasi->handles);
    weft_map_free(&wasi->resources);
    if (wasi->proxy.component) wasmtime_component_delete(wasi->proxy.component);
    if (wasi->aiding.component) wasmtime_component_delete(wasi->aiding.component);
    weft_free(wasi);
}

static weft_error_t *start(host_source_t *source) {
    wasi_t *wasi = (wasi_t *)source;
    return weft_wasi_instantiate(wasi, &wasi->proxy);
}

static weft_error_t *func_of(host_source_t *source, weft_str_t interface, const extern_item_t *item,
                             const host_func_t **func) {
    wasi_t *wasi = (wasi_t *)source;
    wasi_func_t *made = ARENA_NEW(&wasi->direct->arena, wasi_func_t);
    if (!made) return weft_error_oom();
    made->base.call = weft_wasi_call;
    made->wasi = wasi;
    made->wait = weft_wasi_waits(interface, item->name);
    if (!weft_wasi_find(wasi, &wasi->proxy, interface, item->name, &made->func))
        return weft_error_new(WEFT_INTERNAL, "the proxy of WASI lacks `%.*s#%.*s`",
                              STR_ARG(interface), STR_ARG(item->name));
    if (made->wait) TRY(weft_wasi_expect_waiting(wasi));
    *func = &made->base;
    return NULL;
}

static weft_error_t *resource_of(host_source_t *source, const resource_t *resource,
                                 const rtype_t **type) {
    wasi_t *wasi = (wasi_t *)source;
    rtype_t *known = weft_map_get_ptr(&wasi->resources, resource);
    *type = known;
    if (known) return NULL;
    known = ARENA_NEW(&wasi->direct->arena, rtype_t);
    if (!known) return weft_error_oom();
    known->host = &wasi->dropper;
    *type = known;
    return weft_map_set_ptr(&wasi->resources, resource, known);
}

static weft_error_t *make(wasi_t *wasi, weft_bytes_t proxy, const weft_options_t *options) {
    TRY(weft_shelf_component(wasi->direct->engine, wasi->direct->needs, proxy, copy_proxy, &proxy,
                             &wasi->proxy.component));
    return weft_grants_apply(wasi->direct->context, options);
}

weft_error_t *weft_wasi_serve(direct_t *direct, weft_bytes_t proxy, const weft_options_t *options) {
    wasi_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    made->source = (host_source_t){start, func_of, resource_of, discard};
    made->dropper.drop = drop;
    made->direct = direct;
    direct->source = &made->source;
    return make(made, proxy, options);
}
