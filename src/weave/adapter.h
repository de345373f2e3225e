/* The adapter: a small component generated beside a middleware, for what the woven components' hooks (functions
 * of two numbers) do not have: names as strings, a list of targets that is declared once, a verdict, blocks
 * of call numbers. */
#ifndef WEFT_WEAVE_ADAPTER_H
#define WEFT_WEAVE_ADAPTER_H

#include "component/build.h"
#include "weave/body.h"
#include "weave/hooks.h"
#include "weave/names.h"

/* A middleware's instance beside the woven nodes. */
typedef struct placed {
    def_t *instance;
    hooks_t hooks; /* the exports of its component */
} placed_t;

typedef struct adapter_job {
    const placed_t *placed;
    const weave_target_t *targets; /* ids are positions */
    uint32_t target_count;
    bool needs_blocks; /* several woven instances share the middleware */
} adapter_job_t;

/* Aliases the hook functions of the middleware's instance at the builder's place, through an adapter where it needs
 * one. Gives the functions that woven components import. */
weft_error_t *weft_place_hooks(builder_t *b, type_pool_t *pool, const adapter_job_t *job,
                               hook_defs_t *defs);

#endif
