#include "support/arena.h"

#include <stdalign.h>

#include "support/alloc.h"
#include "support/pages.h"

/* Blocks double from 1 KiB (with its header; glibc has pieces of that size at hand) to 1 MiB; what is larger than a block
 * gets one of its own. A large block is made ready part by part, as it is used. */
enum { FIRST_BLOCK = 1000, LAST_BLOCK = 1 << 20, PART = 64 << 10 };

struct arena_block {
    arena_block_t *before;
    size_t size;
    alignas(max_align_t) uint8_t data[];
};

void weft_arena_free(arena_t *arena) {
    arena_block_t *block = arena->blocks;
    while (block) {
        arena_block_t *before = block->before;
        weft_free(block);
        block = before;
    }
    *arena = (arena_t){0};
}

static bool add_block(arena_t *arena, size_t least) {
    size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (!arena->blocks && arena->expected > FIRST_BLOCK) size = arena->expected;
    if (size > LAST_BLOCK) size = LAST_BLOCK;
    if (size < least) size = least;
    if (size > SIZE_MAX - sizeof(arena_block_t)) return false;
    arena_block_t *block = weft_alloc(sizeof *block + size);
    if (!block) return false;
    block->before = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->next = arena->end = block->data;
    return true;
}

/* Moves `end` on, so that `need` bytes are there, to what is left of the block at most. */
static void make_ready(arena_t *arena, size_t need, size_t left) {
    size_t ready = (size_t)(arena->end - arena->next);
    size_t more = need - ready > PART ? need - ready : PART;
    if (more > left - ready) more = left - ready;
    weft_pages_to_write(arena->end, more);
    arena->end += more;
}

static bool make_room(arena_t *arena, size_t need) {
    const arena_block_t *block = arena->blocks;
    size_t left = block ? (size_t)(block->data + block->size - arena->next) : 0;
    if (need > left) {
        if (!add_block(arena, need)) return false;
        left = arena->blocks->size;
    }
    make_ready(arena, need, left);
    return true;
}

void *weft_arena_alloc(arena_t *arena, size_t count, size_t size) {
    if (size && count > (SIZE_MAX / 2) / size) return NULL;
    size_t need = count && size ? count * size : 1;
    need = (need + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (need > (size_t)(arena->end - arena->next) && !make_room(arena, need)) return NULL;
    void *memory = arena->next;
    if (!memory) return NULL;
    arena->next += need;
    arena->used += need;
    return memset(memory, 0, need);
}

void weft_arena_expect(arena_t *arena, size_t size) {
    arena->expected = size;
}

bool weft_arena_grow(arena_t *arena, void **items, uint32_t *capacity, uint32_t count,
                     size_t size) {
    if (count < *capacity) return true;
    if (*capacity > UINT32_MAX / 2) return false;
    uint32_t more = *capacity ? *capacity * 2 : 4;
    void *grown = weft_arena_alloc(arena, more, size);
    if (!grown) return false;
    if (count) memcpy(grown, *items, count * size);
    *items = grown;
    *capacity = more;
    return true;
}

weft_str_t weft_arena_str(arena_t *arena, weft_str_t str) {
    char *copy = weft_arena_alloc(arena, str.len + 1, 1);
    if (!copy) return (weft_str_t){NULL, 0};
    if (str.len) memcpy(copy, str.ptr, str.len);
    return (weft_str_t){copy, str.len};
}
