/* The embedder's functions as functions of a Wasmtime linker. */
#include "runtime/failure.h"
#include "runtime/hosted/hosted.h"
#include "support/alloc.h"

typedef struct given_env {
    hosted_t *hosted;
    const given_func_t *func;
} given_env_t;

static weft_error_t *call(const given_env_t *env, const wasmtime_component_val_t *from,
                          weft_value_t *args, wasmtime_component_val_t *out) {
    const func_type_t *type = env->func->type;
    weft_value_t result;
    passed_t handles = {0}; /* there are none in these types */
    for (uint32_t i = 0; i < type->param_count; i++)
        TRY(weft_hosted_lift(env->hosted, type->params[i].type, &from[i], &args[i]));
    TRY(weft_given_call(env->func, args, &result));
    if (!type->result) return NULL;
    weft_error_t *error = weft_hosted_lower(env->hosted, type->result, &result, &handles, out);
    weft_value_clear(&result);
    return error;
}

/* The error waits in the instance (failure.c); Wasmtime only passes on that there is one. */
static wasmtime_error_t *on_call(void *data, wasmtime_context_t *context,
                                 const wasmtime_component_func_type_t *type,
                                 wasmtime_component_val_t *args, size_t arg_count,
                                 wasmtime_component_val_t *results, size_t result_count) {
    const given_env_t *env = data;
    (void)context, (void)type, (void)result_count;
    weft_value_t *lifted = weft_alloc_zero(arg_count, sizeof *lifted);
    weft_error_t *error = lifted ? call(env, args, lifted, results) : weft_error_oom();
    for (size_t i = 0; lifted && i < arg_count; i++) weft_value_clear(&lifted[i]);
    weft_free(lifted);
    if (!error) return NULL;
    weft_error_delete(env->hosted->pending);
    env->hosted->pending = error;
    return wasmtime_error_new("a function of the host failed");
}

/* A linker's instance can be opened once; while one is open, nothing else of the linker may be. */
static weft_error_t *define(hosted_t *hosted, wasmtime_component_linker_instance_t *in,
                            const given_func_t *func) {
    given_env_t *env = weft_alloc_zero(1, sizeof *env);
    if (!env) return weft_error_oom();
    *env = (given_env_t){hosted, func};
    wasmtime_error_t *failure = wasmtime_component_linker_instance_add_func(
        in, func->name.ptr, func->name.len, on_call, env, weft_free);
    return failure ? weft_failure_refusal(WEFT_INTERNAL, "a function cannot be linked", failure)
                   : NULL;
}

static bool is_first(const given_funcs_t *given, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (weft_str_eq(given->items[i].interface, given->items[at].interface)) return false;
    return true;
}

static weft_error_t *define_interface(hosted_t *hosted, wasmtime_component_linker_instance_t *root,
                                      const given_funcs_t *given, weft_str_t interface) {
    wasmtime_component_linker_instance_t *in = NULL;
    weft_error_t *error = NULL;
    if (interface.len) {
        wasmtime_error_t *failure = wasmtime_component_linker_instance_add_instance(
            root, interface.ptr, interface.len, &in);
        if (failure)
            return weft_failure_refusal(WEFT_INTERNAL, "an interface cannot be linked", failure);
    }
    for (size_t i = 0; i < given->count && !error; i++)
        if (weft_str_eq(given->items[i].interface, interface))
            error = define(hosted, in ? in : root, &given->items[i]);
    if (in) wasmtime_component_linker_instance_delete(in);
    return error;
}

weft_error_t *weft_hosted_give(hosted_t *hosted, const given_funcs_t *given) {
    weft_error_t *error = NULL;
    if (!given->count) return NULL;
    wasmtime_component_linker_allow_shadowing(hosted->linker, true); /* of WASI's interfaces */
    wasmtime_component_linker_instance_t *root = wasmtime_component_linker_root(hosted->linker);
    for (size_t i = 0; i < given->count && !error; i++)
        if (is_first(given, i))
            error = define_interface(hosted, root, given, given->items[i].interface);
    wasmtime_component_linker_instance_delete(root);
    return error;
}
