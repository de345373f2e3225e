/* The adapter: a small component generated beside a middleware, for what woven components do not do
 * themselves: a gate's verdict as a number (the enum is a named type, which each of them would have to
 * import), blocks of call numbers, and the list of targets that is declared once. */
#ifndef WEFT_WEAVE_ADAPTER_H
#define WEFT_WEAVE_ADAPTER_H

#include "component/edit/build.h"
#include "weave/body/body.h"
#include "weave/code/names.h"

/* A middleware's instance beside the woven nodes. */
typedef struct placed {
    def_t *instance;
    hooks_t hooks; /* the exports of its component */
} placed_t;

typedef struct adapter_job {
    const placed_t *placed;
    const hook_shape_t *shape;
    const weave_target_t *targets; /* ids are positions */
    uint32_t target_count;
    bool needs_blocks; /* several woven instances share the middleware */
} adapter_job_t;

/* Aliases the hook functions of the middleware's instance at the builder's place, through an adapter where it needs
 * one. Gives the functions that woven components import. */
weft_error_t *weft_place_hooks(builder_t *b, type_pool_t *pool, const adapter_job_t *job,
                               hook_defs_t *defs);

#endif
