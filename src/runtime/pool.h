/* Wasmtime's pooling allocator: the address space of so many memories and tables is reserved beforehand, and a plugin
 * takes its own from there, with the image of its data. Starting one then costs no mapping and unmapping. */
#ifndef WEFT_RUNTIME_POOL_H
#define WEFT_RUNTIME_POOL_H

#include <wasmtime.h>

#include "support/error.h"

/* Whether there is address space for so many memories now (WEFT_LIMIT). Wasmtime itself aborts the process where there is
 * not, so this is asked right before each engine that is made. */
weft_error_t *weft_pool_check(uint32_t memories);

void weft_pool_configure(wasm_config_t *config, uint32_t memories);

#endif
