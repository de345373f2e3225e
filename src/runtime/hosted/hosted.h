/* The hosted engine: a component on Wasmtime's component API, in a store of its own.
 *
 * What the C API of Wasmtime 50 is known to abort on is kept from it here: functions whose types have
 * streams, futures or error contexts are not found, and every argument is checked against its type first
 * (UTF-8 of strings, range of chars). WASI is linked synchronously; components that use async are
 * instantiated and called by the async functions and polled by the calling thread. */
#ifndef WEFT_RUNTIME_HOSTED_HOSTED_H
#define WEFT_RUNTIME_HOSTED_HOSTED_H

#include <wasmtime.h>

#include "component/types/type.h"
#include "runtime/given.h"
#include "runtime/guard.h"
#include "value/value.h"

typedef struct hosted_resource hosted_resource_t;

typedef struct hosted {
    weft_engine_t *engine;
    wasm_engine_t *wasmtime;
    wasmtime_component_t *component;
    wasmtime_component_linker_t *linker;
    guard_t guard;                          /* of its store */
    wasmtime_component_instance_t instance; /* once it is started */
    bool async;                             /* use the async functions */
    bool exited;                            /* the guest called wasi:cli/exit */
    int exit_status;
    weft_error_t *pending; /* what a function of the embedder failed with */
} hosted_t;

/* An exported function. All zero is none. */
typedef struct hosted_func {
    const func_type_t *type;
    wasmtime_component_export_index_t *index;
    wasmtime_component_func_t func;
    bool resolved; /* `func` holds */
} hosted_func_t;

/* ---- instance.c ------------------------------------------------------------------------------- */

/* `needs` are bits of engine_need_t; `given` outlives it. */
weft_error_t *weft_hosted_new(weft_engine_t *engine, unsigned needs, weft_bytes_t component,
                              const given_funcs_t *given, const weft_options_t *options,
                              hosted_t **hosted);
void weft_hosted_delete(hosted_t *hosted);

weft_error_t *weft_hosted_start(hosted_t *hosted);

/* `interface` empty: at the root. Both names as exported. */
weft_error_t *weft_hosted_find(const hosted_t *hosted, weft_str_t interface, weft_str_t name,
                               const func_type_t *type, hosted_func_t *func);
void weft_hosted_func_free(hosted_func_t *func);

/* The instance must be started; as many args as the type has; `result` is written when it has one. */
weft_error_t *weft_hosted_call(hosted_t *hosted, hosted_func_t *func, const weft_value_t *args,
                               weft_value_t *result);

/* Drops a resource that the guest owns, which runs its destructor. What that does wrong has nobody to be told
 * to; it leaves the instance spent. */
void weft_hosted_drop(hosted_t *hosted, const wasmtime_component_resource_any_t *any);

/* ---- given.c ---------------------------------------------------------------------------------- */

/* Defines the embedder's functions in the linker. */
weft_error_t *weft_hosted_give(hosted_t *hosted, const given_funcs_t *given);

/* ---- failure.c -------------------------------------------------------------------------------- */

/* Makes weft's error of what a call or an instantiation failed with; consumes it. */
weft_error_t *weft_hosted_failure(hosted_t *hosted, wasmtime_error_t *failure);

/* ---- convert.c -------------------------------------------------------------------------------- */

/* `value` is of the type (weft_value_check). *out can be deleted afterwards also when this fails. */
weft_error_t *weft_hosted_lower(hosted_t *hosted, const type_t *type, const weft_value_t *value,
                                passed_t *given, wasmtime_component_val_t *out);
weft_error_t *weft_hosted_lift(hosted_t *hosted, const type_t *type,
                               const wasmtime_component_val_t *from, weft_value_t *value);

/* ---- resource.c ------------------------------------------------------------------------------- */

/* A handle that the host has. */
struct hosted_resource {
    held_t held;
    hosted_t *owner;
    wasmtime_component_resource_any_t *any;
};

/* A new handle; `any` stays the caller's. */
weft_error_t *weft_hosted_resource_new(hosted_t *hosted, weft_str_t name,
                                       const wasmtime_component_resource_any_t *any,
                                       weft_value_t *value);

/* Leaves all handles without owner, before the instance goes. */
void weft_hosted_resources_orphan(hosted_t *hosted);

#endif
