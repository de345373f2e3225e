/* Components in which one instance, $B, calls a function of a random type of another, $A, with any bits as arguments; $A
 * gives back any bits. The memories of both can be set and read from outside: they have all that either side saw,
 * the calls of their reallocs too. */
#ifndef WEFT_TESTS_RUNTIME_TWINS_H
#define WEFT_TESTS_RUNTIME_TWINS_H

#include "common/random.h"
#include "support/buf.h"

/* The text of such a component. It exports `call`, `a-set`, `a-dump`, `b-set`, `b-dump`. */
void random_twins(buf_t *wat, random_source_t *source);

enum { TWINS_IMAGE = 4096 };

/* What a memory can begin with, so that the call succeeds now and then. Byte 0 says how its realloc lies. */
void random_image(uint8_t image[TWINS_IMAGE], random_source_t *source);

#endif
