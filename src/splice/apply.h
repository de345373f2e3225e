/* Doing what a plan says to the document that the plan was made for: first everything that is wired in, from the
 * providers outward, then the hooks, from the callers inward. */
#ifndef WEFT_SPLICE_APPLY_H
#define WEFT_SPLICE_APPLY_H

#include "component/types/typing.h"
#include "splice/plan.h"

typedef struct apply_options {
    bool skip_type_check; /* types that do not fit go to the warnings */
} apply_options_t;

/* Errors point to the middleware in the rules file. After an error the document is half edited. */
weft_error_t *weft_plan_apply(plan_t *plan, type_pool_t *pool, const apply_options_t *options,
                              findings_t *warnings);

#endif
