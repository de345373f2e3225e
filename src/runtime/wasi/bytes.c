/* Bytes on their way through a proxy: they are copied into its memory and out of it, not made values. */
#include "runtime/wasi/inside.h"

/* By which room grows. One call passes 1 GiB at most (DIRECT_ROOM). */
enum { STEP = 64 << 10 };

static weft_error_t *make_room(wasi_t *wasi, wasi_proxy_t *proxy, uint64_t size) {
    host_val_t wanted = {.kind = WASMTIME_COMPONENT_U32}, at;
    uint64_t rounded = (size + STEP - 1) / STEP * STEP;
    if (rounded > INT32_MAX) return weft_error_new(WEFT_INTERNAL, "more than a call can pass");
    wanted.of.u32 = (uint32_t)rounded;
    TRY(weft_wasi_invoke(wasi, proxy, &proxy->room, &wanted, 1, &at));
    if (!at.of.u32)
        return weft_error_new(
            WEFT_LIMIT, "there is no memory for %zu bytes that are passed to WASI", (size_t)size);
    proxy->room_at = at.of.u32;
    proxy->room_size = wanted.of.u32;
    return NULL;
}

weft_error_t *weft_wasi_put_bytes(wasi_t *wasi, wasi_proxy_t *proxy, weft_bytes_t bytes,
                                  host_val_t *out) {
    uint64_t behind = (uint64_t)proxy->room_used + bytes.len;
    if (behind > proxy->room_size) TRY(make_room(wasi, proxy, behind));
    uint32_t ptr = proxy->room_at + proxy->room_used;
    uint8_t *to = weft_linear_at(proxy->memory, ptr, bytes.len);
    if (!to) return weft_error_new(WEFT_INTERNAL, "the proxy of WASI has no room");
    if (bytes.len) memcpy(to, bytes.ptr, bytes.len);
    proxy->room_used = (uint32_t)behind;
    host_val_t parts[2] = {{.kind = WASMTIME_COMPONENT_U32, .of.u32 = ptr},
                           {.kind = WASMTIME_COMPONENT_U32, .of.u32 = (uint32_t)bytes.len}};
    out->kind = WASMTIME_COMPONENT_TUPLE;
    wasmtime_component_valtuple_new(&out->of.tuple, 2, parts);
    return NULL;
}

weft_error_t *weft_wasi_bytes(const wasi_proxy_t *proxy, const host_val_t *place,
                              weft_bytes_t *bytes) {
    const wasmtime_component_valtuple_t *parts = &place->of.tuple;
    if (parts->size != 2) return weft_val_unexpected();
    bytes->len = parts->data[1].of.u32;
    bytes->ptr = weft_linear_at(proxy->memory, parts->data[0].of.u32, bytes->len);
    return bytes->ptr ? NULL : weft_val_unexpected();
}
