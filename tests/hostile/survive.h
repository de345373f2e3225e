/* Everything that weft does with a component's bytes before it looks at their meaning, done once: what the tests
 * of hostile input and the fuzz targets share. */
#ifndef WEFT_TESTS_HOSTILE_SURVIVE_H
#define WEFT_TESTS_HOSTILE_SURVIVE_H

#include <weft/error.h>

/* The steps, in order. Each is taken whatever became of those before it, except that nothing follows a failed
 * STEP_READ, STEP_WIT and STEP_VALIDATE follow STEP_TYPE only, STEP_PROXY STEP_VALIDATE and STEP_AGAIN STEP_WRITE. */
typedef enum step {
    STEP_READ,    /* the root */
    STEP_BODIES,  /* every nested component */
    STEP_MODULES, /* imports, exports and their types of every core module */
    STEP_TYPE,
    STEP_WIT,      /* its types as WIT */
    STEP_VALIDATE, /* as far as weft does it itself */
    STEP_PROXY,    /* proxies of what it imports and exports, which must be valid */
    STEP_GRAPH,    /* with the members of all edges, and as text */
    STEP_WRITE,    /* everything anew */
    STEP_AGAIN,    /* what was written, read and written: must be the same */
    STEP_COUNT
} step_t;

typedef struct survival {
    bool done[STEP_COUNT]; /* taken and succeeded */
    size_t used;           /* bytes in the arenas of the document, of its types and of its graph */
} survival_t;

/* NULL, or what is wrong (an error without an offset, an internal error, a writing that is not stable, a proxy that is not valid) as a
 * text to be freed with free. Errors of the input as such are not wrong. */
char *survive(weft_bytes_t bytes, survival_t *survival);

const char *survive_step_words(step_t step);

#endif
