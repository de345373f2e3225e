/* The seam to the rest of the runtime: making, starting, finding and calling. */
#include "runtime/direct/host.h"

#include "abi/copy.h"
#include "abi/validate.h"
#include "component/validate.h"
#include "runtime/failure.h"
#include "support/alloc.h"

/* So far ahead that no clock gets there. */
#define NO_EPOCH (UINT64_C(1) << 40)

/* ---- making and unmaking ---------------------------------------------------------------------- */

/* Called in the guest's thread when the epoch is past. */
static wasmtime_error_t *on_epoch(const wasmtime_context_t *context, void *data, uint64_t *delta,
                                  wasmtime_update_deadline_kind_t *kind) {
    direct_t *direct = data;
    (void)context;
    *kind = WASMTIME_UPDATE_DEADLINE_CONTINUE;
    *delta = direct->deadline ? 1 : NO_EPOCH;
    if (!direct->deadline || weft_now_ns() < direct->deadline) return NULL;
    direct->expired = true;
    return wasmtime_error_new("deadline");
}

static weft_error_t *make_store(direct_t *direct) {
    direct->store = wasmtime_store_new(direct->wasmtime, NULL, NULL);
    if (!direct->store) return weft_error_oom();
    direct->context = wasmtime_store_context(direct->store);
    uint64_t memory = direct->memory;
    wasmtime_store_limiter(direct->store, memory && memory < INT64_MAX ? (int64_t)memory : -1, -1,
                           -1, -1, -1);
    wasmtime_store_epoch_deadline_callback(direct->store, on_epoch, direct, NULL);
    wasmtime_context_set_epoch_deadline(direct->context, NO_EPOCH);
    if (!direct->fuel) return NULL;
    wasmtime_error_t *failure = wasmtime_context_set_fuel(direct->context, direct->fuel);
    return failure ? weft_failure_refusal(WEFT_INTERNAL, "fuel cannot be set", failure) : NULL;
}

/* Calls rely on what validation has checked. */
static weft_error_t *make(direct_t *direct) {
    TRY(weft_validate(direct->pool, direct->document));
    TRY(weft_abi_validate(direct->pool, direct->document));
    TRY(weft_engine_for(direct->engine, direct->fuel ? ENGINE_FUEL : 0, &direct->wasmtime));
    TRY(weft_direct_compile(direct, direct->document->root));
    return make_store(direct);
}

weft_error_t *weft_direct_new(weft_engine_t *engine, type_pool_t *pool, document_t *document,
                              const given_funcs_t *given, const weft_options_t *options,
                              direct_t **direct) {
    direct_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    made->engine = engine;
    made->pool = pool;
    made->document = document;
    made->given = given;
    made->abi32.address = ABI_32;
    made->abi64.address = ABI_64;
    made->fuel = options->fuel;
    made->deadline_ns = options->deadline_ns;
    made->memory = options->memory;
    weft_error_t *error = make(made);
    if (error) weft_direct_delete(made);
    else *direct = made;
    return error;
}

static void free_modules(map_t *modules) {
    for (size_t i = 0; i < modules->capacity; i++)
        if (modules->entries[i].value) wasmtime_module_delete(modules->entries[i].value);
    weft_map_free(modules);
}

void weft_direct_delete(direct_t *direct) {
    if (!direct) return;
    weft_direct_resources_orphan(direct);
    if (direct->store) wasmtime_store_delete(direct->store);
    for (frame_t *frame = direct->frames; frame; frame = frame->next) {
        weft_map_free(&frame->resources);
        VEC_FREE(&frame->handles.table);
    }
    free_modules(&direct->modules);
    VEC_FREE(&direct->lends);
    weft_error_delete(direct->pending);
    weft_abi_free(&direct->abi32);
    weft_abi_free(&direct->abi64);
    weft_arena_free(&direct->arena);
    weft_free(direct);
}

/* ---- running with a deadline ------------------------------------------------------------------ */

weft_error_t *weft_direct_begin(direct_t *direct) {
    if (!direct->deadline_ns) return NULL;
    TRY(weft_engine_clock_begin(direct->engine));
    direct->expired = false;
    direct->deadline = weft_now_ns() + direct->deadline_ns;
    wasmtime_context_set_epoch_deadline(direct->context, 1);
    return NULL;
}

void weft_direct_end(direct_t *direct) {
    if (!direct->deadline_ns) return;
    weft_engine_clock_end(direct->engine);
    direct->deadline = 0;
    wasmtime_context_set_epoch_deadline(direct->context, NO_EPOCH);
}

weft_error_t *weft_direct_start(direct_t *direct) {
    if (direct->started) return NULL;
    if (direct->spent) return weft_error_new(WEFT_TRAP, "the component failed to start before");
    TRY(weft_direct_begin(direct));
    weft_error_t *error = weft_frame_new(direct, direct->document->root, NULL, NULL,
                                         (rt_list_t){NULL, 0}, &direct->root);
    weft_direct_end(direct);
    direct->started = !error;
    direct->spent = error != NULL;
    if (error && weft_error_code(error) == WEFT_TRAP)
        error = weft_error_with_note(error, "this was while the component started");
    return error;
}

/* ---- functions -------------------------------------------------------------------------------- */

weft_error_t *weft_direct_find(const direct_t *direct, weft_str_t interface, weft_str_t name,
                               const direct_func_t **func) {
    const rt_list_t *exports = &direct->root->exports;
    const rt_t *instance = interface.len ? weft_rt_find(exports, interface) : NULL;
    if (instance) exports = &instance->exports;
    const rt_t *found = interface.len && !instance ? NULL : weft_rt_find(exports, name);
    if (!found || found->kind != RT_FUNC)
        return weft_error_new(WEFT_INTERNAL, "the instance has no function `%.*s`", STR_ARG(name));
    if (found->func->host && !found->func->host->call_values)
        return weft_error_with_help(
            weft_error_new(WEFT_UNSUPPORTED,
                           "`%.*s` is a function that the component imports from WASI",
                           STR_ARG(name)),
            "only the hosted engine can call that: --engine hosted");
    *func = found->func;
    return NULL;
}

static weft_error_t *lower_args(const direct_func_t *func, abi_side_t *side,
                                const weft_value_t *args, flat_t *values) {
    const layout_t *params = func->abi.params;
    transfer_t transfer = {NULL, side};
    uint64_t ptr;
    if (func->abi.params_in_memory) {
        TRY(weft_abi_realloc(&transfer, 0, 0, params->align, params->size, &ptr));
        for (uint32_t i = 0; i < params->part_count; i++)
            TRY(weft_value_store(&transfer, params->parts[i], &args[i], ptr + params->offsets[i]));
        values[0].bits = ptr;
        return NULL;
    }
    for (uint32_t i = 0; i < params->part_count; i++) {
        TRY(weft_value_lower(&transfer, params->parts[i], &args[i], values));
        values += params->parts[i]->flat_count;
    }
    return NULL;
}

static weft_error_t *lift_result(const direct_func_t *func, abi_side_t *side, const flat_t *values,
                                 weft_value_t *result) {
    const layout_t *layout = func->abi.result;
    if (!layout) return NULL;
    if (!func->abi.result_in_memory) return weft_value_lift(side, layout, values, result);
    uint64_t ptr = weft_flat_pointer(side, values);
    TRY(weft_abi_check_range(side, ptr, layout->align, layout->size));
    return weft_value_load(side, layout, ptr, result);
}

static weft_error_t *check_borrows(const task_t *task) {
    return task->borrows ? weft_abi_trap("borrow handles still remain at the end of the call")
                         : NULL;
}

/* What fails here is the guest's fault, and ends it. Only the host's lack of memory for the result is not: that
 * comes back in *lack, after the call was brought to its end. */
static weft_error_t *run(const direct_func_t *func, const weft_value_t *args, weft_value_t *result,
                         weft_error_t **lack) {
    task_t task = {0};
    flat_t values[ABI_MAX_FLAT_PARAMS + 1];
    side_t side = weft_side(func->frame, &func->options, &task);
    values[0].bits = 0;
    TRY(weft_frame_enter(func->frame, NULL));
    TRY(lower_args(func, &side.abi, args, values));
    TRY(weft_core_call(func->frame->direct, &func->core, values, ABI_MAX_FLAT_PARAMS + 1));
    side.abi.base = NULL;
    TRY(check_borrows(&task));
    weft_error_t *error = lift_result(func, &side.abi, values, result);
    if (error && weft_error_code(error) != WEFT_NO_MEMORY) return error;
    *lack = error;
    TRY(weft_func_post_return(func, values));
    weft_frame_leave(func->frame, NULL);
    return NULL;
}

/* Everything that can be wrong with the arguments, before anything runs. */
static weft_error_t *check_args(const direct_func_t *func, const weft_value_t *args,
                                passed_t *given) {
    for (uint32_t i = 0; i < func->type->param_count; i++) {
        const type_t *type = func->type->params[i].type;
        weft_error_t *error = weft_value_check(&args[i], type);
        if (!error) error = weft_direct_pass(func->frame, type, &args[i], given);
        if (error)
            return weft_error_with_note(error, "in the argument `%.*s`",
                                        STR_ARG(func->type->params[i].name));
    }
    return NULL;
}

weft_error_t *weft_direct_spent(void) {
    return weft_error_new(WEFT_TRAP, "the component cannot be called again: it trapped before");
}

weft_error_t *weft_direct_call(direct_t *direct, const direct_func_t *func,
                               const weft_value_t *args, weft_value_t *result) {
    passed_t given = {0};
    if (direct->spent) return weft_direct_spent();
    if (func->host) return func->host->call_values(func->host, args, result);
    weft_error_t *error = check_args(func, args, &given);
    if (error) weft_direct_take_back(&given);
    VEC_FREE(&given);
    if (error) return error;
    weft_error_t *lack = NULL;
    weft_value_t made = weft_bool(false);
    TRY(weft_direct_begin(direct));
    error = run(func, args, &made, &lack);
    weft_direct_end(direct);
    if (error) direct->spent = true;
    if (error || lack) {
        weft_value_clear(&made);
        if (error) weft_error_delete(lack);
        return error ? error : lack;
    }
    if (func->abi.result) *result = made;
    return NULL;
}
