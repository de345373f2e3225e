/* What the files of runtime/wasi share. */
#ifndef WEFT_RUNTIME_WASI_INSIDE_H
#define WEFT_RUNTIME_WASI_INSIDE_H

#include "runtime/memories.h"
#include "runtime/vals.h"
#include "runtime/wasi/wasi.h"

typedef wasmtime_component_resource_any_t wasi_any_t;

/* ---- functions that block --------------------------------------------------------------------- */

/* Those of wasi:io that may wait. They know nothing of deadlines, so where there is one they are done by functions
 * that do not wait (block.c). */
typedef enum wasi_wait {
    WAIT_NEVER,
    WAIT_POLL,
    WAIT_BLOCK,
    WAIT_READ,
    WAIT_SKIP,
    WAIT_WRITE,
    WAIT_WRITE_ZEROES,
    WAIT_FLUSH,
    WAIT_SPLICE
} wasi_wait_t;

/* The functions it takes, of a second proxy. */
typedef enum wasi_aid {
    AID_POLL,
    AID_TIMER,
    AID_IN_SUBSCRIBE,
    AID_READ,
    AID_SKIP,
    AID_OUT_SUBSCRIBE,
    AID_CHECK_WRITE,
    AID_WRITE,
    AID_WRITE_ZEROES,
    AID_FLUSH,
    AID_SPLICE,
    AID_COUNT
} wasi_aid_t;

/* ---- a plugin's WASI -------------------------------------------------------------------------- */

typedef struct wasi_slot {
    wasi_any_t *any; /* NULL: the place is free */
    uint32_t next;   /* of a free one: as wasi_t.free */
} wasi_slot_t;

/* A proxy in a plugin's store. Bytes are passed in its memory (PROXY_PLACES of weave/proxy/proxy.h). */
typedef struct wasi_proxy {
    wasmtime_component_t *component;
    wasmtime_component_instance_t instance;
    const linear_memory_t *memory; /* NULL: it needs none */
    wasmtime_component_func_t room;
    uint32_t room_at, room_size, room_used; /* the part for arguments */
} wasi_proxy_t;

typedef struct wasi {
    host_source_t source;    /* the first member */
    host_resource_t dropper; /* behind all resource types */
    direct_t *direct;
    map_t resources; /* resource_t -> rtype_t */
    wasi_proxy_t proxy;

    /* What the guest's handles stand for: the rep of a handle is the place here. */
    VEC(wasi_slot_t) handles;
    uint32_t free; /* the place that was freed last, plus 1; 0: none */

    wasi_proxy_t
        aiding;    /* the functions to wait with; no component: the guest has none that wait */
    bool has_aids; /* it is instantiated, and `aids` hold */
    wasmtime_component_func_t aids[AID_COUNT];
    const wasi_proxy_t *answered; /* which one the last result is of */
} wasi_t;

/* A function of the proxy. */
typedef struct wasi_func {
    host_func_t base;
    wasi_t *wasi;
    wasmtime_component_func_t func;
    wasi_wait_t wait;
} wasi_func_t;

/* ---- handles.c -------------------------------------------------------------------------------- */

/* Takes `any`, also on failure. */
weft_error_t *weft_wasi_keep(wasi_t *wasi, wasi_any_t *any, uint32_t *rep);
/* Gives it to the caller. */
wasi_any_t *weft_wasi_take(wasi_t *wasi, uint32_t rep);

/* ---- instance.c ------------------------------------------------------------------------------- */

/* Makes the proxy's instance, linked with WASI. */
weft_error_t *weft_wasi_instantiate(wasi_t *wasi, wasi_proxy_t *proxy);

/* An exported function; an empty interface is the component itself. */
bool weft_wasi_find(wasi_t *wasi, const wasi_proxy_t *proxy, weft_str_t interface, weft_str_t name,
                    wasmtime_component_func_t *func);

/* ---- bytes.c ---------------------------------------------------------------------------------- */

/* Puts bytes where the next call of the proxy finds them, behind those that were put since weft_wasi_clear_room. *out can
 * be deleted, also when this fails. */
weft_error_t *weft_wasi_put_bytes(wasi_t *wasi, wasi_proxy_t *proxy, weft_bytes_t bytes,
                                  host_val_t *out);

static inline void weft_wasi_clear_room(wasi_proxy_t *proxy) {
    proxy->room_used = 0;
}

/* The bytes that lie there, until the proxy is called again. How many they are is not bounded here. */
weft_error_t *weft_wasi_bytes(const wasi_proxy_t *proxy, const host_val_t *place,
                              weft_bytes_t *bytes);

/* ---- call.c ----------------------------------------------------------------------------------- */

weft_error_t *weft_wasi_call(const host_func_t *func, host_call_t *call);

/* A call of a function of the proxy; *result (may be NULL) can be deleted. */
weft_error_t *weft_wasi_invoke(wasi_t *wasi, const wasi_proxy_t *proxy,
                               const wasmtime_component_func_t *func, const host_val_t *args,
                               size_t count, host_val_t *result);

/* What WASI failed with; ends the guest. Consumes it. */
weft_error_t *weft_wasi_failure(wasi_t *wasi, wasmtime_error_t *failure);

/* ---- block.c ---------------------------------------------------------------------------------- */

/* How a function waits; `interface` with its version. */
wasi_wait_t weft_wasi_waits(weft_str_t interface, weft_str_t name);

/* Compiles what it takes, while the plugin starts. */
weft_error_t *weft_wasi_expect_waiting(wasi_t *wasi);

/* Does what the function does, and ends with an error when the plugin's deadline is past. */
weft_error_t *weft_wasi_wait(const wasi_func_t *func, host_val_t *args, host_val_t *result);

/* ---- lift.c, lower.c -------------------------------------------------------------------------- */

/* Where a guest has a value: in memory, or in core values. */
typedef struct place {
    uint64_t ptr;
    flat_t *flat; /* NULL: in memory, at `ptr` */
} place_t;

/* `placed`: list<u8> is a place in the proxy's memory. *out is a BOOL before; it can be deleted also when this fails. */
weft_error_t *weft_wasi_lift(wasi_t *wasi, abi_side_t *side, const layout_t *layout, place_t at,
                             bool placed, host_val_t *out);
/* Handles are taken out of `from`. */
weft_error_t *weft_wasi_lower(wasi_t *wasi, abi_side_t *side, const layout_t *layout,
                              host_val_t *from, place_t at, bool placed);

static inline bool weft_wasi_is_bytes(const layout_t *layout) {
    return layout->type->kind == TYPE_LIST && layout->element->type->kind == TYPE_U8;
}

/* The rule of weave/proxy/proxy.h: inside records and variants bytes stay bytes. */
static inline bool weft_wasi_has_places(const layout_t *layout, bool placed) {
    return placed && layout->type->kind != TYPE_RECORD && layout->type->kind != TYPE_VARIANT;
}

#endif
