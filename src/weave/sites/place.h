/* Where a middleware is instantiated, and what its imports are satisfied with. */
#ifndef WEFT_WEAVE_SITES_PLACE_H
#define WEFT_WEAVE_SITES_PLACE_H

#include "component/edit/build.h"
#include "weave/given.h"
#include "weave/hooks.h"
#include "weave/sites/paths.h"

typedef struct placement {
    scope_t *
        scope; /* the innermost one that holds all woven nodes; the root when the middleware has imports
                        that only the host can satisfy */
    size_t depth;     /* paths go through `scope` before their step of this number */
    def_t *before;    /* the first instantiation there that leads to a woven node */
    def_t *component; /* the middleware as a definition of `scope`, already inserted */
    scope_t *body;
    hooks_t hooks; /* definitions of `alone` */
    weft_str_t name;
    const named_def_t *given; /* imports that the caller satisfies */
    uint32_t given_count;
    document_t
        *alone; /* the middleware by itself: its types can be asked for while the composition is
                          half edited */
} placement_t;

/* The innermost scope that holds all woven nodes, or the one that the job names. */
weft_error_t *weft_place_find(const paths_t *paths, const copies_t *copies, const weave_job_t *job,
                              placement_t *placement);

/* A place that the caller has chosen: `scope`, `before` (NULL: the scope's end), `name` and `given` are set; `givens` come
 * before those of the same name that are set. */
weft_error_t *weft_place_at(placement_t *placement, weft_bytes_t middleware,
                            const weave_given_t *givens, size_t given_count);

/* Whether an import has nothing but types that can be made anew beside the middleware. */
bool weft_import_types_only(const def_t *import);

void weft_place_free(placement_t *placement);

/* Instantiates it. An import that has only types is satisfied by an instance made of such types; any other
 * becomes an import of the root, or joins the one that is there. */
weft_error_t *weft_place_instance(builder_t *b, const placement_t *placement, def_t **instance);

#endif
