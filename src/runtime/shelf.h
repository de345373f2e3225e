/* Components of weft's own making (proxies of WASI), compiled, and WASI, linked: plugins that need the same share them, for
 * each of the engine's Wasmtime engines. */
#ifndef WEFT_RUNTIME_SHELF_H
#define WEFT_RUNTIME_SHELF_H

#include <wasmtime.h>

#include <weft/runtime.h>

#include "runtime/engine_needs.h"
#include "support/buf.h"

typedef struct shelved shelved_t;

/* Of an engine, under its lock. All zero is empty. */
typedef struct shelf {
    shelved_t *components;
    wasmtime_component_linker_t *linkers[ENGINE_NEED_COUNT]; /* NULL: not made yet */
} shelf_t;

void weft_shelf_free(shelf_t *shelf);

/* How many components are on it. */
size_t weft_shelf_count(const shelf_t *shelf);

/* Appends a component. */
typedef weft_error_t *(*shelf_make_t)(void *context, buf_t *component);

/* The compiled component that was shelved under the key, the caller's; made and shelved when it is not there. */
weft_error_t *weft_shelf_component(weft_engine_t *engine, unsigned needs, weft_bytes_t key,
                                   shelf_make_t make, void *context,
                                   wasmtime_component_t **compiled);

/* One that links WASI; the engine's. */
weft_error_t *weft_shelf_linker(weft_engine_t *engine, unsigned needs,
                                const wasmtime_component_linker_t **linker);

#endif
