/* What runtime/wasi keeps in an engine; under the engine's lock. All zero is empty. */
#ifndef WEFT_RUNTIME_WASI_SHELF_H
#define WEFT_RUNTIME_WASI_SHELF_H

#include <wasmtime.h>

typedef struct wasi_proxy wasi_proxy_t;

typedef struct wasi_shelf {
    wasi_proxy_t *proxies;
    wasmtime_component_linker_t *linkers[4]; /* by engine_need_t; NULL: not made yet */
} wasi_shelf_t;

void weft_wasi_shelf_free(wasi_shelf_t *shelf);

/* How many components are on it. */
size_t weft_wasi_shelf_count(const wasi_shelf_t *shelf);

#endif
