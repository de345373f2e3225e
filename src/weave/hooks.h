/* The hook contracts of tier 1: which interfaces a middleware may export, and what of them it does. */
#ifndef WEFT_WEAVE_HOOKS_H
#define WEFT_WEAVE_HOOKS_H

#include "component/model.h"

typedef enum hook_family {
    HOOKS_WEFT,   /* weft:hooks: hooks are told numbers */
    HOOKS_SPLICER /* splicer:tier1: hooks are told names, as a record; `async func`s */
} hook_family_t;

/* A hook that is present: the DEF_EXPORT of its interface in the middleware's root; NULL: absent. */
typedef struct hooks {
    hook_family_t family;
    def_t *before;  /* on-call */
    def_t *after;   /* on-return */
    def_t *gate;    /* weft: gate.admit; splicer: blocking.should-block */
    def_t *catalog; /* weft: catalog.declare */
} hooks_t;

/* The tier-1 hooks that a component exports. None: all NULL. Hooks of both families: WEFT_INVALID. */
weft_error_t *weft_hooks_find(scope_t *middleware, hooks_t *hooks);

static inline bool weft_hooks_any(const hooks_t *hooks) {
    return hooks->before || hooks->after || hooks->gate;
}

/* The name of the hook's function in its interface. */
weft_str_t weft_hook_function(hook_family_t family, const char *hook);

#endif
