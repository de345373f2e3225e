#include "splice/suspend.h"

/* Built-ins that give up control. (What else a callback can wait for comes from async imports. Polling a set
 * does not wait: runtimes do it that never suspend.) */
static bool gives_up_control(canon_op_t op) {
    switch (op) {
    case CANON_WAITABLE_SET_WAIT:
    case CANON_THREAD_YIELD:
    case CANON_THREAD_SUSPEND:
    case CANON_THREAD_SUSPEND_THEN_RESUME:
    case CANON_THREAD_YIELD_THEN_RESUME:
    case CANON_THREAD_SUSPEND_THEN_PROMOTE:
    case CANON_THREAD_YIELD_THEN_PROMOTE:
    case CANON_BACKPRESSURE_INC: return true;
    default: return false;
    }
}

static bool is_async_func(const def_t *type) {
    return type && type->kind == DEF_TYPE && type->type.op == TYPE_OP_ASYNC_FUNC;
}

/* An import that is, or holds, an async function. */
static bool is_async_import(const def_t *import) {
    const def_t *type = import->import.desc.type;
    if (is_async_func(type)) return true;
    if (!type || type->kind != DEF_TYPE || !type->type.body) return false;
    for (const def_t *def = type->type.body->first; def; def = def->next)
        if (def->kind == DEF_EXPORT_DECL && is_async_func(def->import.desc.type)) return true;
    return false;
}

static weft_error_t *find_builtin(scope_t *scope, weft_str_t *how) {
    for (def_t *def = scope->first; def && !how->ptr; def = def->next) {
        scope_t *body;
        if (def->kind == DEF_CANON && gives_up_control(def->canon.op))
            *how = weft_str(weft_canon_words(def->canon.op));
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(find_builtin(body, how));
    }
    return NULL;
}

weft_error_t *weft_can_suspend(scope_t *component, weft_str_t *how) {
    *how = (weft_str_t){0};
    for (const def_t *def = component->first; def; def = def->next) {
        if (def->kind != DEF_IMPORT || !is_async_import(def)) continue;
        *how = def->import.name.name;
        return NULL;
    }
    return find_builtin(component, how);
}

weft_error_t *weft_is_async(scope_t *component, bool *is_async) {
    *is_async = false;
    for (def_t *def = component->first; def && !*is_async; def = def->next) {
        scope_t *body;
        *is_async = is_async_func(def);
        if (def->kind != DEF_COMPONENT || *is_async) continue;
        TRY(weft_component_body(def, &body));
        TRY(weft_is_async(body, is_async));
    }
    return NULL;
}
