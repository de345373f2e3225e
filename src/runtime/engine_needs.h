/* What a component needs of a Wasmtime engine, read from its definitions. */
#ifndef WEFT_RUNTIME_ENGINE_NEEDS_H
#define WEFT_RUNTIME_ENGINE_NEEDS_H

#include "component/model.h"

/* What an engine must be able to do; bits. */
typedef enum engine_need {
    ENGINE_FUEL = 1,
    ENGINE_ASYNC = 2, /* async functions, streams, futures, the async built-ins */
    /* Much data, which Wasmtime maps into memories of its own; where weft runs the component itself, it maps it itself
     * (image.h). */
    ENGINE_IMAGES = 4,
    ENGINE_NEED_COUNT = 8
} engine_need_t;

/* Those of them that follow from the component: whether anything at any depth is async, and whether its core modules have
 * much data. */
weft_error_t *weft_engine_needs(scope_t *root, unsigned *needs);

#endif
