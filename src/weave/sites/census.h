/* How often each component of a document is instantiated: an edit of a body is an edit of all its instances.
 *
 * Taken once, the census is told of what changes it: an instance more, and a component divided into itself and a
 * clone. Both cost what they concern, not the size of the document. */
#ifndef WEFT_WEAVE_SITES_CENSUS_H
#define WEFT_WEAVE_SITES_CENSUS_H

#include "weave/sites/clone.h"

typedef struct census {
    bool taken;
    arena_t arena;
    map_t instancers; /* DEF_COMPONENT -> who instantiates it */
    map_t totals;     /* DEF_COMPONENT -> count, as a pointer (census.c) */
} census_t;

/* More than anybody counts; also the total of a component that is used as a value (an argument, an export),
 * which anybody may instantiate. */
enum { CENSUS_MANY = 1 << 30 };

/* Parses every body, unless it was taken before. All zero before; free with weft_census_free, also after an error. */
weft_error_t *weft_census_take(census_t *census, document_t *document);
void weft_census_free(census_t *census);

/* How many instances the document makes of a DEF_COMPONENT, nesting counted. */
weft_error_t *weft_census_total(census_t *census, def_t *component, uint32_t *count);

/* A DEF_INSTANTIATE was put into the document. */
weft_error_t *weft_census_add(census_t *census, def_t *instantiate);

/* Some instantiations of a component are those of its clone now. */
weft_error_t *weft_census_divide(census_t *census, def_t *component, const clone_t *clone,
                                 def_t *const *instantiates, size_t count);

#endif
