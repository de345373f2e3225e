/* The one door to the heap, so that a test can make any allocation fail. */
#ifndef WEFT_SUPPORT_ALLOC_H
#define WEFT_SUPPORT_ALLOC_H

#include <stddef.h>

#include <weft/base.h>

/* As malloc, calloc and realloc; NULL when there is no memory. A size of 0 gives a pointer that may
 * be freed. `count * size` is checked for overflow. Freed with weft_free. */
void *weft_alloc(size_t size);
void *weft_alloc_zero(size_t count, size_t size);
void *weft_realloc_array(void *pointer, size_t count, size_t size);

/* A NUL-terminated copy. */
char *weft_alloc_str(weft_str_t str);

/* For tests only, per thread: the n-th allocation from now (1 = the next) and all after it fail;
 * 0 ends it. weft_alloc_count tells how many there were on this thread so far. */
void weft_alloc_fail_after(size_t n);
size_t weft_alloc_count(void);

#endif
