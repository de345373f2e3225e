#include "support/alloc.h"

#include <stdint.h>
#include <stdlib.h>

/* The only state of libweft that is not a constant: a per-thread countdown that tests set. */
static _Thread_local size_t fail_countdown;
static _Thread_local size_t allocations;

static bool allocation_fails(void) {
    allocations++;
    if (fail_countdown == 0) return false;
    if (fail_countdown > 1) {
        fail_countdown--;
        return false;
    }
    return true;
}

void weft_alloc_fail_after(size_t n) {
    fail_countdown = n;
}

size_t weft_alloc_count(void) {
    return allocations;
}

void *weft_alloc(size_t size) {
    return allocation_fails() ? NULL : malloc(size ? size : 1);
}

/* Small pieces come from malloc, which glibc serves from what the thread freed last; its calloc does not look there. */
void *weft_alloc_zero(size_t count, size_t size) {
    enum { SMALL = 1024 };
    if (allocation_fails()) return NULL;
    if (!count || !size) return calloc(1, 1);
    if (count > SMALL / size) return calloc(count, size);
    void *memory = malloc(count * size);
    __asm__("" : "+r"(memory)); /* or else compilers make a calloc of the two */
    return memory ? memset(memory, 0, count * size) : NULL;
}

void *weft_realloc_array(void *pointer, size_t count, size_t size) {
    if (size && count > SIZE_MAX / size) return NULL;
    if (allocation_fails()) return NULL;
    return realloc(pointer, count && size ? count * size : 1);
}

char *weft_alloc_str(weft_str_t str) {
    char *copy = weft_alloc(str.len + 1);
    if (!copy) return NULL;
    if (str.len) memcpy(copy, str.ptr, str.len);
    copy[str.len] = '\0';
    return copy;
}

void weft_free(void *pointer) {
    free(pointer);
}
