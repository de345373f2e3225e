/* Weaving inside one component body: the recipe of splice.md, for both sides at once. */
#ifndef WEFT_WEAVE_BODY_BODY_H
#define WEFT_WEAVE_BODY_BODY_H

#include "weave/body/hook_imports.h"
#include "weave/body/item.h"

typedef struct body_job {
    const hook_shape_t *shape;
    const hook_defs_t *hooks; /* as the body imports them, in front of everything else */
    weft_str_t middleware;    /* for what a refusing gate traps with */
    handles_t *handles;       /* in the arguments of gated functions */
    map_t *innermost; /* see item.h: records where the original of each lift is referred to now */
} body_job_t;

/* Inserts generated modules and their instances, and points the items' slots at the woven functions. */
weft_error_t *weft_weave_body(scope_t *scope, const items_t *items, const body_job_t *job);

#endif
