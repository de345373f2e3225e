/* The linear memories of plugins, which are used again.
 *
 * Most of what starting a small plugin costs is the kernel's: mapping 4 GiB of address space, faulting in the few pages that
 * are touched, unmapping. So a memory that is given back is cleared and kept, for whoever wants one next.
 *
 * Wasmtime cannot map the data of a module into such a memory, but copies it. On the direct engine weft maps it (image.h);
 * Wasmtime's engine for components with much data does without these memories (ENGINE_IMAGES), as do those with a pool. */
#ifndef WEFT_RUNTIME_MEMORIES_H
#define WEFT_RUNTIME_MEMORIES_H

#include <wasmtime.h>

#include "runtime/image.h"
#include "support/error.h"

/* Engines made with the configuration take their memories from here. What is kept is given up when the last of them is
 * deleted. */
weft_error_t *weft_memories_configure(wasm_config_t *config);

/* From here on, until it is withdrawn (NULL), the first memory that is made on this thread for a module of the image begins
 * with it, or is refused. */
void weft_memories_offer(const image_t *image);

/* Why the last memory that was asked for on this thread was refused, if it was and nobody asked yet. */
weft_error_t *weft_memories_refusal(void);

#endif
