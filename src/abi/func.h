/* The core side of a function under `canon lift` and `canon lower` (CanonicalABI.md, flatten_functype and
 * the validation of the two definitions). */
#ifndef WEFT_ABI_FUNC_H
#define WEFT_ABI_FUNC_H

#include "abi/layout.h"

/* The options that decide the signature. */
typedef struct abi_options {
    bool is_async; /* the option `async`, not the function type */
    bool callback; /* a lift with a callback */
} abi_options_t;

typedef struct abi_func {
    const layout_t *params; /* as a tuple */
    const layout_t *result; /* NULL: none */

    /* The core signature; the most parameters are the flat ones of a lower and its return pointer. */
    uint8_t core_params[ABI_MAX_FLAT_PARAMS + 1], core_results[1];
    uint32_t core_param_count, core_result_count;

    /* The values are not flat, a pointer to them is passed. To the parameters: the first core parameter. To the
     * result: of a lower, the last core parameter; of a lift, the core result; of task.return, the only
     * parameter. */
    bool params_in_memory, result_in_memory;

    /* What the options must have (of an async lower the specification always wants a memory, engines only
     * where one is used). */
    bool needs_memory, needs_realloc, needs_encoding;
    bool may_post_return; /* a post-return function is allowed: a lift that is not async */
} abi_func_t;

/* The core function that a lift wraps. */
weft_error_t *weft_abi_lift(abi_t *abi, const func_type_t *type, abi_options_t options,
                            abi_func_t *out);

/* The core function that a lower makes. */
weft_error_t *weft_abi_lower(abi_t *abi, const func_type_t *type, abi_options_t options,
                             abi_func_t *out);

/* The core function that `task.return` makes for a result (NULL: none), whose values are its parameters. */
weft_error_t *weft_abi_task_return(abi_t *abi, const type_t *result, abi_func_t *out);

/* Valid as long as `func` is. */
static inline core_sig_t weft_abi_core_sig(const abi_func_t *func) {
    return (core_sig_t){func->core_params, func->core_results, func->core_param_count,
                        func->core_result_count};
}

#endif
