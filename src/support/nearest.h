/* "Did you mean": the known name that is nearest to one that nothing bears. */
#ifndef WEFT_SUPPORT_NEAREST_H
#define WEFT_SUPPORT_NEAREST_H

#include <weft/base.h>

/* The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from `name`, or one that
 * `name` begins; empty when none is near enough to be what was meant. The first of several equals. */
weft_str_t weft_nearest(weft_str_t name, const weft_str_t *candidates, size_t count);

/* The same, one candidate at a time, for callers whose names are not in an array: start with an all-zero
 * search, offer every candidate, read `best`. */
typedef struct nearest {
    weft_str_t best;
    size_t distance; /* of `best`; 0: none yet */
} nearest_t;

void weft_nearest_offer(nearest_t *search, weft_str_t name, weft_str_t candidate);

#endif
