/* Pages of memory that are about to be used. The kernel maps a page when it is first touched, by a fault each time, which costs
 * more than the mapping does; pages that are asked for together come at once. Where that cannot be had nothing is done,
 * and nothing is lost. */
#ifndef WEFT_SUPPORT_PAGES_H
#define WEFT_SUPPORT_PAGES_H

#include <stddef.h>

/* Of a mapped file, to be read. */
void weft_pages_to_read(const void *at, size_t len);
/* Of fresh memory, to be written. */
void weft_pages_to_write(void *at, size_t len);

#endif
