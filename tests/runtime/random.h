/* Random values, the same for the same seed. */
#ifndef WEFT_TESTS_RUNTIME_RANDOM_H
#define WEFT_TESTS_RUNTIME_RANDOM_H

#include "value/value.h"

typedef struct random_source {
    uint64_t state;
} random_source_t;

/* Evenly from 0 to below - 1. */
uint64_t random_below(random_source_t *source, uint64_t below);

/* An owned value of the type, without handles; limits and odd values come more often than by chance. Floats
 * are never NaN, whose bits may change on the way. */
weft_value_t random_value(random_source_t *source, const type_t *type);

#endif
