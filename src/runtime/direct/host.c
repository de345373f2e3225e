#include "runtime/direct/host.h"
#include "runtime/direct/call.h"
#include "runtime/direct/frame.h"
#include "runtime/direct/handles.h"

/* What the core function of a lowered function of the host finds prepared. */
typedef struct lowered_host {
    frame_t *frame;
    const host_func_t *func;
    options_t options;
    abi_func_t abi;
} lowered_host_t;

weft_error_t *weft_host_args(host_call_t *call, host_args_t *args) {
    const layout_t *params = call->abi->params;
    *args = (host_args_t){0, call->slots};
    if (!call->abi->params_in_memory) return NULL;
    *args = (host_args_t){weft_flat_pointer(&call->side.abi, call->slots), NULL};
    return weft_abi_check_range(&call->side.abi, args->base, params->align, params->size);
}

weft_error_t *weft_host_result(host_call_t *call, uint64_t *ptr) {
    const layout_t *result = call->abi->result;
    *ptr = weft_flat_pointer(&call->side.abi, &call->slots[call->abi->core_param_count - 1]);
    return weft_abi_check_range(&call->side.abi, *ptr, result->align, result->size);
}

static weft_error_t *call_host(const lowered_host_t *lowered, flat_t *slots) {
    direct_t *direct = lowered->frame->direct;
    size_t mark = direct->lends.count;
    TRY(weft_frame_check_leave(lowered->frame));
    host_call_t call;
    call.frame = lowered->frame;
    weft_side_begin(&call.side, lowered->frame, &lowered->options, NULL);
    call.abi = &lowered->abi;
    call.slots = slots;
    TRY(lowered->func->call(lowered->func, &call));
    weft_lends_end(direct, mark);
    return NULL;
}

static wasm_trap_t *on_lowered_host(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots,
                                    size_t count) {
    const lowered_host_t *lowered = env;
    (void)caller, (void)count;
    return weft_direct_trap(lowered->frame->direct, call_host(lowered, (flat_t *)slots));
}

weft_error_t *weft_host_lower(frame_t *frame, const host_func_t *func, const options_t *options,
                              const abi_func_t *abi, rt_t *made) {
    lowered_host_t *lowered = ARENA_NEW(&frame->direct->arena, lowered_host_t);
    if (!lowered) return weft_error_oom();
    *lowered = (lowered_host_t){frame, func, *options, *abi};
    return weft_core_host_func(frame, weft_abi_core_sig(&lowered->abi), on_lowered_host, lowered,
                               made);
}
