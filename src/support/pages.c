#include "support/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Fewer are not worth the call. */
enum { PAGES_LEAST = 8, PAGE_LEAST = 4096 };

#ifdef MADV_POPULATE_READ
static void populate(uintptr_t at, size_t len, int advice) {
    if (len < PAGES_LEAST * PAGE_LEAST) return;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), into_page = at % page;
    if (len >= PAGES_LEAST * page) madvise((void *)(at - into_page), len + into_page, advice);
}
#endif

void weft_pages_to_read(const void *at, size_t len) {
#ifdef MADV_POPULATE_READ
    populate((uintptr_t)at, len, MADV_POPULATE_READ);
#else
    (void)at;
    (void)len;
#endif
}

void weft_pages_to_write(void *at, size_t len) {
#ifdef MADV_POPULATE_WRITE
    populate((uintptr_t)at, len, MADV_POPULATE_WRITE);
#else
    (void)at;
    (void)len;
#endif
}
