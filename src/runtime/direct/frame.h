/* Making instances: each definition of a component body makes its entity from those before it. */
#ifndef WEFT_RUNTIME_DIRECT_FRAME_H
#define WEFT_RUNTIME_DIRECT_FRAME_H

#include "runtime/direct/entity.h"

/* ---- instantiate.c ---------------------------------------------------------------------------- */

/* A new instance of a component body. */
weft_error_t *weft_frame_new(direct_t *direct, scope_t *scope, frame_t *outer, frame_t *parent,
                             rt_list_t given, frame_t **frame);

/* Where in the file the error (which may be NULL) arose, unless it is one of running. */
weft_error_t *weft_direct_at(weft_error_t *error, const def_t *def);

/* ---- canon.c, lifts.c ------------------------------------------------------------------------- */

weft_error_t *weft_canon(frame_t *frame, def_t *def, rt_t *made);
weft_error_t *weft_lift(frame_t *frame, def_t *def, rt_t *made);

/* The function of a lift, made when it is first asked for. The store is visited. */
weft_error_t *weft_lift_func(lift_t *lift, const direct_func_t **func);

/* The same of RT_FUNC and RT_LIFT, from wherever: visits the store when there is something to make. */
weft_error_t *weft_rt_func(const rt_t *entity, const direct_func_t **func);

/* The resources of a type are all known to the frame, and it does not nest too deep: calls rely on it. */
weft_error_t *weft_frame_check_type(const frame_t *frame, const func_type_t *type);

/* ---- core.c ----------------------------------------------------------------------------------- */

weft_error_t *weft_core_instantiate(frame_t *frame, const def_t *def, rt_t *made);
weft_error_t *weft_core_inline(frame_t *frame, const def_t *def, rt_t *made);

/* The entity of a core item. */
weft_error_t *weft_core_made(frame_t *frame, wasmtime_extern_t item, rt_t *made);

/* The entity of a core definition: RT_CORE or RT_ABSENT; that of an export is made when it is first asked for. The store
 * is visited. */
weft_error_t *weft_core_entity(frame_t *frame, const def_t *def, const rt_t **entity);

/* Whether the core function that a definition names is the same one of the same module in every instance: then its type is
 * that of the first. Modules that are imported can be different ones. */
bool weft_core_is_fixed(const def_t *func);

/* Whether a core function has the signature. */
bool weft_core_func_is(direct_t *direct, const wasmtime_func_t *func, core_sig_t sig);

/* A core function that calls back; `env` outlives the store. */
weft_error_t *weft_core_host_func(frame_t *frame, core_sig_t sig,
                                  wasmtime_func_unchecked_callback_t callback, void *env,
                                  rt_t *made);

/* ---- values.c --------------------------------------------------------------------------------- */

/* DEF_VALUE and DEF_START, whose entity is the result. */
weft_error_t *weft_value_define(frame_t *frame, const def_t *def, rt_t *made);
weft_error_t *weft_value_start(frame_t *frame, const def_t *def, rt_t *made);
void weft_values_free(direct_t *direct);

#endif
