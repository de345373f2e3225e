/* Random choices and random values: the same for the same seed, or read from bytes, which is how a fuzzer
 * makes them. */
#ifndef WEFT_TESTS_COMMON_RANDOM_H
#define WEFT_TESTS_COMMON_RANDOM_H

#include "value/value.h"

typedef struct random_source {
    uint64_t state;          /* the seed at first */
    const uint8_t *at, *end; /* the bytes; NULL: none. Zeros follow the last one */
    uint32_t elements;       /* of lists so far: past some hundred lists are short, then empty */
} random_source_t;

/* Evenly from 0 to below - 1. */
uint64_t random_below(random_source_t *source, uint64_t below);

/* Of 64 bits. */
uint64_t random_bits(random_source_t *source);

/* An owned value of the type; limits and odd values come more often than by chance. Where the type has a handle
 * the value has a u32, what the handle is to stand for. Every NaN is the canonical one, since their bits may
 * change on the way. */
weft_value_t random_value(random_source_t *source, const type_t *type);

#endif
