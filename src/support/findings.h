/* Collecting what is wrong with one file, so that one run tells all of it. The number kept is bounded: a
 * hostile file does not make a report of its own size. */
#ifndef WEFT_SUPPORT_FINDINGS_H
#define WEFT_SUPPORT_FINDINGS_H

#include "support/error.h"

enum { FINDINGS_KEPT = 50 };

/* All zero is an empty collection. */
typedef struct findings {
    weft_error_t *kept[FINDINGS_KEPT];
    size_t count;      /* of all that were added, kept or not */
    weft_error_t *oom; /* memory ran out; then nothing else matters */
} findings_t;

/* Takes over `error`; NULL adds nothing, nor does one that says the same as one that is kept: what is wrong with a line may
 * be found at each of the places that the line is about. */
void weft_findings_add(findings_t *findings, weft_error_t *error);

/* Moves what `from` kept to `findings`. */
void weft_findings_add_all(findings_t *findings, findings_t *from);

/* All of it as one list in the order of line and column, or NULL. The collection is empty then. */
weft_error_t *weft_findings_take(findings_t *findings);

void weft_findings_free(findings_t *findings);

#endif
