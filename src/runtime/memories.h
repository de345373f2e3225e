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

#include "runtime/linear.h"
#include "support/error.h"

/* So many are kept where there is no pool, unless address space comes to its end. */
enum { MEMORIES_KEPT = 64 };

/* Those of an engine, that is of all its Wasmtime engines. */
typedef struct linear_memories linear_memories_t;

weft_error_t *weft_memories_new(linear_memories_t **memories);
void weft_memories_delete(linear_memories_t *memories); /* when all are given back */

/* From here on there are at most so many at once, which are mapped now (WEFT_LIMIT: there is not the address space; it is
 * as without it then). Before any is made. */
weft_error_t *weft_memories_limit(linear_memories_t *memories, uint32_t count);

/* Engines made with the configuration take their memories from here. */
void weft_memories_configure(linear_memories_t *memories, wasm_config_t *config);

/* Before an image goes, when no memory that is in use has it: those that are kept may. */
void weft_memories_forget(linear_memories_t *memories, const image_t *image);

/* What an instantiation asks of the memories that are made on its thread meanwhile, and what came of it. */
typedef struct making {
    /* The first memory for a module of the image begins with it; NULL: none does, or one did. */
    const image_t *offered;
    const linear_memory_t *made; /* the last one; NULL: none */
    enum refusal {
        REFUSED_NOT,
        REFUSED_HEAP,   /* no memory for weft */
        REFUSED_SPACE,  /* no address space */
        REFUSED_SYSTEM, /* no memory for the guest, or no mapping */
        REFUSED_IMAGE,  /* what was offered is gone */
        REFUSED_LIMIT   /* the pool is empty */
    } refusal;          /* of the last one that was asked for */
    struct making *outer;
} making_t;

/* Around each instantiation. They nest: its code may call the host, which starts others. */
void weft_memories_begin(making_t *making, const image_t *image);
void weft_memories_end(making_t *making);

/* NULL: it was not refused. */
weft_error_t *weft_memories_refusal(const linear_memories_t *memories, const making_t *making);

#endif
