/* A call that a guest makes of WASI. */
#include "runtime/wasi/inside.h"
#include "support/alloc.h"

weft_error_t *weft_wasi_failure(wasi_t *wasi, wasmtime_error_t *failure) {
    direct_t *direct = wasi->direct;
    if (!wasmtime_error_exit_status(failure, &direct->exit_status))
        return weft_failure_error(&direct->guard.limits, failure);
    direct->exited = true;
    wasmtime_error_delete(failure);
    return weft_error_new(WEFT_TRAP, "the guest ended the program with status %d",
                          direct->exit_status);
}

weft_error_t *weft_wasi_invoke(wasi_t *wasi, const wasi_proxy_t *proxy,
                               const wasmtime_component_func_t *func, const host_val_t *args,
                               size_t count, host_val_t *result) {
    host_val_t made = {.kind = WASMTIME_COMPONENT_BOOL};
    guard_t *guard = &wasi->direct->guard;
    if (guard->memory) weft_guard_limit(guard, 0); /* the proxy's memory is not the guest's */
    wasmtime_error_t *failure =
        wasmtime_component_func_call(func, guard->context, args, count, &made, result ? 1 : 0);
    if (guard->memory) weft_guard_limit(guard, guard->memory);
    if (failure) return weft_wasi_failure(wasi, failure);
    if (result) *result = made;
    wasi->answered = proxy;
    return NULL;
}

static weft_error_t *lift_args(wasi_t *wasi, host_call_t *call, host_val_t *args) {
    const layout_t *params = call->abi->params;
    host_args_t from;
    weft_wasi_clear_room(&wasi->proxy);
    TRY(weft_host_args(call, &from));
    for (uint32_t i = 0; i < params->part_count; i++) {
        place_t at = {from.base + params->offsets[i], from.flat};
        TRY(weft_wasi_lift(wasi, &call->side.abi, params->parts[i], at, true, &args[i]));
        if (from.flat) from.flat += params->parts[i]->flat_count;
    }
    return NULL;
}

static weft_error_t *lower_result(wasi_t *wasi, host_call_t *call, host_val_t *result) {
    place_t at = {0, call->slots};
    if (call->abi->result_in_memory) {
        TRY(weft_host_result(call, &at.ptr));
        at.flat = NULL;
    }
    return weft_wasi_lower(wasi, &call->side.abi, call->abi->result, result, at, true);
}

static weft_error_t *run(const wasi_func_t *func, host_call_t *call, host_val_t *args,
                         host_val_t *result) {
    wasi_t *wasi = func->wasi;
    TRY(lift_args(wasi, call, args));
    if (func->wait) TRY(weft_wasi_wait(func, args, result));
    else
        TRY(weft_wasi_invoke(wasi, &wasi->proxy, &func->func, args, call->abi->params->part_count,
                             call->abi->result ? result : NULL));
    return call->abi->result ? lower_result(wasi, call, result) : NULL;
}

weft_error_t *weft_wasi_call(const host_func_t *base, host_call_t *call) {
    host_val_t few[ABI_MAX_FLAT_PARAMS], *args = few;
    host_val_t result = {.kind = WASMTIME_COMPONENT_BOOL};
    uint32_t count = call->abi->params->part_count;
    if (count > ABI_MAX_FLAT_PARAMS) args = weft_alloc_zero(count, sizeof *args);
    if (!args) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) args[i].kind = WASMTIME_COMPONENT_BOOL;
    weft_error_t *error = run((const wasi_func_t *)base, call, args, &result);
    for (uint32_t i = 0; i < count; i++) wasmtime_component_val_delete(&args[i]);
    wasmtime_component_val_delete(&result);
    if (args != few) weft_free(args);
    return error;
}
