/* The direct engine: a component on Wasmtime's core API, in a store of its own. weft instantiates the component and moves its
 * values itself. This is the seam to the rest of the runtime. */
#ifndef WEFT_RUNTIME_DIRECT_DIRECT_H
#define WEFT_RUNTIME_DIRECT_DIRECT_H

#include "runtime/direct/entity.h"
#include "support/buf.h"

/* ---- supports.c ------------------------------------------------------------------------------- */

/* Why the direct engine cannot run the component (WEFT_UNSUPPORTED); NULL when it can. */
weft_error_t *weft_direct_supports(program_t *program, const given_funcs_t *given,
                                   const links_t *links, bool asked);

/* ---- direct.c: the seam ----------------------------------------------------------------------- */

/* `program` and `given` outlive it. Compiles the modules. */
weft_error_t *weft_direct_new(weft_engine_t *engine, program_t *program, const given_funcs_t *given,
                              const weft_options_t *options, direct_t **direct);
void weft_direct_delete(direct_t *direct);

/* Before it is started: the import is what the provider exports under another name, perhaps. Its types were checked.
 * The provider outlives it. */
weft_error_t *weft_direct_link(direct_t *direct, weft_str_t import, direct_t *provider,
                               weft_str_t export_);

weft_error_t *weft_direct_start(direct_t *direct);

/* An exported function; `interface` empty: at the root. The component is started. */
weft_error_t *weft_direct_find(const direct_t *direct, weft_str_t interface, weft_str_t name,
                               const direct_func_t **func);

/* Visits the store of a plugin that has not trapped. */
weft_error_t *weft_direct_enter(direct_t *direct, visit_t *visit);

/* As many args as the type has; `result` is written when it has one. The function may be another plugin's, which this
 * one passes on: then both are visited, and the limits of both hold. */
weft_error_t *weft_direct_call(direct_t *direct, const direct_func_t *func,
                               const weft_value_t *args, weft_value_t *result);

/* The same from the instance `caller`, which is being made: its store is visited. */
weft_error_t *weft_direct_call_inside(frame_t *caller, const direct_func_t *func,
                                      const weft_value_t *args, weft_value_t *result);

/* ---- flat.c ----------------------------------------------------------------------------------- */

/* Sets what depends on func->abi. */
void weft_direct_flat(direct_func_t *func);

/* For scalars that were checked, if there is anything to check, and a function of its own. */
weft_error_t *weft_direct_call_scalars(direct_t *direct, const direct_func_t *func, flat_t *values);

/* For all flat functions. */
weft_error_t *weft_direct_call_checked(direct_t *direct, const direct_func_t *func, flat_t *values,
                                       buf_t *room);

/* weft_direct_call for a function that is flat: `values` has room for the parameters and the result. A result that is
 * text or bytes is put into `room`, in place of what was there. */
static inline weft_error_t *weft_direct_call_flat(direct_t *direct, const direct_func_t *func,
                                                  flat_t *values, buf_t *room) {
    if (func->flat == FLAT_NUMBERS && func->frame->direct == direct)
        return weft_direct_call_scalars(direct, func, values);
    return weft_direct_call_checked(direct, func, values, room);
}

#endif
