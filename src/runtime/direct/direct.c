/* The seam to the rest of the runtime: making, starting, finding and calling. */
#include "runtime/direct/direct.h"

#include "abi/copy.h"
#include "runtime/direct/absent.h"
#include "runtime/direct/call.h"
#include "runtime/direct/frame.h"
#include "runtime/direct/fuse/fuse.h"
#include "runtime/direct/handles.h"
#include "runtime/direct/host.h"
#include "runtime/direct/host_values.h"
#include "runtime/failure.h"
#include "runtime/shared.h"
#include "support/alloc.h"
#include "value/literal.h"

/* ---- making and unmaking ---------------------------------------------------------------------- */

/* Calls rely on what validation has checked. */
static weft_error_t *make(direct_t *direct, const weft_options_t *options) {
    TRY(weft_program_check(direct->program));
    unsigned needs = options->fuel ? ENGINE_FUEL : 0U;
    TRY(weft_guard_make(&direct->guard, direct->engine, needs, options));
    direct->needs = needs;
    direct->wasmtime = direct->guard.wasmtime;
    direct->context = direct->guard.context;
    return weft_program_compile(direct->program, direct->engine, needs, &direct->modules);
}

weft_error_t *weft_direct_new(weft_engine_t *engine, program_t *program, const given_funcs_t *given,
                              const weft_options_t *options, direct_t **direct) {
    direct_t *made = weft_alloc_zero(1, sizeof *made);
    if (!made) return weft_error_oom();
    made->engine = engine;
    made->program = program;
    made->given = given;
    made->room = DIRECT_ROOM;
    made->literal_room = LITERAL_ROOM;
    weft_error_t *error = make(made, options);
    if (error) weft_direct_delete(made);
    else *direct = made;
    return error;
}

void weft_direct_delete(direct_t *direct) {
    if (!direct) return;
    weft_guard_settle(&direct->guard); /* destructors may need what the host gives */
    weft_direct_resources_orphan(direct);
    weft_values_free(direct);
    for (frame_t *frame = direct->frames; frame; frame = frame->next) weft_handles_give_back(frame);
    if (direct->source) direct->source->discard(direct->source);
    weft_guard_free(&direct->guard);
    weft_fusing_delete(direct->fusing);
    for (frame_t *frame = direct->frames; frame; frame = frame->next) {
        weft_map_free(&frame->resources);
        VEC_FREE(&frame->handles.table);
    }
    VEC_FREE(&direct->lends);
    VEC_FREE(&direct->links);
    weft_error_delete(direct->pending);
    weft_arena_free(&direct->arena);
    weft_free(direct);
}

/* ---- starting --------------------------------------------------------------------------------- */

weft_error_t *weft_direct_link(direct_t *direct, weft_str_t import, direct_t *provider,
                               weft_str_t export_) {
    return VEC_PUSH(&direct->links, (direct_link_t){import, export_, provider});
}

static weft_error_t *start_providers(const direct_t *direct) {
    for (size_t i = 0; i < direct->links.count; i++)
        TRY(weft_error_with_note(weft_direct_start(direct->links.items[i].provider),
                                 "this was in the plugin that provides `%.*s`",
                                 STR_ARG(direct->links.items[i].import)));
    return NULL;
}

/* What the host gave to a plugin is bound to that plugin's store. */
static bool is_of_host(const rt_t *entity) {
    if (entity->kind == RT_FUNC) return true;
    if (entity->kind == RT_RESOURCE) return entity->resource->host;
    if (entity->kind != RT_INSTANCE) return false;
    for (uint32_t i = 0; i < entity->exports.count; i++)
        if (is_of_host(entity->exports.items[i].entity)) return true;
    return false;
}

/* Entities of the providers, which are started. */
static weft_error_t *list_links(direct_t *direct, rt_list_t *given) {
    *given = (rt_list_t){0};
    if (!direct->links.count) return NULL;
    *given = (rt_list_t){.items = ARENA_ARRAY(&direct->arena, rt_named_t, direct->links.count)};
    if (!given->items) return weft_error_oom();
    for (size_t i = 0; i < direct->links.count; i++) {
        const direct_link_t *link = &direct->links.items[i];
        const rt_t *entity = weft_rt_find(&link->provider->root->exports, link->export_);
        if (!entity)
            return weft_error_new(WEFT_INTERNAL, "the plugin has no export `%.*s`",
                                  STR_ARG(link->export_));
        if (is_of_host(entity))
            return weft_error_new(WEFT_UNSUPPORTED,
                                  "the plugin that provides `%.*s` has it from the host, and "
                                  "cannot pass it on",
                                  STR_ARG(link->import));
        given->items[given->count++] = (rt_named_t){link->import, entity};
    }
    return NULL;
}

static weft_error_t *make_root(void *context) {
    direct_t *direct = context;
    rt_list_t given;
    program_t *program = direct->program;
    weft_arena_expect(&direct->arena, program->arena_needed);
    if (direct->source) TRY(direct->source->start(direct->source));
    TRY(list_links(direct, &given));
    TRY(weft_frame_new(direct, program->document->root, NULL, NULL, given, &direct->root));
    if (program->arena_needed != direct->arena.used) program->arena_needed = direct->arena.used;
    return NULL;
}

/* It is visited. */
static weft_error_t *start(direct_t *direct) {
    if (atomic_load(&direct->guard.started)) return NULL; /* by another thread */
    TRY(weft_guard_check_spent(&direct->guard));
    TRY(start_providers(direct));
    weft_error_t *error = weft_guard_run(&direct->guard, make_root, direct);
    if (error && weft_error_code(error) == WEFT_TRAP)
        error = weft_error_with_note(error, "this was while the component started");
    if (error) weft_guard_spend(&direct->guard, error);
    else atomic_store_explicit(&direct->guard.started, true, memory_order_release);
    return error;
}

weft_error_t *weft_direct_start(direct_t *direct) {
    visit_t visit;
    if (atomic_load(&direct->guard.started)) return NULL;
    TRY(weft_guard_enter(&direct->guard, &visit));
    weft_error_t *error = start(direct);
    weft_guard_leave(&visit);
    return error;
}

/* ---- functions -------------------------------------------------------------------------------- */

weft_error_t *weft_direct_find(const direct_t *direct, weft_str_t interface, weft_str_t name,
                               const direct_func_t **func) {
    const rt_list_t *exports = &direct->root->exports;
    const rt_t *instance = interface.len ? weft_rt_find(exports, interface) : NULL;
    if (instance) exports = &instance->exports;
    const rt_t *found = interface.len && !instance ? NULL : weft_rt_find(exports, name);
    const direct_func_t *made;
    if (!found || (found->kind != RT_FUNC && found->kind != RT_LIFT))
        return weft_error_new(WEFT_INTERNAL, "the instance has no function `%.*s`", STR_ARG(name));
    TRY(weft_rt_func(found, &made));
    if (made->host && !made->host->call_values)
        return weft_error_with_help(
            weft_error_new(WEFT_UNSUPPORTED,
                           "`%.*s` is a function that the component imports from WASI",
                           STR_ARG(name)),
            "only the hosted engine can call that: --engine hosted");
    if (made->absent) return weft_absent_error(made->absent);
    *func = made;
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

/* Enters the instances up to `stop`. What fails here is the guest's fault, and ends it. Only an argument that is too long
 * for any guest is not, and the host's lack of memory for the result: that comes back in *lack, after the call was brought to
 * its end. */
static weft_error_t *run(const direct_func_t *func, const frame_t *stop, const weft_value_t *args,
                         weft_value_t *result, weft_error_t **lack) {
    task_t task = {0};
    flat_t values[ABI_MAX_FLAT_PARAMS + 1];
    side_t side;
    weft_side_begin(&side, func->frame, &func->options, &task);
    values[0].bits = 0;
    TRY(weft_frame_enter(func->frame, stop));
    weft_error_t *error = lower_args(func, &side.abi, args, values);
    if (weft_side_refused(&side, error)) {
        weft_handles_forget(func->frame, &task);
        weft_frame_leave(func->frame, stop);
        *lack = error;
        return NULL;
    }
    if (error) return error;
    TRY(weft_core_call(func->frame->direct, &func->core, values, ABI_MAX_FLAT_PARAMS + 1));
    weft_side_forget(&side.abi);
    TRY(weft_task_check_borrows(&task));
    error = lift_result(func, &side.abi, values, result);
    if (error && weft_error_code(error) != WEFT_NO_MEMORY) return error;
    *lack = error;
    TRY(weft_func_post_return(func, values));
    weft_frame_leave(func->frame, stop);
    return NULL;
}

static weft_error_t *in_argument(weft_error_t *error, const direct_func_t *func, uint32_t param) {
    return weft_error_with_note(error, "in the argument `%.*s`",
                                STR_ARG(func->type->params[param].name));
}

/* Everything that can be wrong with the arguments, before anything runs. */
static weft_error_t *check_args(const direct_func_t *func, const weft_value_t *args,
                                passed_t *given) {
    for (uint32_t i = 0; i < func->type->param_count; i++) {
        const type_t *type = func->type->params[i].type;
        weft_error_t *error = weft_value_check(&args[i], type);
        if (!error) error = weft_direct_pass(func->frame, type, &args[i], given);
        if (error) return in_argument(error, func, i);
    }
    return NULL;
}

/* It is visited. */
static weft_error_t *call(const direct_func_t *func, const weft_value_t *args,
                          weft_value_t *result) {
    guard_t *guard = &func->frame->direct->guard;
    weft_error_t *lack = NULL;
    TRY(weft_guard_check_spent(guard));
    weft_error_t *error = run(func, NULL, args, result, &lack);
    if (!error) return lack;
    weft_guard_spend(guard, error);
    weft_error_delete(lack);
    return error;
}

static weft_error_t *take_scalar(const direct_func_t *func, uint32_t param, const weft_value_t *arg,
                                 flat_t *value) {
    const type_t *type = func->type->params[param].type;
    weft_error_t *error = weft_value_check(arg, type);
    if (error) return in_argument(error, func, param);
    value->bits = weft_value_bits(type->kind, arg);
    return NULL;
}

static weft_error_t *take_scalars(const direct_func_t *func, const weft_value_t *args,
                                  flat_t *values) {
    const uint8_t *numbers = func->flat == FLAT_NUMBERS ? func->numbers.params : NULL;
    for (uint32_t i = 0; i < func->type->param_count; i++) {
        if (!numbers || args[i].kind != numbers[i]) TRY(take_scalar(func, i, &args[i], &values[i]));
        else values[i].bits = weft_number_is_wide(numbers[i]) ? args[i].of.u64 : args[i].of.u32;
    }
    return NULL;
}

/* Scalars, which most calls pass, are core values: half the way is saved. */
static weft_error_t *call_scalars(direct_t *direct, const direct_func_t *func,
                                  const weft_value_t *args, weft_value_t *result) {
    flat_t values[ABI_MAX_FLAT_PARAMS];
    TRY(take_scalars(func, args, values));
    TRY(weft_direct_call_scalars(direct, func, values));
    if (func->abi.result) weft_value_of_bits(func->abi.result->type->kind, values[0].bits, result);
    return NULL;
}

weft_error_t *weft_direct_enter(direct_t *direct, visit_t *visit) {
    TRY(weft_guard_enter(&direct->guard, visit));
    weft_error_t *error = weft_guard_check_spent(&direct->guard);
    if (error) weft_guard_leave(visit);
    return error;
}

/* Another plugin's function that this one exports. */
static weft_error_t *call_passed_on(direct_t *direct, const direct_func_t *func,
                                    const weft_value_t *args, weft_value_t *result) {
    visit_t visit;
    TRY(weft_direct_enter(direct, &visit));
    weft_error_t *error = weft_direct_call(func->frame->direct, func, args, result);
    weft_guard_leave(&visit);
    return error;
}

weft_error_t *weft_direct_call(direct_t *direct, const direct_func_t *func,
                               const weft_value_t *args, weft_value_t *result) {
    visit_t visit;
    passed_t given = {0};
    weft_value_t made = weft_bool(false);
    if (func->host) return func->host->call_values(func->host, args, result);
    if (func->frame->direct != direct) return call_passed_on(direct, func, args, result);
    if (weft_func_has_scalars(func)) return call_scalars(direct, func, args, result);
    weft_error_t *error = check_args(func, args, &given);
    if (!error) error = weft_guard_enter(&direct->guard, &visit);
    if (error) weft_held_take_back(&given);
    VEC_FREE(&given);
    if (error) return error;
    error = call(func, args, &made);
    weft_guard_leave(&visit);
    if (error) weft_value_clear(&made);
    else if (func->abi.result) *result = made;
    return error;
}

/* Nothing is spent here: what fails ends the start of the whole. */
static weft_error_t *run_inside(frame_t *caller, const direct_func_t *func,
                                const weft_value_t *args, weft_value_t *result) {
    const frame_t *stop = weft_frame_common(func->frame, caller);
    weft_error_t *lack = NULL;
    weft_error_t *error = run(func, stop, args, result, &lack);
    if (!error) return lack;
    weft_error_delete(lack);
    return error;
}

weft_error_t *weft_direct_call_inside(frame_t *caller, const direct_func_t *func,
                                      const weft_value_t *args, weft_value_t *result) {
    passed_t given = {0};
    weft_value_t made = weft_bool(false);
    if (func->absent) return weft_absent_error(func->absent);
    if (func->host && !func->host->call_values)
        return weft_error_new(WEFT_UNSUPPORTED, "a start function that is one of WASI");
    if (func->host) return func->host->call_values(func->host, args, result);
    if (func->frame->direct != caller->direct)
        return weft_direct_call(func->frame->direct, func, args, result);
    weft_error_t *error = check_args(func, args, &given);
    if (error) weft_held_take_back(&given);
    VEC_FREE(&given);
    if (error) return error;
    error = run_inside(caller, func, args, &made);
    if (error) weft_value_clear(&made);
    else if (func->abi.result) *result = made;
    return error;
}
