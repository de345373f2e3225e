/* What jobs have made of the components of a document since the graph was made that their sites are from: which were
 * cloned, and how often each is instantiated. So one graph serves all jobs, however many of them clone. */
#ifndef WEFT_WEAVE_SITES_COPIES_H
#define WEFT_WEAVE_SITES_COPIES_H

#include "weave/sites/census.h"

typedef struct copies {
    document_t *document;
    census_t census;
    VEC(clone_t) clones;
    map_t origins; /* a body in a clone -> where it was copied from */
    arena_t arena;
} copies_t;

void weft_copies_free(copies_t *copies); /* the document stays set */

/* Where a definition of the document that the graph describes stands in `scope`, which is its scope or a clone of it
 * (or a clone of a clone); NULL: nowhere. */
def_t *weft_copies_live(const copies_t *copies, def_t *def, const scope_t *scope);

/* Lets some instantiations of a component use a clone of it. */
weft_error_t *weft_copies_split(copies_t *copies, def_t *component, def_t *const *instantiates,
                                size_t count);

#endif
