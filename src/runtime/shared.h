/* Compiled modules that the plugins of an engine share: a plugin made of what another one is made of finds its code there,
 * which takes microseconds instead of a millisecond and more, and needs no memory of its own. A module stays as long
 * as one of them uses it.
 *
 * What is shared is code for one Wasmtime engine, of the same bytes: the bytes are compared, hashes only say where to look.
 * So each entry has a copy of them, as who brought them may go before the others. */
#ifndef WEFT_RUNTIME_SHARED_H
#define WEFT_RUNTIME_SHARED_H

#include "runtime/engine.h"
#include "runtime/image.h"
#include "support/error.h"

typedef struct shared_module {
    wasmtime_module_t *module;
    image_t *image; /* of its memory, to be offered to it; NULL: Wasmtime copies its data */
    wasm_importtype_vec_t imports; /* that it has */
    bool has_tags;                 /* it may throw exceptions */
    bool has_start;                /* code of it runs when it is instantiated */
    wasm_engine_t *wasmtime;
    weft_bytes_t source;
    uint64_t hash;
    size_t users;
    struct shared_module *next; /* in its bucket */
} shared_module_t;

/* Found, or compiled. A module that is not valid is WEFT_INVALID. */
weft_error_t *weft_shared_take(weft_engine_t *engine, wasm_engine_t *wasmtime, weft_bytes_t source,
                               shared_module_t **module);
void weft_shared_leave(weft_engine_t *engine, shared_module_t *module);

#endif
