/* The resources that WASI gave to a guest. */
#include "runtime/wasi/inside.h"

weft_error_t *weft_wasi_keep(wasi_t *wasi, wasi_any_t *any, uint32_t *rep) {
    if (wasi->free) {
        *rep = wasi->free - 1;
        wasi->free = wasi->handles.items[*rep].next;
        wasi->handles.items[*rep].any = any;
        return NULL;
    }
    *rep = (uint32_t)wasi->handles.count;
    weft_error_t *error = VEC_PUSH(&wasi->handles, (wasi_slot_t){any, 0});
    if (error) wasmtime_component_resource_any_delete(any);
    return error;
}

wasi_any_t *weft_wasi_take(wasi_t *wasi, uint32_t rep) {
    wasi_any_t *any = wasi->handles.items[rep].any;
    wasi->handles.items[rep] = (wasi_slot_t){NULL, wasi->free};
    wasi->free = rep + 1;
    return any;
}
