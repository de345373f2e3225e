/* Canonical definitions: lift, lower, resource.new, resource.drop, resource.rep. What guests call is a host
 * function that finds here, prepared, all that its call needs. */
#include "runtime/direct/absent.h"
#include "runtime/direct/call.h"
#include "runtime/direct/direct.h"
#include "runtime/direct/frame.h"
#include "runtime/direct/fuse/fuse.h"
#include "runtime/direct/handles.h"
#include "runtime/direct/host.h"
#include "runtime/direct/lowered.h"
#include "runtime/direct/options.h"

/* resource.new, .drop or .rep. */
typedef struct built_in {
    frame_t *frame;
    const rtype_t *type;
} built_in_t;

/* ---- calls between instances ------------------------------------------------------------------ */

static weft_error_t *run(const lowered_t *lowered, flat_t *slots) {
    pass_t pass;
    bool ran;
    if (weft_func_has_scalars(lowered->callee))
        return weft_pass_scalars(lowered->callee, slots, &ran);
    weft_pass_prepare(&pass, lowered);
    TRY(weft_pass_params(&pass, slots));
    TRY(weft_pass_call(&pass));
    TRY(weft_pass_result(&pass, slots));
    return weft_func_post_return(lowered->callee, pass.values);
}

static weft_error_t *call_lowered(const lowered_t *lowered, flat_t *slots) {
    direct_t *direct = lowered->frame->direct;
    size_t mark = direct->lends.count;
    TRY(weft_frame_check_leave(lowered->frame));
    TRY(weft_frame_enter(lowered->callee->frame, lowered->stop));
    TRY(run(lowered, slots));
    weft_frame_leave(lowered->callee->frame, lowered->stop);
    weft_lends_end(direct, mark);
    return NULL;
}

static wasm_trap_t *on_lowered(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots,
                               size_t count) {
    const lowered_t *lowered = env;
    (void)caller, (void)count;
    return weft_direct_trap(lowered->frame->direct, call_lowered(lowered, (flat_t *)slots));
}

/* ---- resources -------------------------------------------------------------------------------- */

static weft_error_t *resource_new(const built_in_t *built_in, flat_t *slots) {
    uint32_t index;
    TRY(weft_frame_check_leave(built_in->frame));
    handle_t handle = {.type = built_in->type, .rep = (uint32_t)slots[0].bits, .own = true};
    TRY(weft_handle_add(built_in->frame, handle, &index));
    slots[0].bits = index;
    return NULL;
}

static weft_error_t *resource_drop(const built_in_t *built_in, flat_t *slots) {
    handle_t *found;
    uint32_t index = (uint32_t)slots[0].bits;
    TRY(weft_frame_check_leave(built_in->frame));
    TRY(weft_handle_get(built_in->frame, index, built_in->type, &found));
    if (found->lends) return weft_abi_trap("cannot remove owned resource while borrowed");
    handle_t handle = *found;
    weft_handle_remove(built_in->frame, index);
    if (handle.own) return weft_rtype_destroy(handle.type, handle.rep, built_in->frame);
    handle.task->borrows--;
    return NULL;
}

static weft_error_t *resource_rep(const built_in_t *built_in, flat_t *slots) {
    handle_t *found;
    TRY(weft_handle_get(built_in->frame, (uint32_t)slots[0].bits, built_in->type, &found));
    slots[0].bits = found->rep;
    return NULL;
}

#define BUILT_IN(name)                                                                             \
    static wasm_trap_t *on_##name(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots, \
                                  size_t count) {                                                  \
        const built_in_t *built_in = env;                                                          \
        (void)caller, (void)count;                                                                 \
        return weft_direct_trap(built_in->frame->direct, name(built_in, (flat_t *)slots));         \
    }
BUILT_IN(resource_new)
BUILT_IN(resource_drop)
BUILT_IN(resource_rep)
#undef BUILT_IN

/* ---- definitions ------------------------------------------------------------------------------ */

static weft_error_t *lower_guest(lowered_t *lowered, rt_t *made) {
    bool fused;
    lowered->stop = weft_frame_common(lowered->callee->frame, lowered->frame);
    TRY(weft_fuse(lowered, made, &fused));
    if (fused) return NULL;
    return weft_core_host_func(lowered->frame, weft_abi_core_sig(&lowered->abi), on_lowered,
                               lowered, made);
}

static weft_error_t *lower(frame_t *frame, def_t *def, const direct_func_t *callee, rt_t *made) {
    extern_type_t type;
    lowered_t *lowered = ARENA_NEW(&frame->direct->arena, lowered_t);
    if (!lowered) return weft_error_oom();
    TRY(weft_typing_def(frame->direct->program->pool, def->canon.func, &type));
    lowered->frame = frame;
    lowered->callee = callee;
    TRY(weft_frame_check_type(frame, type.type->func.type));
    TRY(weft_options(frame, def, &lowered->options));
    TRY(weft_program_lower(frame->direct->program, lowered->options.abi, def, type.type->func.type,
                           &lowered->abi));
    TRY(weft_options_check(frame, def, &lowered->options, &lowered->abi, NULL));
    if (!callee) {
        lowered->lift = weft_frame_entity(frame, def->canon.func)->lift;
        return weft_dispatch_lower(lowered, made);
    }
    if (callee->host)
        return weft_host_lower(frame, callee->host, &lowered->options, &lowered->abi, made);
    return lower_guest(lowered, made);
}

static weft_error_t *resource_built_in(frame_t *frame, def_t *def, rt_t *made) {
    static const uint8_t one[] = {CORE_I32};
    built_in_t *built_in = ARENA_NEW(&frame->direct->arena, built_in_t);
    if (!built_in) return weft_error_oom();
    const rt_t *type = weft_frame_entity(frame, def->canon.type);
    if (type->kind != RT_RESOURCE)
        return weft_error_new(WEFT_INVALID, "the type is not a resource type");
    *built_in = (built_in_t){frame, type->resource};
    bool is_drop = def->canon.op == CANON_RESOURCE_DROP;
    if (!is_drop && type->resource->frame != frame)
        return weft_error_new(WEFT_INVALID, "the type is not a local resource");
    core_sig_t sig = {one, one, 1, is_drop ? 0 : 1};
    wasmtime_func_unchecked_callback_t callback = is_drop ? on_resource_drop
                                                  : def->canon.op == CANON_RESOURCE_NEW
                                                      ? on_resource_new
                                                      : on_resource_rep;
    return weft_core_host_func(frame, sig, callback, built_in, made);
}

/* What is built on something absent is absent too. What is in another store cannot be known yet. */
static weft_error_t *lower_or_not(frame_t *frame, def_t *def, const char *why, rt_t *made) {
    const rt_t *entity = weft_frame_entity(frame, def->canon.func);
    const direct_func_t *callee = NULL;
    if (entity->kind == RT_FUNC) callee = entity->func;
    else if (entity->lift->frame->direct == frame->direct)
        TRY(weft_lift_func(entity->lift, &callee));
    if (!why && callee && callee->absent) why = callee->absent->words;
    return why ? weft_absent(frame, def, why, made) : lower(frame, def, callee, made);
}

weft_error_t *weft_canon(frame_t *frame, def_t *def, rt_t *made) {
    const char *why;
    if (def->canon.op == CANON_LIFT) return weft_lift(frame, def, made);
    TRY(weft_absent_why(frame->direct->program->pool, def, &why));
    if (def->canon.op == CANON_LOWER) return lower_or_not(frame, def, why, made);
    return why ? weft_absent(frame, def, why, made) : resource_built_in(frame, def, made);
}
