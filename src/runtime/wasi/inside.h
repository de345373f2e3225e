/* What the files of runtime/wasi share. */
#ifndef WEFT_RUNTIME_WASI_INSIDE_H
#define WEFT_RUNTIME_WASI_INSIDE_H

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

typedef struct wasi {
    host_source_t source;    /* the first member */
    host_resource_t dropper; /* behind all resource types */
    direct_t *direct;
    map_t resources; /* resource_t -> rtype_t */

    wasmtime_component_t *component;
    wasmtime_component_instance_t instance;

    /* What the guest's handles stand for: the rep of a handle is the place here. */
    VEC(wasi_slot_t) handles;
    uint32_t free; /* the place that was freed last, plus 1; 0: none */

    wasmtime_component_t
        *aiding;   /* with the functions to wait with; NULL: the guest has none that wait */
    bool has_aids; /* it is instantiated, and `aids` hold */
    wasmtime_component_func_t aids[AID_COUNT];
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

/* A new instance, linked with WASI. */
weft_error_t *weft_wasi_instantiate(wasi_t *wasi, const wasmtime_component_t *component,
                                    wasmtime_component_instance_t *instance);

/* An exported function; `in` is the index of an exported instance. */
bool weft_wasi_find(wasi_t *wasi, const wasmtime_component_t *component,
                    const wasmtime_component_instance_t *instance, weft_str_t interface,
                    weft_str_t name, wasmtime_component_func_t *func);

/* ---- call.c ----------------------------------------------------------------------------------- */

weft_error_t *weft_wasi_call(const host_func_t *func, host_call_t *call);

/* A call of a component function; *result (may be NULL) can be deleted. */
weft_error_t *weft_wasi_invoke(wasi_t *wasi, const wasmtime_component_func_t *func,
                               const host_val_t *args, size_t count, host_val_t *result);

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

/* `text`: list<u8> is a string here. *out is a BOOL before; it can be deleted also when this fails. */
weft_error_t *weft_wasi_lift(wasi_t *wasi, abi_side_t *side, const layout_t *layout, place_t at,
                             bool text, host_val_t *out);
/* Handles are taken out of `from`. */
weft_error_t *weft_wasi_lower(wasi_t *wasi, abi_side_t *side, const layout_t *layout,
                              host_val_t *from, place_t at, bool text);

static inline bool weft_wasi_is_bytes(const layout_t *layout) {
    return layout->type->kind == TYPE_LIST && layout->element->type->kind == TYPE_U8;
}

/* The rule of weave/proxy/proxy.h: inside records and variants bytes stay bytes. */
static inline bool weft_wasi_has_text(const layout_t *layout, bool text) {
    return text && layout->type->kind != TYPE_RECORD && layout->type->kind != TYPE_VARIANT;
}

/* ---- latin1.c --------------------------------------------------------------------------------- */

/* Bytes as the UTF-8 of characters up to U+00FF. */
size_t weft_latin1_utf8_size(const uint8_t *bytes, size_t len);
void weft_latin1_to_utf8(const uint8_t *bytes, size_t len, uint8_t *out);
/* And back. What is not such UTF-8 gives false. */
size_t weft_latin1_size(const uint8_t *utf8, size_t len);
bool weft_latin1_of_utf8(const uint8_t *utf8, size_t len, uint8_t *out);

#endif
