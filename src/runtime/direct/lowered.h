/* A lowered function: what its core function finds prepared when a guest calls it, and one call of it. */
#ifndef WEFT_RUNTIME_DIRECT_LOWERED_H
#define WEFT_RUNTIME_DIRECT_LOWERED_H

#include "abi/copy.h"
#include "runtime/direct/call.h"
#include "runtime/direct/entity.h"

typedef struct lowered {
    frame_t *frame; /* the caller's */
    lift_t *lift;
    const direct_func_t
        *callee;         /* made of that; NULL: it is in another store, and was not called yet */
    const frame_t *stop; /* entering the callee enters the instances up to this one */
    options_t options;
    abi_func_t abi;
} lowered_t;

/* A call, as far as values go from one side to the other. */
typedef struct pass {
    const lowered_t *lowered;
    side_t caller, callee;
    task_t task;
    transfer_t there, back;
    uint64_t out_ptr;                       /* where the caller wants a result that is not flat */
    flat_t values[ABI_MAX_FLAT_PARAMS + 1]; /* the callee's core arguments, then its results */
} pass_t;

/* It stays where it is. */
void weft_pass_prepare(pass_t *pass, const lowered_t *lowered);

/* The steps of a call, in the specification's order. `slots` has the caller's core arguments, then its results. */
weft_error_t *weft_pass_params(pass_t *pass, const flat_t *slots);
weft_error_t *weft_pass_call(pass_t *pass);
weft_error_t *weft_pass_result(pass_t *pass, flat_t *slots);

/* All steps where both sides have scalars: the caller's slots, of which there are as many as core parameters or results,
 * are the callee's. *ran: the callee's function was called. */
static inline weft_error_t *weft_pass_scalars(const direct_func_t *callee, flat_t *slots,
                                              bool *ran) {
    const abi_func_t *abi = &callee->abi;
    size_t room = abi->core_param_count ? abi->core_param_count : abi->core_result_count;
    bool numbers = callee->flat == FLAT_NUMBERS;
    flat_t result = {0, 0};
    for (uint32_t i = 0; i < abi->params->part_count && !numbers; i++)
        TRY(weft_abi_scalar(abi->params->parts[i], slots[i].bits, &slots[i].bits));
    *ran = true;
    TRY(weft_core_call(callee->frame->direct, &callee->core, slots, room));
    if (abi->result) result.bits = slots[0].bits;
    if (abi->result && !numbers) TRY(weft_abi_scalar(abi->result, result.bits, &slots[0].bits));
    return weft_func_post_return(callee, &result);
}

/* ---- dispatch.c ------------------------------------------------------------------------------- */

/* The core function of a lowered function whose callee is in another store. */
weft_error_t *weft_dispatch_lower(lowered_t *lowered, rt_t *made);

#endif
