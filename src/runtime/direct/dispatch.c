/* What goes from one plugin to another. */
#include "runtime/direct/direct.h"
#include "support/alloc.h"

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
