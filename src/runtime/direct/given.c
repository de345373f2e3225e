/* The embedder's functions: values as weft_value_t. */
#include "runtime/given.h"
#include "runtime/direct/host.h"
#include "runtime/direct/host_values.h"
#include "support/alloc.h"

typedef struct given_host {
    host_func_t base;
    const given_func_t *func;
} given_host_t;

/* *count is how many were lifted, also on failure. */
static weft_error_t *lift_args(host_call_t *call, weft_value_t *args, uint32_t *count) {
    const layout_t *params = call->abi->params;
    host_args_t at;
    *count = 0;
    TRY(weft_host_args(call, &at));
    for (uint32_t i = 0; i < params->part_count; i++) {
        const layout_t *part = params->parts[i];
        if (at.flat) TRY(weft_value_lift(&call->side.abi, part, at.flat, &args[i]));
        else TRY(weft_value_load(&call->side.abi, part, at.base + params->offsets[i], &args[i]));
        if (at.flat) at.flat += part->flat_count;
        *count = i + 1;
    }
    return NULL;
}

static weft_error_t *lower_result(host_call_t *call, const weft_value_t *result) {
    const layout_t *layout = call->abi->result;
    transfer_t transfer = {NULL, &call->side.abi};
    uint64_t ptr;
    if (!call->abi->result_in_memory)
        return weft_value_lower(&transfer, layout, result, call->slots);
    TRY(weft_host_result(call, &ptr));
    return weft_value_store(&transfer, layout, result, ptr);
}

static weft_error_t *call_with(const given_func_t *func, host_call_t *call, weft_value_t *args) {
    uint32_t count;
    weft_value_t result;
    weft_error_t *error = lift_args(call, args, &count);
    if (!error) error = weft_given_call(func, args, &result);
    for (uint32_t i = 0; i < count; i++) weft_value_clear(&args[i]);
    if (error || !call->abi->result) return error;
    weft_side_forget(&call->side.abi); /* the host may have called other guests */
    error = lower_result(call, &result);
    weft_value_clear(&result);
    return error;
}

static weft_error_t *call_given(const host_func_t *base, host_call_t *call) {
    const given_func_t *func = ((const given_host_t *)base)->func;
    weft_value_t few[ABI_MAX_FLAT_PARAMS];
    uint32_t count = call->abi->params->part_count;
    if (count <= ABI_MAX_FLAT_PARAMS) return call_with(func, call, few);
    weft_value_t *many = weft_alloc_zero(count, sizeof *many);
    if (!many) return weft_error_oom();
    weft_error_t *error = call_with(func, call, many);
    weft_free(many);
    return error;
}

static weft_error_t *call_values(const host_func_t *base, const weft_value_t *args,
                                 weft_value_t *result) {
    const given_func_t *func = ((const given_host_t *)base)->func;
    for (uint32_t i = 0; i < func->type->param_count; i++)
        TRY(weft_error_with_note(weft_value_check(&args[i], func->type->params[i].type),
                                 "in the argument `%.*s`", STR_ARG(func->type->params[i].name)));
    return weft_given_call(func, args, result);
}

weft_error_t *weft_host_given(direct_t *direct, weft_str_t interface, weft_str_t name,
                              const host_func_t **func) {
    const given_func_t *given = weft_given_find(direct->given, interface, name);
    *func = NULL;
    if (!given) return NULL;
    given_host_t *made = ARENA_NEW(&direct->arena, given_host_t);
    if (!made) return weft_error_oom();
    *made = (given_host_t){{call_given, call_values}, given};
    *func = &made->base;
    return NULL;
}
