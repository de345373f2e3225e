/* How often each component of a document is instantiated: an edit of a body is an edit of all its instances. */
#ifndef WEFT_WEAVE_SITES_CENSUS_H
#define WEFT_WEAVE_SITES_CENSUS_H

#include "component/model.h"
#include "support/map.h"

typedef struct census {
    arena_t arena;
    map_t instancers; /* DEF_COMPONENT -> who instantiates it */
    map_t totals;     /* DEF_COMPONENT -> count + 1, as a pointer */
} census_t;

/* More than anybody counts; also the total of a component that is used as a value (an argument, an export),
 * which anybody may instantiate. */
enum { CENSUS_MANY = 1 << 30 };

/* Parses every body. All zero before; free with weft_census_free, also after an error. */
weft_error_t *weft_census_take(census_t *census, document_t *document);
void weft_census_free(census_t *census);

/* How many instances the document makes of a DEF_COMPONENT, nesting counted. */
weft_error_t *weft_census_total(census_t *census, def_t *component, uint32_t *count);

#endif
