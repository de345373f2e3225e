/* Modules that weft generates while components are instantiated. The engine keeps them, so that what one plugin had
 * compiled is there for the next: they hold nothing of a plugin. */
#ifndef WEFT_RUNTIME_GENERATED_H
#define WEFT_RUNTIME_GENERATED_H

#include <pthread.h>
#include <wasmtime.h>

#include "support/arena.h"
#include "support/map.h"

/* The name of all their functions; backtraces leave them out. */
#define GENERATED_NAME "(weft)"

typedef struct generated {
    pthread_mutex_t lock; /* of what follows */
    map_t modules;        /* by their keys, which are in the arena */
    arena_t arena;
} generated_t;

void weft_generated_init(generated_t *generated);
void weft_generated_free(generated_t *generated);

/* NULL: not made yet. The module is the engine's. */
wasmtime_module_t *weft_generated_find(generated_t *generated, weft_str_t key);

/* Gives a module to the engine, also on failure. *module becomes the one to use: another thread may have been faster.
 */
weft_error_t *weft_generated_add(generated_t *generated, weft_str_t key,
                                 wasmtime_module_t **module);

/* Whether no more should be made. */
bool weft_generated_full(generated_t *generated);

#endif
