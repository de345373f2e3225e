/* A growable run of bytes with a sticky failure: appending after an allocation failed does nothing,
 * so a writer appends freely and asks once, at the end, whether `failed` is set. */
#ifndef WEFT_SUPPORT_BUF_H
#define WEFT_SUPPORT_BUF_H

#include <weft/base.h>

#include "support/error.h"

typedef struct buf {
    uint8_t *data; /* freed with weft_buf_free, or handed on and freed with weft_free */
    size_t len;
    size_t capacity;
    bool failed;
} buf_t;

void weft_buf_free(buf_t *buf);
bool weft_buf_reserve(buf_t *buf, size_t more);
void weft_buf_byte(buf_t *buf, uint8_t byte);
void weft_buf_bytes(buf_t *buf, const void *bytes, size_t len);
void weft_buf_str(buf_t *buf, weft_str_t str);
void weft_buf_printf(buf_t *buf, const char *format, ...) WEFT_PRINTF(2, 3);

/* Text of unknown origin, for people: what is hidden (utf8.h) or no UTF-8 is escaped. */
void weft_buf_plain(buf_t *buf, weft_str_t text);

/* LEB128 (core specification, Binary Format, Values). */
void weft_buf_u32(buf_t *buf, uint32_t value);
void weft_buf_u64(buf_t *buf, uint64_t value);
void weft_buf_s33(buf_t *buf, int64_t value);
void weft_buf_s64(buf_t *buf, int64_t value);
size_t weft_u32_size(uint32_t value); /* bytes that weft_buf_u32 appends */

/* A name: its length in bytes as LEB128, then the bytes. */
void weft_buf_name(buf_t *buf, weft_str_t name);

/* Inserts the length of everything from `start` to the end, as LEB128, at `start`: how a section or
 * any other sized production is closed. */
void weft_buf_close_sized(buf_t *buf, size_t start);

static inline weft_str_t weft_buf_as_str(const buf_t *buf) {
    return (weft_str_t){(const char *)buf->data, buf->len};
}

static inline weft_bytes_t weft_buf_as_bytes(const buf_t *buf) {
    return (weft_bytes_t){buf->data, buf->len};
}

#endif
