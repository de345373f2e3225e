/* What a guest needs of a C library, in a few hundred bytes of wasm.
 *
 * The allocator keeps one list of free blocks per power of two, and takes a new block from the end of memory
 * when its list is empty. A block is
 *
 *     | class, 8 bytes | payload, (8 << class) bytes |
 *
 * and while it is free the first word of its payload links to the next one. Every operation takes constant
 * time, and a guest that frees what it is given never grows. Blocks are not merged: that is fine for guests
 * that allocate the same sizes over and over, as a call's arguments are.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = 28, PAGE = 65536 };

typedef struct block {
    uint32_t class;
    uint32_t unused;
    struct block *next; /* where the payload starts */
} block_t;

enum { HEADER = offsetof(block_t, next) };

extern unsigned char __heap_base;

static block_t *free_blocks[CLASSES];
static uintptr_t end;   /* of the memory handed out so far */
static uintptr_t limit; /* of the memory there is */

_Noreturn void abort(void) {
    __builtin_trap();
}

static uint32_t class_of(size_t size) {
    return size <= 8 ? 0 : 29 - (uint32_t)__builtin_clz((uint32_t)size - 1);
}

static block_t *fresh_block(uint32_t class) {
    size_t size = HEADER + ((size_t)8 << class);
    block_t *block;

    if (end == 0) {
        end = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
        limit = __builtin_wasm_memory_size(0) * PAGE;
    }
    if (size > limit - end) {
        size_t pages = (size - (limit - end) + PAGE - 1) / PAGE;
        if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX) return NULL;
        limit += pages * PAGE;
    }
    block = (block_t *)end;
    block->class = class;
    end += size;
    return block;
}

void *malloc(size_t size) {
    uint32_t class = class_of(size);
    block_t *block;

    if (class >= CLASSES) return NULL;
    block = free_blocks[class];
    if (block) free_blocks[class] = block->next;
    else if (!(block = fresh_block(class))) return NULL;
    return &block->next;
}

void free(void *ptr) {
    block_t *block;

    if (!ptr) return;
    block = (block_t *)((uintptr_t)ptr - HEADER);
    block->next = free_blocks[block->class];
    free_blocks[block->class] = block;
}

void *calloc(size_t count, size_t size) {
    void *ptr;

    if (size != 0 && count > SIZE_MAX / size) return NULL;
    ptr = malloc(count * size);
    return ptr ? memset(ptr, 0, count * size) : NULL;
}

void *realloc(void *ptr, size_t size) {
    block_t *block;
    void *bigger;

    if (!ptr) return malloc(size);
    block = (block_t *)((uintptr_t)ptr - HEADER);
    if (class_of(size) <= block->class) return ptr;
    bigger = malloc(size);
    if (!bigger) return NULL;
    memcpy(bigger, ptr, (size_t)8 << block->class);
    free(ptr);
    return bigger;
}

/* With -mbulk-memory the compiler turns each of these built-ins into one instruction. */
void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    return __builtin_memcpy(to, from, size);
}
void *memmove(void *to, const void *from, size_t size) {
    return __builtin_memmove(to, from, size);
}
void *memset(void *to, int byte, size_t size) {
    return __builtin_memset(to, byte, size);
}

__attribute__((no_builtin)) int memcmp(const void *a, const void *b, size_t size) {
    const unsigned char *x = a, *y = b;

    for (; size != 0; size--, x++, y++)
        if (*x != *y) return *x < *y ? -1 : 1;
    return 0;
}

__attribute__((no_builtin)) size_t strlen(const char *text) {
    const char *p = text;

    while (*p) p++;
    return (size_t)(p - text);
}
