/* Names in messages: what there is instead of what was written. */
#ifndef WEFT_SPLICE_NAMES_H
#define WEFT_SPLICE_NAMES_H

#include "support/buf.h"
#include "support/error.h"
#include "support/map.h"
#include "support/vec.h"

/* Without repetition, in order. All zero is empty. */
typedef struct names {
    VEC(weft_str_t) items;
    map_t seen;
} names_t;

weft_error_t *weft_names_add(names_t *names, weft_str_t name);
void weft_names_free(names_t *names);

/* Adds the note "WORDS: `a`, `b` and 3 more"; without names the note `none`, if that is not NULL. */
weft_error_t *weft_names_note(weft_error_t *error, const char *words, const names_t *names,
                              const char *none);

/* Adds the help "did you mean `a`?" where one of them is near. */
weft_error_t *weft_names_nearest(weft_error_t *error, weft_str_t wanted, const names_t *names);

#endif
