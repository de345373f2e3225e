#include "runtime/direct/lowered.h"

#include "abi/copy.h"
#include "runtime/direct/call.h"

void weft_pass_prepare(pass_t *pass, const lowered_t *lowered) {
    const direct_func_t *callee = lowered->callee;
    pass->lowered = lowered;
    weft_side_begin(&pass->caller, lowered->frame, &lowered->options, NULL);
    weft_side_begin(&pass->callee, callee->frame, &callee->options, &pass->task);
    pass->task.borrows = 0;
    pass->there.from = pass->back.to = &pass->caller.abi;
    pass->there.to = pass->back.from = &pass->callee.abi;
    pass->out_ptr = 0;
    pass->values[0].bits = 0;
}

weft_error_t *weft_pass_params(pass_t *pass, const flat_t *slots) {
    const abi_func_t *abi = &pass->lowered->abi;
    const layout_t *from = abi->params, *to = pass->lowered->callee->abi.params;
    uint64_t from_ptr, to_ptr;
    if (abi->result_in_memory)
        pass->out_ptr = weft_flat_pointer(&pass->caller.abi, &slots[abi->core_param_count - 1]);
    if (!abi->params_in_memory)
        return weft_abi_copy_flat(&pass->there, from, to, slots, pass->values);
    from_ptr = weft_flat_pointer(&pass->caller.abi, slots);
    TRY(weft_abi_check_range(&pass->caller.abi, from_ptr, from->align, from->size));
    TRY(weft_abi_realloc(&pass->there, 0, 0, to->align, to->size, &to_ptr));
    pass->values[0].bits = to_ptr;
    return weft_abi_copy(&pass->there, from, to, from_ptr, to_ptr);
}

weft_error_t *weft_pass_call(pass_t *pass) {
    const direct_func_t *callee = pass->lowered->callee;
    TRY(weft_core_call(callee->frame->direct, &callee->core, pass->values,
                       ABI_MAX_FLAT_PARAMS + 1));
    weft_side_forget(&pass->caller.abi);
    weft_side_forget(&pass->callee.abi);
    return weft_task_check_borrows(&pass->task);
}

weft_error_t *weft_pass_result(pass_t *pass, flat_t *slots) {
    const abi_func_t *abi = &pass->lowered->abi;
    const layout_t *from = pass->lowered->callee->abi.result, *to = abi->result;
    abi_side_t *caller = &pass->caller.abi;
    if (!from) return NULL;
    if (!abi->result_in_memory)
        return weft_abi_copy_flat(&pass->back, from, to, pass->values, slots);
    uint64_t ptr = weft_flat_pointer(&pass->callee.abi, pass->values);
    TRY(weft_abi_check_range(&pass->callee.abi, ptr, from->align, from->size));
    caller->failed = true;
    TRY(weft_abi_check_range(caller, pass->out_ptr, to->align, to->size));
    caller->failed = false;
    return weft_abi_copy(&pass->back, from, to, ptr, pass->out_ptr);
}
