/* Where a middleware is instantiated, and what its imports are satisfied with. */
#ifndef WEFT_WEAVE_PLACE_H
#define WEFT_WEAVE_PLACE_H

#include "component/build.h"
#include "weave/hooks.h"
#include "weave/paths.h"

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

/* The innermost scope that holds all woven nodes. */
weft_error_t *weft_place_find(const paths_t *paths, document_t *document, weft_bytes_t middleware,
                              weft_str_t name, placement_t *placement);

/* A place that the caller has chosen: `scope`, `before`, `name` and `given` are set. */
weft_error_t *weft_place_at(placement_t *placement, weft_bytes_t middleware);

void weft_place_free(placement_t *placement);

/* Instantiates it. An import that has only types is satisfied by an instance made of such types; any other
 * becomes an import of the root, or joins the one that is there. */
weft_error_t *weft_place_instance(builder_t *b, const placement_t *placement, def_t **instance);

/* Whether the type of an import mentions a type that `other`, an import of the same component, exports. */
weft_error_t *weft_import_leans_on(def_t *import, const def_t *other, bool *leans);

#endif
