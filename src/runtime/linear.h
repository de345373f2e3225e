/* One linear memory: address space, what of it the guest can reach, and an image in that. */
#ifndef WEFT_RUNTIME_LINEAR_H
#define WEFT_RUNTIME_LINEAR_H

#include "runtime/image.h"

/* From `base` on, `size` bytes are the guest's; what is behind them, and `guard` bytes before, makes it trap. */
typedef struct linear_memory {
    uint8_t *base;
    size_t size;
    size_t reach; /* `size` in whole pages: what can be read and written */
    size_t capacity, guard;
    size_t reserved;      /* what Wasmtime asked for; `capacity` is more when that is not enough */
    size_t page;          /* bytes, of the system's pages */
    bool spoiled;         /* more may be in reach: the system failed halfway, twice */
    const image_t *image; /* mapped into it, from where on and how much; NULL: none */
    size_t image_start, image_length;

    struct linear_memories *of; /* memories.h */
    struct linear_memory *next; /* of those that are kept */
} linear_memory_t;

/* Address space for `size` bytes and the guards, of which nothing is in reach. false: there is none. */
bool weft_linear_map(linear_memory_t *memory, size_t size);
void weft_linear_unmap(const linear_memory_t *memory);

/* What a guest finds: so many bytes, zero but for the image (NULL: none). It is mapped, or was renewed. Where the system
 * fails, it is good for nothing any more. */
bool weft_linear_begin(linear_memory_t *memory, size_t minimum, const image_t *image);

/* The bytes from an address on; NULL: not all are in the memory. One with 32-bit addresses never moves. */
uint8_t *weft_linear_at(const linear_memory_t *memory, uint64_t ptr, uint64_t len);

/* When the system fails, it is as it was. */
bool weft_linear_grow(linear_memory_t *memory, size_t size);

/* Makes all that is in reach zero, and its image as new; of what was large nothing is in reach then. false: it cannot be used
 * again. */
bool weft_linear_renew(linear_memory_t *memory);

/* Of one that was renewed: what of it is the image, which may be gone, is zero. */
bool weft_linear_lose_image(linear_memory_t *memory);

/* Nothing is in reach any more. */
bool weft_linear_hide(linear_memory_t *memory);

#endif
