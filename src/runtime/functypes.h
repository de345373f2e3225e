/* Core signatures as Wasmtime has them. Making one, and registering it with the first function that is made of it, takes
 * longer than making the function; so each is made once for all functions of one Wasmtime engine. */
#ifndef WEFT_RUNTIME_FUNCTYPES_H
#define WEFT_RUNTIME_FUNCTYPES_H

#include <wasmtime.h>

#include "core/types.h"
#include "support/arena.h"
#include "support/map.h"

/* All zero is empty. Used under a lock of its owner. */
typedef struct functypes {
    arena_t arena;
    map_t known; /* signature -> wasm_functype_t */
} functypes_t;

/* The caller's; NULL without memory. */
wasm_functype_t *weft_functype_new(core_sig_t sig);

weft_error_t *weft_functypes_find(functypes_t *types, core_sig_t sig, const wasm_functype_t **type);
void weft_functypes_free(functypes_t *types);

/* CORE_* as Wasmtime says it. */
wasm_valkind_t weft_functypes_kind(uint8_t type);

#endif
