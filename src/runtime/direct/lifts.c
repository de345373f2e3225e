/* Lifted functions. Looking up what a lift names in a core instance, and comparing its signature, takes longer than
 * all else that is done for it while a component starts; so that is done when the function is first needed: by the host
 * that looks it up, by a lower, by the first call from another plugin. */
#include "runtime/direct/absent.h"
#include "runtime/direct/direct.h"
#include "runtime/direct/frame.h"
#include "runtime/direct/options.h"

/* ---- types ------------------------------------------------------------------------------------ */

static weft_error_t *check_resources(const frame_t *frame, const type_t *type) {
    if (!type || (!type->has_own && !type->has_borrow)) return NULL;
    if (type->resource && !weft_frame_resource(frame, type->resource))
        return weft_error_new(WEFT_INTERNAL, "a resource type is not known");
    for (uint32_t i = 0; i < type->field_count; i++)
        TRY(check_resources(frame, type->fields[i].type));
    TRY(check_resources(frame, type->key));
    TRY(check_resources(frame, type->element));
    return check_resources(frame, type->error);
}

/* What moves values goes as deep as their types, on a stack that the guest may have used up but for HOST_STACK. */
static weft_error_t *check_value_type(const frame_t *frame, const type_t *type) {
    if (type && type->depth > VALUE_MAX_DEPTH)
        return weft_error_new(WEFT_LIMIT, "the type of a function nests more than %d deep",
                              VALUE_MAX_DEPTH);
    return check_resources(frame, type);
}

weft_error_t *weft_frame_check_type(const frame_t *frame, const func_type_t *type) {
    for (uint32_t i = 0; i < type->param_count; i++)
        TRY(check_value_type(frame, type->params[i].type));
    return check_value_type(frame, type->result);
}

/* ---- making ----------------------------------------------------------------------------------- */

weft_error_t *weft_lift(frame_t *frame, def_t *def, rt_t *made) {
    lift_t *lift = ARENA_NEW(&frame->direct->arena, lift_t);
    if (!lift) return weft_error_oom();
    lift->frame = frame;
    lift->def = def;
    *made = (rt_t){.kind = RT_LIFT, .lift = lift};
    return NULL;
}

/* What is built on something absent is absent too. */
static weft_error_t *why_absent(frame_t *frame, def_t *def, const char **why) {
    const rt_t *core;
    TRY(weft_absent_why(frame->direct->program->pool, def, why));
    if (*why) return NULL;
    TRY(weft_core_entity(frame, def->canon.func, &core));
    if (core->kind == RT_ABSENT) *why = core->absent->words;
    return NULL;
}

static weft_error_t *prepare(const def_t *def, direct_func_t *func) {
    frame_t *frame = func->frame;
    TRY(weft_frame_check_type(frame, func->type));
    TRY(weft_core_func_of(frame, def->canon.func, &func->core));
    TRY(weft_options(frame, def, &func->options));
    TRY(weft_program_lift(frame->direct->program, func->options.abi, def, func->type, &func->abi));
    TRY(weft_options_check(frame, def, &func->options, &func->abi, &func->core));
    weft_direct_flat(func);
    return NULL;
}

static weft_error_t *make(const lift_t *lift, direct_func_t *func) {
    extern_type_t type;
    const char *why;
    TRY(weft_typing_def(lift->frame->direct->program->pool, lift->def, &type));
    func->frame = lift->frame;
    func->type = type.type->func.type;
    TRY(why_absent(lift->frame, lift->def, &why));
    if (why) return weft_absent_new(lift->frame, lift->def, why, &func->absent);
    return prepare(lift->def, func);
}

weft_error_t *weft_lift_func(lift_t *lift, const direct_func_t **func) {
    *func = atomic_load_explicit(&lift->func, memory_order_acquire);
    if (*func) return NULL;
    weft_guard_arm(&lift->frame->direct->guard); /* it is made to be called */
    direct_func_t *made = ARENA_NEW(&lift->frame->direct->arena, direct_func_t);
    if (!made) return weft_error_oom();
    TRY(weft_direct_at(make(lift, made), lift->def));
    atomic_store_explicit(&lift->func, made, memory_order_release);
    *func = made;
    return NULL;
}

weft_error_t *weft_rt_func(const rt_t *entity, const direct_func_t **func) {
    visit_t visit;
    *func = entity->kind == RT_FUNC
                ? entity->func
                : atomic_load_explicit(&entity->lift->func, memory_order_acquire);
    if (*func) return NULL;
    guard_t *guard = &entity->lift->frame->direct->guard;
    if (weft_guard_is_mine(guard)) return weft_lift_func(entity->lift, func);
    TRY(weft_guard_enter(guard, &visit));
    weft_error_t *error = weft_lift_func(entity->lift, func);
    weft_guard_leave(&visit);
    return error;
}
