/* The linear memories of plugins, which are used again.
 *
 * Most of what starting a small plugin costs is the kernel's: mapping 4 GiB of address space, faulting in the few pages that
 * are touched, unmapping. So a memory that is given back is cleared and kept, for whoever wants one next. In a pool they are
 * mapped beforehand, and there are no others.
 *
 * Wasmtime cannot map the data of a module into such a memory, but copies it. On the direct engine weft maps it (image.h), and
 * leaves it mapped in a memory that is kept, as long as the module is there.
 * Wasmtime's engine for components with much data does without these memories (ENGINE_IMAGES). */
#ifndef WEFT_RUNTIME_MEMORIES_H
#define WEFT_RUNTIME_MEMORIES_H

#include <wasmtime.h>

#include "runtime/image.h"
#include "support/error.h"

/* Those of an engine, that is of all its Wasmtime engines. */
typedef struct memories memories_t;

weft_error_t *weft_memories_new(memories_t **memories);
void weft_memories_delete(memories_t *memories); /* when all are given back */

/* From here on there are at most so many at once, which are mapped now (WEFT_LIMIT: there is not the address space; it is
 * as without it then). Before any is made. */
weft_error_t *weft_memories_limit(memories_t *memories, uint32_t count);

/* Engines made with the configuration take their memories from here. */
void weft_memories_configure(memories_t *memories, wasm_config_t *config);

/* From here on, until it is withdrawn (NULL), the first memory that is made on this thread for a module of the image begins
 * with it, or is refused. */
void weft_memories_offer(const image_t *image);

/* Before an image goes, when no memory that is in use has it: those that are kept may. */
void weft_memories_forget(memories_t *memories, const image_t *image);

/* A memory that is in use: it lives as long as the instance that has it. */
typedef struct memory memory_t;

/* The one that was made last on this thread, if one was and nobody asked yet. */
const memory_t *weft_memories_made(void);

/* The bytes from an address on; NULL: not all are in the memory. A memory with 32-bit addresses never moves. */
uint8_t *weft_memory_at(const memory_t *memory, uint64_t ptr, uint64_t len);

/* Why the last memory that was asked for on this thread was refused, if it was and nobody asked yet. */
weft_error_t *weft_memories_refusal(const memories_t *memories);

#endif
