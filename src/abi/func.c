#include "abi/func.h"

static void add_param(abi_func_t *func, uint8_t value) {
    func->core_params[func->core_param_count++] = value;
}

static void add_result(abi_func_t *func, uint8_t value) {
    func->core_results[func->core_result_count++] = value;
}

static weft_error_t *layouts(abi_t *abi, const func_type_t *type, abi_func_t *func) {
    *func = (abi_func_t){0};
    TRY(weft_abi_params_layout(abi, type, &func->params));
    return type->result ? weft_abi_layout(abi, type->result, &func->result) : NULL;
}

/* Values as core parameters, or a pointer to them where they are more than `most`. */
static bool flat_or_pointer(abi_func_t *func, const layout_t *values, uint8_t most,
                            abi_address_t address) {
    bool in_memory = values->flat_count > most;
    if (in_memory) add_param(func, (uint8_t)address);
    for (uint8_t i = 0; i < values->flat_count && !in_memory; i++) add_param(func, values->flat[i]);
    return in_memory;
}

static uint8_t flat_results(const abi_func_t *func) {
    return func->result ? func->result->flat_count : 0;
}

static bool has_pointer(const layout_t *layout) {
    return layout && layout->has_pointer;
}

static bool has_string(const layout_t *layout) {
    return layout && layout->has_string;
}

/* The callee's parameters are written into its memory (realloc), its result is read from there. */
weft_error_t *weft_abi_lift(abi_t *abi, const func_type_t *type, abi_options_t options,
                            abi_func_t *out) {
    abi_func_t func;
    TRY(layouts(abi, type, &func));
    func.params_in_memory = flat_or_pointer(&func, func.params, ABI_MAX_FLAT_PARAMS, abi->address);
    if (!options.is_async) {
        func.result_in_memory = flat_results(&func) > ABI_MAX_FLAT_RESULTS;
        if (func.result_in_memory) add_result(&func, (uint8_t)abi->address);
        else if (flat_results(&func)) add_result(&func, func.result->flat[0]);
    } else if (options.callback) {
        add_result(&func, CORE_I32);
    }

    /* An async lift hands its result to task.return, which must have the same memory and encoding. */
    uint8_t most_results = options.is_async ? ABI_MAX_FLAT_PARAMS : ABI_MAX_FLAT_RESULTS;
    func.needs_realloc = func.params_in_memory || has_pointer(func.params);
    func.needs_memory =
        func.needs_realloc || flat_results(&func) > most_results || has_pointer(func.result);
    func.needs_encoding = has_string(func.params) || has_string(func.result);
    func.may_post_return = !options.is_async;
    *out = func;
    return NULL;
}

/* The caller's arguments are read from its memory, the result is written there (realloc). */
weft_error_t *weft_abi_lower(abi_t *abi, const func_type_t *type, abi_options_t options,
                             abi_func_t *out) {
    abi_func_t func;
    TRY(layouts(abi, type, &func));
    func.params_in_memory = flat_or_pointer(
        &func, func.params, options.is_async ? ABI_MAX_FLAT_ASYNC_PARAMS : ABI_MAX_FLAT_PARAMS,
        abi->address);
    func.result_in_memory = flat_results(&func) > (options.is_async ? 0 : ABI_MAX_FLAT_RESULTS);
    if (func.result_in_memory) add_param(&func, (uint8_t)abi->address);
    if (options.is_async) add_result(&func, CORE_I32);
    else if (flat_results(&func) && !func.result_in_memory) add_result(&func, func.result->flat[0]);

    func.needs_realloc = has_pointer(func.result);
    func.needs_memory = func.params_in_memory || func.result_in_memory ||
                        has_pointer(func.params) || has_pointer(func.result);
    func.needs_encoding = has_string(func.params) || has_string(func.result);
    *out = func;
    return NULL;
}

weft_error_t *weft_abi_task_return(abi_t *abi, const type_t *result, abi_func_t *out) {
    abi_func_t func = {0};
    if (result) {
        TRY(weft_abi_layout(abi, result, &func.result));
        func.result_in_memory =
            flat_or_pointer(&func, func.result, ABI_MAX_FLAT_PARAMS, abi->address);
    }
    func.needs_memory = func.result_in_memory || has_pointer(func.result);
    func.needs_encoding = has_string(func.result);
    *out = func;
    return NULL;
}
