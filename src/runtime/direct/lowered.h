/* A lowered function: what its core function finds prepared when a guest calls it. */
#ifndef WEFT_RUNTIME_DIRECT_LOWERED_H
#define WEFT_RUNTIME_DIRECT_LOWERED_H

#include "runtime/direct/direct.h"

typedef struct lowered {
    frame_t *frame; /* the caller's */
    lift_t *lift;
    const direct_func_t
        *callee;         /* made of that; NULL: it is in another store, and was not called yet */
    const frame_t *stop; /* entering the callee enters the instances up to this one */
    options_t options;
    abi_func_t abi;
} lowered_t;

/* The arguments into the callee, as its core arguments. */
weft_error_t *weft_pass_params(const lowered_t *lowered, const transfer_t *transfer,
                               const flat_t *in, flat_t *out);

/* Its core results back to the caller. `out_ptr`: where the caller wants a result that is not flat. */
weft_error_t *weft_pass_result(const lowered_t *lowered, const transfer_t *transfer,
                               const flat_t *in, uint64_t out_ptr, flat_t *out);

weft_error_t *weft_pass_check_borrows(const task_t *task);

/* ---- dispatch.c ------------------------------------------------------------------------------- */

/* The core function of a lowered function whose callee is in another store. */
weft_error_t *weft_dispatch_lower(lowered_t *lowered, rt_t *made);

#endif
