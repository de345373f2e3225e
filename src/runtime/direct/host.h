/* Functions and resources that the host gives to a component on the direct engine. Who gives them (the embedder,
 * WASI) begins a struct of its own with host_func_t, and moves the values as it likes. */
#include "runtime/direct/call.h"
#include "runtime/direct/entity.h"
#ifndef WEFT_RUNTIME_DIRECT_HOST_H
#define WEFT_RUNTIME_DIRECT_HOST_H

/* A call that a guest makes of such a function. */
typedef struct host_call {
    frame_t *frame; /* the caller's */
    side_t side;
    const abi_func_t
        *abi; /* as the caller lowers it: the layouts have the types as the caller knows them */
    flat_t *slots; /* the core arguments; the core result goes to slots[0] */
} host_call_t;

struct host_func {
    /* What it fails with the guest traps with. Handles that it lifted as borrows are given back afterwards. */
    weft_error_t *(*call)(const host_func_t *func, host_call_t *call);
    /* Where a component exports what it imports, the host calls its own function. NULL: that cannot be. */
    weft_error_t *(*call_values)(const host_func_t *func, const weft_value_t *args,
                                 weft_value_t *result);
};

/* Who serves the imports of the outermost component that neither the embedder nor other plugins serve (WASI). The direct_t
 * that has it deletes it, before its store. */
struct host_source {
    weft_error_t *(*start)(
        host_source_t *source); /* before the first import; in the visit that starts the plugin */
    weft_error_t *(*func)(host_source_t *source, weft_str_t interface, const extern_item_t *item,
                          const host_func_t **func);
    weft_error_t *(*resource)(host_source_t *source, const resource_t *resource,
                              const rtype_t **type);
    void (*discard)(host_source_t *source);
};

/* What stands behind handles to a resource of the host. */
struct host_resource {
    weft_error_t *(*drop)(const host_resource_t *resource, uint32_t rep);
};

/* The core function that a `canon lower` of the host's function makes. `options` and `abi` are copied. */
weft_error_t *weft_host_lower(frame_t *frame, const host_func_t *func, const options_t *options,
                              const abi_func_t *abi, rt_t *made);

/* Where the caller has its arguments, one after another: in memory at `ptr`, or in core values. Begins with the
 * first; the layout is that of call->abi->params->parts[i]. */
typedef struct host_args {
    uint64_t base;
    flat_t *flat; /* NULL: in memory */
} host_args_t;

weft_error_t *weft_host_args(host_call_t *call, host_args_t *args);

/* Where the caller wants a result that is returned through memory; checked. */
weft_error_t *weft_host_result(host_call_t *call, uint64_t *ptr);

/* ---- given.c ---------------------------------------------------------------------------------- */

/* The embedder's function for an import; NULL: there is none. */
weft_error_t *weft_host_given(direct_t *direct, weft_str_t interface, weft_str_t name,
                              const host_func_t **func);

/* ---- imports.c -------------------------------------------------------------------------------- */

/* What the host gives for an import of the outermost component. */
weft_error_t *weft_direct_import(frame_t *frame, const def_t *import, const extern_type_t *type,
                                 const rt_t **given);

#endif
