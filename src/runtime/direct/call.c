/* Entering instances and calling core functions: what every call goes through, from the host or from
 * another instance. */
#include "runtime/direct/call.h"
#include "runtime/direct/handles.h"
#include "runtime/direct/host.h"

/* ---- core calls ------------------------------------------------------------------------------- */

weft_error_t *weft_core_failed(direct_t *direct, wasmtime_error_t *failure, wasm_trap_t *trap) {
    failure_limits_t *limits = &direct->guard.limits;
    weft_error_t *pending = direct->pending;
    direct->pending = NULL;
    if (!pending)
        return trap ? weft_failure_trap(limits, trap) : weft_failure_error(limits, failure);
    if (trap) wasm_trap_delete(trap);
    if (failure) wasmtime_error_delete(failure);
    return pending;
}

typedef struct call {
    direct_t *direct;
    const wasmtime_func_t *func;
    flat_t *values;
    size_t count;
} call_t;

static weft_error_t *call_moved(void *context) {
    const call_t *moved = context;
    return weft_core_call(moved->direct, moved->func, moved->values, moved->count);
}

weft_error_t *weft_core_call_moved(direct_t *direct, const wasmtime_func_t *func, flat_t *values,
                                   size_t count) {
    call_t moved = {direct, func, values, count};
    return weft_guard_run(&direct->guard, call_moved, &moved);
}

wasm_trap_t *weft_direct_trap(direct_t *direct, weft_error_t *error) {
    if (!error) return NULL;
    weft_error_delete(direct->pending);
    direct->pending = error;
    return wasmtime_trap_new_code(WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED);
}

/* ---- entering --------------------------------------------------------------------------------- */

weft_error_t *weft_frame_entered(void) {
    return weft_abi_trap("cannot enter component instance");
}

weft_error_t *weft_frame_enter_all(frame_t *frame, const frame_t *stop) {
    for (const frame_t *at = frame; at != stop; at = at->parent)
        if (at->flags->entered) return weft_frame_entered();
    for (frame_t *at = frame; at != stop; at = at->parent) at->flags->entered = true;
    return NULL;
}

void weft_frame_leave_all(frame_t *frame, const frame_t *stop) {
    for (frame_t *at = frame; at != stop; at = at->parent) at->flags->entered = false;
}

weft_error_t *weft_frame_check_leave(const frame_t *frame) {
    return frame->flags->cannot_leave ? weft_abi_trap("cannot leave component instance") : NULL;
}

frame_t *weft_frame_common(frame_t *a, frame_t *b) {
    for (frame_t *up = a; up; up = up->parent)
        for (const frame_t *other = b; other; other = other->parent)
            if (up == other) return up;
    return NULL;
}

/* ---- sides ------------------------------------------------------------------------------------ */

static void measure(abi_side_t *abi) {
    const side_t *side = (const side_t *)abi;
    const options_t *options = side->options;
    abi->size = wasmtime_memory_data_size(side->frame->direct->context, &options->memory);
    if (abi->stays) options->known->size = abi->size;
}

static void look(abi_side_t *abi) {
    const side_t *side = (const side_t *)abi;
    abi->base = wasmtime_memory_data(side->frame->direct->context, &side->options->memory);
    measure(abi);
    if (abi->stays) side->options->known->base = abi->base;
}

/* While realloc runs, the instance can call nobody. */
static weft_error_t *reallocate(abi_side_t *abi, uint64_t old, uint64_t old_size, uint32_t align,
                                uint64_t new_size, uint64_t *ptr) {
    const side_t *side = (const side_t *)abi;
    flat_t values[4] = {{old, 0}, {old_size, 0}, {align, 0}, {new_size, 0}};
    uint8_t before = side->frame->flags->cannot_leave;
    side->frame->flags->cannot_leave = true;
    weft_error_t *error = weft_core_call(side->frame->direct, &side->options->realloc, values, 4);
    side->frame->flags->cannot_leave = before;
    if (!error) *ptr = weft_flat_pointer(abi, values);
    return error;
}

static weft_error_t *lift_handle(abi_side_t *abi, const type_t *type, uint32_t handle,
                                 uint32_t *rep) {
    const side_t *side = (const side_t *)abi;
    const rtype_t *resource = weft_frame_resource(side->frame, type->resource);
    if (type->kind == TYPE_OWN) return weft_handle_take(side->frame, handle, resource, rep);
    return weft_handle_lend(side->frame, handle, resource, rep);
}

static weft_error_t *add_handle(side_t *side, handle_t handle, uint32_t *index) {
    side->abi.failed = true;
    TRY(weft_handle_add(side->frame, handle, index));
    side->abi.failed = false;
    return NULL;
}

/* A borrow of its own resource reaches an instance as the representation (lower_borrow). */
static weft_error_t *lower_handle(abi_side_t *abi, const type_t *type, uint32_t rep,
                                  uint32_t *handle) {
    side_t *side = (side_t *)abi;
    const rtype_t *resource = weft_frame_resource(side->frame, type->resource);
    if (type->kind == TYPE_OWN)
        return add_handle(side, (handle_t){.type = resource, .rep = rep, .own = true}, handle);
    if (resource->frame == side->frame) {
        *handle = rep;
        return NULL;
    }
    TRY(add_handle(side, (handle_t){.type = resource, .rep = rep, .task = side->task}, handle));
    side->task->borrows++;
    return NULL;
}

static const abi_side_ops_t side_ops = {look,        measure,      reallocate,
                                        lift_handle, lower_handle, weft_guard_check_time};

void weft_side_begin(side_t *side, frame_t *frame, const options_t *options, task_t *task) {
    const known_memory_t *known = options->known;
    side->abi.ops = &side_ops;
    /* What is known of the memory is taken over: asking Wasmtime takes longer than copying a short string. */
    side->abi.base = known ? known->base : NULL;
    side->abi.size = known ? known->size : 0;
    side->abi.encoding = (uint8_t)options->encoding;
    side->abi.pointer_size = weft_abi_pointer_size(options->abi->address);
    side->abi.stays = known != NULL;
    side->abi.failed = false;
    side->abi.work = 0;
    side->frame = frame;
    side->options = options;
    side->task = task;
    side->room = frame->direct->room;
}

/* ---- around a call ---------------------------------------------------------------------------- */

weft_error_t *weft_func_call_post_return(const direct_func_t *func, const flat_t *results) {
    frame_t *frame = func->frame;
    flat_t values[1] = {results[0]};
    frame->flags->cannot_leave = true;
    weft_error_t *error = weft_core_call(frame->direct, &func->options.post_return, values, 1);
    frame->flags->cannot_leave = false;
    return error;
}

weft_error_t *weft_task_check_borrows(const task_t *task) {
    return task->borrows ? weft_abi_trap("borrow handles still remain at the end of the call")
                         : NULL;
}

weft_error_t *weft_rtype_destroy(const rtype_t *type, uint32_t rep, frame_t *caller) {
    flat_t values[1] = {{rep, 0}};
    if (type->host) return type->host->drop(type->host, rep);
    if (type->frame->direct != caller->direct) return weft_direct_drop(type, rep);
    frame_t *stop = weft_frame_common(type->frame, caller);
    TRY(weft_frame_enter(type->frame, stop));
    if (type->has_dtor) TRY(weft_core_call(type->frame->direct, &type->dtor, values, 1));
    weft_frame_leave(type->frame, stop);
    return NULL;
}
