/* Compiling, instantiating, calling. */
#include <time.h>

#include "runtime/compile.h"
#include "runtime/failure.h"
#include "runtime/hosted/hosted.h"
#include "support/alloc.h"

/* So far ahead that no clock gets there. */
#define NO_EPOCH (UINT64_C(1) << 40)

/* ---- making and unmaking ---------------------------------------------------------------------- */

weft_error_t *weft_hosted_compile(weft_engine_t *engine, wasm_engine_t *wasmtime,
                                  weft_bytes_t component, wasmtime_component_t **compiled) {
    wasmtime_error_t *failure = weft_compile_component(engine, wasmtime, component, compiled);
    if (!failure) return NULL;
    return weft_failure_refusal(WEFT_UNSUPPORTED, "Wasmtime does not take this component", failure);
}

/* Called in the guest's thread when the epoch is past. */
static wasmtime_error_t *on_epoch(const wasmtime_context_t *context, void *data, uint64_t *delta,
                                  wasmtime_update_deadline_kind_t *kind) {
    hosted_t *hosted = data;
    (void)context;
    *kind = WASMTIME_UPDATE_DEADLINE_CONTINUE;
    *delta = hosted->deadline ? 1 : NO_EPOCH;
    if (!hosted->deadline || weft_now_ns() < hosted->deadline) return NULL;
    hosted->expired = true;
    return wasmtime_error_new("deadline");
}

static weft_error_t *make_store(hosted_t *hosted, const weft_options_t *options) {
    hosted->store = wasmtime_store_new(hosted->wasmtime, NULL, NULL);
    if (!hosted->store) return weft_error_oom();
    wasmtime_context_t *context = wasmtime_store_context(hosted->store);
    int64_t memory = options->memory && options->memory < INT64_MAX ? (int64_t)options->memory : -1;
    wasmtime_store_limiter(hosted->store, memory, -1, -1, -1, -1);
    wasmtime_store_epoch_deadline_callback(hosted->store, on_epoch, hosted, NULL);
    if (options->fuel) {
        wasmtime_error_t *failure = wasmtime_context_set_fuel(context, options->fuel);
        if (failure) return weft_failure_refusal(WEFT_INTERNAL, "fuel cannot be set", failure);
    }
    return weft_hosted_wasi(context, options);
}

static weft_error_t *make(hosted_t *hosted, unsigned needs, weft_bytes_t component,
                          const given_funcs_t *given, const weft_options_t *options) {
    TRY(weft_engine_for(hosted->engine, needs, &hosted->wasmtime));
    TRY(weft_hosted_compile(hosted->engine, hosted->wasmtime, component, &hosted->component));
    TRY(make_store(hosted, options));
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
    made->fuel = options->fuel;
    made->deadline_ns = options->deadline_ns;
    made->memory = options->memory;
    weft_error_t *error = make(made, needs, component, given, options);
    if (error) weft_hosted_delete(made);
    else *hosted = made;
    return error;
}

void weft_hosted_delete(hosted_t *hosted) {
    if (!hosted) return;
    weft_hosted_resources_orphan(hosted);
    if (hosted->linker) wasmtime_component_linker_delete(hosted->linker);
    if (hosted->store) wasmtime_store_delete(hosted->store);
    if (hosted->component) wasmtime_component_delete(hosted->component);
    weft_error_delete(hosted->pending);
    weft_free(hosted);
}

/* ---- running with a deadline ------------------------------------------------------------------ */

static weft_error_t *begin(hosted_t *hosted) {
    hosted->expired = false;
    hosted->deadline = 0;
    if (hosted->deadline_ns) {
        TRY(weft_engine_clock_begin(hosted->engine));
        hosted->deadline = weft_now_ns() + hosted->deadline_ns;
    }
    wasmtime_context_set_epoch_deadline(wasmtime_store_context(hosted->store),
                                        hosted->deadline ? 1 : NO_EPOCH);
    return NULL;
}

static void end(hosted_t *hosted) {
    if (hosted->deadline) weft_engine_clock_end(hosted->engine);
    hosted->deadline = 0;
}

/* Polls until the future is done; false when the deadline came first. Nothing wakes a poller, so the
 * pauses between polls grow, up to a millisecond. */
static bool poll_future(hosted_t *hosted, wasmtime_call_future_t *future) {
    struct timespec pause = {0, 10000};
    while (!wasmtime_call_future_poll(future)) {
        if (hosted->deadline && weft_now_ns() >= hosted->deadline) {
            hosted->expired = true;
            return false;
        }
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 1000000) pause.tv_nsec *= 2;
    }
    return true;
}

/* Waits for a future and deletes it; what it failed with is in *failure. */
static void await(hosted_t *hosted, wasmtime_call_future_t *future, wasmtime_error_t **failure) {
    bool done = poll_future(hosted, future);
    wasmtime_call_future_delete(future);
    if (!done && !*failure) *failure = wasmtime_error_new("deadline");
}

/* ---- instantiating ---------------------------------------------------------------------------- */

static wasmtime_error_t *instantiate(hosted_t *hosted) {
    wasmtime_error_t *failure = NULL;
    wasmtime_context_t *context = wasmtime_store_context(hosted->store);
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
static weft_error_t *explain_start(hosted_t *hosted, wasmtime_error_t *failure) {
    wasm_frame_vec_t frames;
    int status;
    wasmtime_error_wasm_trace(failure, &frames);
    bool ran = frames.size || hosted->expired || hosted->pending ||
               wasmtime_error_exit_status(failure, &status);
    wasm_frame_vec_delete(&frames);
    if (ran) {
        weft_error_t *error = weft_hosted_failure(hosted, failure);
        return weft_error_with_note(error, "this was while the component started");
    }
    hosted->spent = true;
    return weft_failure_refusal(WEFT_NOT_FOUND, "the component cannot be instantiated", failure);
}

weft_error_t *weft_hosted_start(hosted_t *hosted) {
    if (hosted->started) return NULL;
    if (hosted->spent) return weft_error_new(WEFT_TRAP, "the component failed to start before");
    TRY(begin(hosted));
    wasmtime_error_t *failure = instantiate(hosted);
    end(hosted);
    if (failure) return explain_start(hosted, failure);
    hosted->started = true;
    return NULL;
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
    func->resolved = wasmtime_component_instance_get_func(
        &hosted->instance, wasmtime_store_context(hosted->store), func->index, &func->func);
    if (func->resolved) return NULL;
    return weft_error_new(WEFT_UNSUPPORTED, "Wasmtime does not find the function");
}

static wasmtime_error_t *invoke(hosted_t *hosted, const hosted_func_t *func,
                                const wasmtime_component_val_t *args,
                                wasmtime_component_val_t *result) {
    wasmtime_error_t *failure = NULL;
    wasmtime_context_t *context = wasmtime_store_context(hosted->store);
    size_t count = func->type->param_count, results = func->type->result ? 1 : 0;
    if (!hosted->async)
        return wasmtime_component_func_call(&func->func, context, args, count, result, results);
    await(hosted,
          wasmtime_component_func_call_async(&func->func, context, args, count, result, results,
                                             &failure),
          &failure);
    return failure;
}

static weft_error_t *run(hosted_t *hosted, hosted_func_t *func,
                         const wasmtime_component_val_t *args, weft_value_t *result) {
    wasmtime_component_val_t out = {.kind = WASMTIME_COMPONENT_BOOL};
    TRY(begin(hosted));
    wasmtime_error_t *failure = invoke(hosted, func, args, &out);
    end(hosted);
    if (failure) return weft_hosted_failure(hosted, failure);
    weft_error_t *error = NULL;
    if (func->type->result) error = weft_hosted_lift(hosted, func->type->result, &out, result);
    wasmtime_component_val_delete(&out);
    return error;
}

static weft_error_t *lower_args(hosted_t *hosted, const func_type_t *type, const weft_value_t *args,
                                given_handles_t *given, wasmtime_component_val_t *lowered) {
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

weft_error_t *weft_hosted_call(hosted_t *hosted, hosted_func_t *func, const weft_value_t *args,
                               weft_value_t *result) {
    uint32_t count = func->type->param_count;
    given_handles_t given = {0};
    if (hosted->spent)
        return weft_error_new(WEFT_TRAP, "the component cannot be called again: it trapped before");
    TRY(resolve(hosted, func));
    wasmtime_component_val_t *lowered = weft_alloc_zero(count, sizeof *lowered);
    if (!lowered) return weft_error_oom();
    weft_error_t *error = lower_args(hosted, func->type, args, &given, lowered);
    if (error) /* nothing was run: what was to be given away stays */
        for (size_t i = 0; i < given.count; i++) given.items[i]->given = false;
    else error = run(hosted, func, lowered, result);
    for (uint32_t i = 0; i < count; i++) wasmtime_component_val_delete(&lowered[i]);
    weft_free(lowered);
    VEC_FREE(&given);
    return error;
}

void weft_hosted_drop(hosted_t *hosted, const wasmtime_component_resource_any_t *any) {
    if (hosted->spent) return;
    weft_error_t *error = begin(hosted);
    if (error) {
        weft_error_delete(error);
        return;
    }
    wasmtime_error_t *failure =
        wasmtime_component_resource_any_drop(wasmtime_store_context(hosted->store), any);
    end(hosted);
    if (!failure) return;
    hosted->spent = true;
    wasmtime_error_delete(failure);
}
