/* The linear memories of plugins that have little data, which are used again.
 *
 * Most of what starting a small plugin costs is the kernel's: mapping 4 GiB of address space, faulting in the few pages that
 * are touched, unmapping. So a memory that is given back is cleared and kept, for whoever wants one next.
 *
 * Wasmtime cannot map the data of a module into such a memory (an *image*, of which plugins share the pages that they only
 * read), but copies it; so engines for plugins with much data do without (ENGINE_IMAGES), as do those with a pool. */
#ifndef WEFT_RUNTIME_MEMORIES_H
#define WEFT_RUNTIME_MEMORIES_H

#include <wasmtime.h>

#include "support/error.h"

/* Engines made with the configuration take their memories from here. What is kept is given up when the last of them is
 * deleted. */
weft_error_t *weft_memories_configure(wasm_config_t *config);

/* Why the last memory that was asked for on this thread was refused, if it was and nobody asked yet. */
weft_error_t *weft_memories_refusal(void);

#endif
