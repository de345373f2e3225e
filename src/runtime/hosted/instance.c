/* Compiling, instantiating, calling. */
#include <time.h>

#include "runtime/compile.h"
#include "runtime/failure.h"
#include "runtime/grants.h"
#include "runtime/hosted/hosted.h"
#include "support/alloc.h"

/* ---- making and unmaking ---------------------------------------------------------------------- */

static weft_error_t *make(hosted_t *hosted, unsigned needs, weft_bytes_t component,
                          const given_funcs_t *given, const weft_options_t *options) {
    TRY(weft_guard_make(&hosted->guard, hosted->engine, needs, options));
    weft_guard_arm(&hosted->guard);
    TRY(weft_grants_apply(hosted->guard.context, options));
    hosted->wasmtime = hosted->guard.wasmtime;
    TRY(weft_compile_valid(hosted->engine, hosted->wasmtime, component, &hosted->component));
    hosted->linker = wasmtime_component_linker_new(hosted->wasmtime);
    if (!hosted->linker) return weft_error_oom();
    wasmtime_error_t *failure = wasmtime_component_linker_add_wasip2(hosted->linker);
    if (failure) return weft_failure_refusal(WEFT_INTERNAL, "WASI cannot be linked", failure);
    return weft_hosted_give(hosted, given);
}

weft_error_t *weft_hosted_new(weft_engine_t *engine, unsigned needs, weft_bytes_t component,
                              const given_funcs_t *given, const weft_options_t *options,
                              hosted_t **hosted) {
    hosted_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    made->engine = engine;
    made->async = needs & ENGINE_ASYNC;
    weft_error_t *error = make(made, needs, component, given, options);
    if (error) weft_hosted_delete(made);
    else *hosted = made;
    return error;
}

void weft_hosted_delete(hosted_t *hosted) {
    if (!hosted) return;
    weft_hosted_resources_orphan(hosted);
    if (hosted->linker) wasmtime_component_linker_delete(hosted->linker);
    weft_guard_free(&hosted->guard);
    if (hosted->component) wasmtime_component_delete(hosted->component);
    weft_error_delete(hosted->pending);
    weft_free(hosted);
}

/* ---- async calls ------------------------------------------------------------------------------ */

/* Waits for a future and deletes it; what it failed with is in *failure. Nothing wakes a poller, so the pauses between
 * polls grow, up to a millisecond. */
static void await(hosted_t *hosted, wasmtime_call_future_t *future, wasmtime_error_t **failure) {
    struct timespec pause = {0, 10000};
    weft_error_t *ended = NULL;
    while (!wasmtime_call_future_poll(future)) {
        ended = weft_guard_check_time();
        if (ended) break;
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 1000000) pause.tv_nsec *= 2;
    }
    wasmtime_call_future_delete(future);
    if (!ended) return;
    weft_error_delete(hosted->guard.limits.ended);
    hosted->guard.limits.ended = ended;
    if (!*failure) *failure = wasmtime_error_new("ended");
}

/* ---- instantiating ---------------------------------------------------------------------------- */

static wasmtime_error_t *instantiate(hosted_t *hosted) {
    wasmtime_error_t *failure = NULL;
    wasmtime_context_t *context = hosted->guard.context;
    if (!hosted->async)
        return wasmtime_component_linker_instantiate(hosted->linker, context, hosted->component,
                                                     &hosted->instance);
    await(hosted,
          wasmtime_component_linker_instantiate_async(hosted->linker, context, hosted->component,
                                                      &hosted->instance, &failure),
          &failure);
    return failure;
}

/* A failed start is a trap of a start function, or something that cannot be linked. */
static weft_error_t *explain_start(hosted_t *hosted, const making_t *making,
                                   wasmtime_error_t *failure) {
    wasm_frame_vec_t frames;
    int status;
    wasmtime_error_wasm_trace(failure, &frames);
    bool ran = frames.size || hosted->guard.limits.ended || hosted->pending ||
               wasmtime_error_exit_status(failure, &status);
    wasm_frame_vec_delete(&frames);
    if (ran) {
        weft_error_t *error = weft_hosted_failure(hosted, failure);
        return weft_error_with_note(error, "this was while the component started");
    }
    return weft_guard_not_started(&hosted->guard, making, WEFT_NOT_FOUND, failure);
}

static weft_error_t *run_start(void *context) {
    hosted_t *hosted = context;
    making_t making;
    weft_memories_begin(&making, NULL);
    wasmtime_error_t *failure = instantiate(hosted);
    weft_memories_end(&making);
    return failure ? explain_start(hosted, &making, failure) : NULL;
}

/* It is visited. */
static weft_error_t *start(hosted_t *hosted) {
    if (atomic_load(&hosted->guard.started)) return NULL; /* by another thread */
    TRY(weft_guard_check_spent(&hosted->guard));
    weft_error_t *error = weft_guard_run(&hosted->guard, run_start, hosted);
    if (error) weft_guard_spend(&hosted->guard, error);
    else atomic_store(&hosted->guard.started, true);
    return error;
}

weft_error_t *weft_hosted_start(hosted_t *hosted) {
    visit_t visit;
    if (atomic_load(&hosted->guard.started)) return NULL;
    TRY(weft_guard_enter(&hosted->guard, &visit));
    weft_error_t *error = start(hosted);
    weft_guard_leave(&visit);
    return error;
}

/* ---- functions -------------------------------------------------------------------------------- */

weft_error_t *weft_hosted_find(const hosted_t *hosted, weft_str_t interface, weft_str_t name,
                               const func_type_t *type, hosted_func_t *func) {
    wasmtime_component_export_index_t *in = NULL;
    *func = (hosted_func_t){.type = type};
    if (interface.len)
        in = wasmtime_component_get_export_index(hosted->component, NULL, interface.ptr,
                                                 interface.len);
    if (in || !interface.len)
        func->index =
            wasmtime_component_get_export_index(hosted->component, in, name.ptr, name.len);
    if (in) wasmtime_component_export_index_delete(in);
    if (func->index) return NULL;
    return weft_error_new(WEFT_UNSUPPORTED, "Wasmtime does not find the function `%.*s`",
                          STR_ARG(name));
}

void weft_hosted_func_free(hosted_func_t *func) {
    if (func->index) wasmtime_component_export_index_delete(func->index);
    *func = (hosted_func_t){0};
}

static weft_error_t *resolve(hosted_t *hosted, hosted_func_t *func) {
    if (func->resolved) return NULL;
    func->resolved = wasmtime_component_instance_get_func(&hosted->instance, hosted->guard.context,
                                                          func->index, &func->func);
    if (func->resolved) return NULL;
    return weft_error_new(WEFT_UNSUPPORTED, "Wasmtime does not find the function");
}

static wasmtime_error_t *invoke(hosted_t *hosted, const hosted_func_t *func,
                                const wasmtime_component_val_t *args,
                                wasmtime_component_val_t *result) {
    wasmtime_error_t *failure = NULL;
    wasmtime_context_t *context = hosted->guard.context;
    size_t count = func->type->param_count, results = func->type->result ? 1 : 0;
    if (!hosted->async)
        return wasmtime_component_func_call(&func->func, context, args, count, result, results);
    await(hosted,
          wasmtime_component_func_call_async(&func->func, context, args, count, result, results,
                                             &failure),
          &failure);
    return failure;
}

typedef struct hosted_run {
    hosted_t *hosted;
    const hosted_func_t *func;
    const wasmtime_component_val_t *args;
    weft_value_t *result;
} hosted_run_t;

static weft_error_t *run(void *context) {
    const hosted_run_t *run = context;
    wasmtime_component_val_t out = {.kind = WASMTIME_COMPONENT_BOOL};
    wasmtime_error_t *failure = invoke(run->hosted, run->func, run->args, &out);
    if (failure) {
        weft_error_t *error = weft_hosted_failure(run->hosted, failure);
        weft_guard_spend(&run->hosted->guard, error);
        return error;
    }
    weft_error_t *error = NULL;
    const type_t *type = run->func->type->result;
    if (type) error = weft_hosted_lift(run->hosted, type, &out, run->result);
    wasmtime_component_val_delete(&out);
    return error;
}

static weft_error_t *lower_args(hosted_t *hosted, const func_type_t *type, const weft_value_t *args,
                                passed_t *given, wasmtime_component_val_t *lowered) {
    for (uint32_t i = 0; i < type->param_count; i++) {
        weft_error_t *error = weft_value_check(&args[i], type->params[i].type);
        if (!error)
            error = weft_hosted_lower(hosted, type->params[i].type, &args[i], given, &lowered[i]);
        if (error)
            return weft_error_with_note(error, "in the argument `%.*s`",
                                        STR_ARG(type->params[i].name));
    }
    return NULL;
}

/* It is visited. */
static weft_error_t *call(hosted_t *hosted, hosted_func_t *func, const weft_value_t *args,
                          weft_value_t *result) {
    uint32_t count = func->type->param_count;
    passed_t given = {0};
    TRY(weft_guard_check_spent(&hosted->guard));
    TRY(resolve(hosted, func));
    wasmtime_component_val_t *lowered = weft_alloc_zero(count, sizeof *lowered);
    if (!lowered) return weft_error_oom();
    hosted_run_t job = {hosted, func, lowered, result};
    weft_error_t *error = lower_args(hosted, func->type, args, &given, lowered);
    if (error) weft_held_take_back(&given); /* nothing was run */
    else error = weft_guard_run(&hosted->guard, run, &job);
    for (uint32_t i = 0; i < count; i++) wasmtime_component_val_delete(&lowered[i]);
    weft_free(lowered);
    VEC_FREE(&given);
    return error;
}

weft_error_t *weft_hosted_call(hosted_t *hosted, hosted_func_t *func, const weft_value_t *args,
                               weft_value_t *result) {
    visit_t visit;
    TRY(weft_guard_enter(&hosted->guard, &visit));
    weft_error_t *error = call(hosted, func, args, result);
    weft_guard_leave(&visit);
    return error;
}

/* ---- dropping --------------------------------------------------------------------------------- */

typedef struct hosted_drop {
    later_t later;
    hosted_t *hosted;
    wasmtime_component_resource_any_t *any;
} hosted_drop_t;

static weft_error_t *run_drop(void *context) {
    const hosted_drop_t *drop = context;
    wasmtime_error_t *failure =
        wasmtime_component_resource_any_drop(drop->hosted->guard.context, drop->any);
    return failure ? weft_hosted_failure(drop->hosted, failure) : NULL;
}

/* It is visited. */
static void drop(hosted_drop_t *drop) {
    guard_t *guard = &drop->hosted->guard;
    if (guard->spent) return;
    weft_error_t *error = weft_guard_run(guard, run_drop, drop);
    if (error) weft_guard_spend(guard, error);
    weft_error_delete(error);
}

static void drop_later(later_t *later) {
    hosted_drop_t *waiting = (hosted_drop_t *)later;
    drop(waiting);
    wasmtime_component_resource_any_delete(waiting->any);
    weft_free(waiting);
}

void weft_hosted_drop(hosted_t *hosted, const wasmtime_component_resource_any_t *any) {
    visit_t visit;
    if (weft_guard_try_enter(&hosted->guard, &visit)) {
        drop(&(hosted_drop_t){{0}, hosted, (wasmtime_component_resource_any_t *)(uintptr_t)any});
        weft_guard_leave(&visit);
        return;
    }
    hosted_drop_t *waiting = weft_alloc_zero(1, sizeof *waiting);
    if (!waiting) return; /* it stays until the plugin is deleted */
    *waiting =
        (hosted_drop_t){{drop_later, NULL}, hosted, wasmtime_component_resource_any_clone(any)};
    weft_guard_later(&hosted->guard, &waiting->later);
}
