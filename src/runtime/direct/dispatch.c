/* What goes from one plugin to another: calls, and the destructors of dropped handles.
 *
 * A call is that of canon.c, with a visit to the callee's store around it, and with an answer to the question whose
 * fault it is when it fails. What the caller gives is checked before the callee's function runs, and what goes wrong with
 * that, or where the caller wants the result, leaves the callee as it was. Everything else spends the callee: its
 * realloc, its function, its results. The caller traps in both cases. */
#include "runtime/direct/absent.h"
#include "runtime/direct/call.h"
#include "runtime/direct/frame.h"
#include "runtime/direct/handles.h"
#include "runtime/direct/lowered.h"
#include "support/alloc.h"

/* ---- calls ------------------------------------------------------------------------------------ */

/* *spent: the callee is to blame, and cannot be called again. */
static weft_error_t *pass_there(pass_t *pass, const flat_t *slots, bool *spent) {
    weft_error_t *error = weft_pass_params(pass, slots);
    if (!error) return NULL;
    *spent = pass->callee.abi.failed;
    if (!*spent) weft_handles_forget(pass->callee.frame, &pass->task);
    return error;
}

/* The callee has done its part also when the caller cannot take the result. */
static weft_error_t *pass_back(pass_t *pass, flat_t *slots, bool *spent) {
    weft_error_t *error = weft_pass_result(pass, slots);
    *spent = error && !pass->caller.abi.failed;
    if (*spent) return error;
    weft_error_t *failed = weft_func_post_return(pass->lowered->callee, pass->values);
    if (!failed) return error;
    *spent = true;
    if (!error) return failed;
    weft_error_delete(failed);
    return error;
}

static weft_error_t *run(const lowered_t *lowered, flat_t *slots, bool *spent) {
    pass_t pass;
    weft_pass_prepare(&pass, lowered);
    TRY(pass_there(&pass, slots, spent));
    *spent = true;
    TRY(weft_pass_call(&pass));
    return pass_back(&pass, slots, spent);
}

/* When the function was lowered, its store was not visited. */
static weft_error_t *make_callee(lowered_t *lowered) {
    const direct_func_t *made;
    TRY(weft_lift_func(lowered->lift, &made));
    if (made->absent) return weft_absent_error(made->absent);
    lowered->callee = made;
    return NULL;
}

/* The callee is visited. *own: the caller is to blame. */
static weft_error_t *call(lowered_t *lowered, flat_t *slots, bool *own) {
    frame_t *frame = lowered->lift->frame;
    guard_t *guard = &frame->direct->guard;
    bool spent = false;
    TRY(weft_guard_check_spent(guard));
    if (!lowered->callee) TRY(make_callee(lowered));
    TRY(weft_frame_enter(frame, NULL));
    weft_error_t *error = weft_func_has_scalars(lowered->callee)
                              ? weft_pass_scalars(lowered->callee, slots, &spent)
                              : run(lowered, slots, &spent);
    if (error && spent) weft_guard_spend(guard, error);
    else weft_frame_leave(frame, NULL);
    *own = error && !spent;
    return error;
}

/* By which import the other plugin was reached; NULL: by none, it was passed on by another one. */
static const direct_link_t *link_of(const lowered_t *lowered) {
    const direct_t *caller = lowered->frame->direct;
    for (size_t i = 0; i < caller->links.count; i++)
        if (caller->links.items[i].provider == lowered->lift->frame->direct)
            return &caller->links.items[i];
    return NULL;
}

static weft_error_t *with_place(weft_error_t *error, const lowered_t *lowered, bool own) {
    const direct_link_t *link = link_of(lowered);
    const char *what = own ? "this was in what it passed to" : "this was in a call of";
    if (!link) return weft_error_with_note(error, "%s another plugin", what);
    return weft_error_with_note(error, "%s the plugin that provides `%.*s`", what,
                                STR_ARG(link->import));
}

/* That the callee is busy is something to wait for when the host calls; in the midst of a guest it is the end. */
static weft_error_t *as_trap(weft_error_t *error) {
    if (weft_error_code(error) != WEFT_BUSY) return error;
    weft_error_t *trap = weft_error_new(WEFT_TRAP, "%.*s", STR_ARG(weft_error_message(error)));
    weft_error_delete(error);
    return trap;
}

static weft_error_t *dispatch(lowered_t *lowered, flat_t *slots) {
    visit_t visit;
    direct_t *caller = lowered->frame->direct;
    size_t mark = caller->lends.count;
    bool own = false;
    TRY(weft_frame_check_leave(lowered->frame));
    weft_error_t *error = weft_guard_enter(&lowered->lift->frame->direct->guard, &visit);
    if (!error) {
        error = call(lowered, slots, &own);
        weft_guard_leave(&visit);
    }
    if (error) return with_place(as_trap(error), lowered, own);
    weft_lends_end(caller, mark);
    return NULL;
}

static wasm_trap_t *on_dispatched(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *slots,
                                  size_t count) {
    lowered_t *lowered = env;
    (void)caller, (void)count;
    return weft_direct_trap(lowered->frame->direct, dispatch(lowered, (flat_t *)slots));
}

weft_error_t *weft_dispatch_lower(lowered_t *lowered, rt_t *made) {
    return weft_core_host_func(lowered->frame, weft_abi_core_sig(&lowered->abi), on_dispatched,
                               lowered, made);
}

/* ---- drops ------------------------------------------------------------------------------------ */

typedef struct drop {
    later_t later;
    const rtype_t *type;
    uint32_t rep;
} drop_t;

static weft_error_t *run_destructor(const rtype_t *type, uint32_t rep) {
    flat_t values[1] = {{rep, 0}};
    TRY(weft_frame_enter(type->frame, NULL));
    if (type->has_dtor) TRY(weft_core_call(type->frame->direct, &type->dtor, values, 1));
    weft_frame_leave(type->frame, NULL);
    return NULL;
}

/* It is visited. */
static void destroy(const rtype_t *type, uint32_t rep) {
    guard_t *guard = &type->frame->direct->guard;
    if (guard->spent) return;
    weft_error_t *error = run_destructor(type, rep);
    if (error) weft_guard_spend(guard, error);
    weft_error_delete(error);
}

static void destroy_later(later_t *later) {
    drop_t *drop = (drop_t *)later;
    destroy(drop->type, drop->rep);
    weft_free(drop);
}

weft_error_t *weft_direct_drop(const rtype_t *type, uint32_t rep) {
    visit_t visit;
    guard_t *guard = &type->frame->direct->guard;
    if (weft_guard_try_enter(guard, &visit)) {
        destroy(type, rep);
        weft_guard_leave(&visit);
        return NULL;
    }
    drop_t *drop = weft_alloc_zero(1, sizeof *drop);
    if (!drop) return weft_error_oom();
    *drop = (drop_t){{destroy_later, NULL}, type, rep};
    weft_guard_later(guard, &drop->later);
    return NULL;
}
