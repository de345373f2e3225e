#include "runtime/direct/absent.h"
#include "runtime/direct/call.h"
#include "runtime/direct/frame.h"

/* ---- what is absent --------------------------------------------------------------------------- */

static bool is_async(const canon_opts_t *opts) {
    for (uint32_t i = 0; i < opts->count; i++)
        if (opts->items[i].opt > OPT_POST_RETURN) return true; /* and options for references */
    return false;
}

static bool cannot_pass(const type_t *type) {
    return type && (type->has_stream_or_future || type->has_error_context);
}

/* A function of an async type is a function like any other when it is lifted and lowered without the option
 * `async`; what it must not do is pass streams, futures or error contexts. */
static weft_error_t *why_func(type_pool_t *pool, def_t *def, const char **why) {
    extern_type_t type;
    def_t *func = def->canon.op == CANON_LIFT ? def : def->canon.func;
    TRY(weft_typing_def(pool, func, &type));
    const func_type_t *shape = type.type->func.type;
    bool bad = cannot_pass(shape->result);
    for (uint32_t i = 0; i < shape->param_count; i++) bad |= cannot_pass(shape->params[i].type);
    if (bad) *why = "streams, futures or error contexts";
    if (is_async(&def->canon.opts)) *why = "async";
    return NULL;
}

weft_error_t *weft_absent_why(type_pool_t *pool, def_t *def, const char **why) {
    *why = NULL;
    switch (def->canon.op) {
    case CANON_LIFT:
    case CANON_LOWER: return why_func(pool, def, why);
    case CANON_RESOURCE_NEW:
    case CANON_RESOURCE_DROP:
    case CANON_RESOURCE_REP: return NULL;
    default: *why = weft_canon_words(def->canon.op); return NULL;
    }
}

/* CanonicalABI.md: those that do not look at may_leave. */
static bool leaves(canon_op_t op) {
    return op != CANON_CONTEXT_GET && op != CANON_CONTEXT_SET && op != CANON_BACKPRESSURE_INC &&
           op != CANON_BACKPRESSURE_DEC;
}

/* ---- entities --------------------------------------------------------------------------------- */

weft_error_t *weft_absent_new(frame_t *frame, const def_t *def, const char *why,
                              const absent_t **made) {
    absent_t *absent = ARENA_NEW(&frame->direct->arena, absent_t);
    if (!absent) return weft_error_oom();
    *absent = (absent_t){frame, why, leaves((canon_op_t)def->canon.op)};
    *made = absent;
    return NULL;
}

weft_error_t *weft_absent(frame_t *frame, const def_t *def, const char *why, rt_t *made) {
    made->kind = RT_ABSENT;
    return weft_absent_new(frame, def, why, &made->absent);
}

/* ---- calls ------------------------------------------------------------------------------------ */

weft_error_t *weft_absent_error(const absent_t *absent) {
    weft_error_t *error = weft_error_new(
        WEFT_UNSUPPORTED, "the guest uses %s, which needs the hosted engine", absent->words);
    return weft_error_with_help(error, "use --engine hosted, or auto");
}

static wasm_trap_t *on_absent(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots,
                              size_t count) {
    const absent_t *absent = env;
    (void)caller, (void)slots, (void)count;
    weft_error_t *error = absent->leaves ? weft_frame_check_leave(absent->frame) : NULL;
    return weft_direct_trap(absent->frame->direct, error ? error : weft_absent_error(absent));
}

weft_error_t *weft_absent_import(const absent_t *absent, const wasm_importtype_t *type,
                                 wasmtime_extern_t *item) {
    const wasm_functype_t *func = wasm_externtype_as_functype_const(wasm_importtype_type(type));
    if (!func) return weft_error_new(WEFT_INVALID, "a function is imported as something else");
    item->kind = WASMTIME_EXTERN_FUNC;
    wasmtime_func_new_unchecked(absent->frame->direct->context, func, on_absent,
                                (void *)(uintptr_t)absent, NULL, &item->of.func);
    return NULL;
}

weft_error_t *weft_core_func_of(frame_t *frame, const def_t *def, wasmtime_func_t *func) {
    const rt_t *entity;
    TRY(weft_core_entity(frame, def, &entity));
    if (entity->kind == RT_ABSENT) return weft_absent_error(entity->absent);
    *func = entity->core->of.func;
    return NULL;
}
