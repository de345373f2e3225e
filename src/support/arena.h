/* An arena: memory that is freed all at once. One per document that is read. */
#ifndef WEFT_SUPPORT_ARENA_H
#define WEFT_SUPPORT_ARENA_H

#include <weft/base.h>

typedef struct arena_block arena_block_t;

/* All zero is an empty arena. */
typedef struct arena {
    arena_block_t *blocks;
    uint8_t *next;
    uint8_t *end; /* of what is ready to be given out */
    size_t used;  /* bytes asked for so far */
    size_t expected;
} arena_t;

void weft_arena_free(arena_t *arena);

/* Zeroed memory, aligned for any type; NULL when there is no memory or `count * size` overflows. */
void *weft_arena_alloc(arena_t *arena, size_t count, size_t size);

/* Before anything else: so much will be asked for, about. */
void weft_arena_expect(arena_t *arena, size_t size);

/* Makes room for one more element of `size` bytes behind `count`, as weft_vec_grow does on the heap: for arrays
 * that live as long as the arena. What they grew out of stays in the arena, as much again at most. */
bool weft_arena_grow(arena_t *arena, void **items, uint32_t *capacity, uint32_t count, size_t size);

/* A NUL-terminated copy of a string (ptr NULL when there is no memory). */
weft_str_t weft_arena_str(arena_t *arena, weft_str_t str);

#define ARENA_NEW(arena, type) ((type *)weft_arena_alloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)weft_arena_alloc((arena), (count), sizeof(type)))

#endif
