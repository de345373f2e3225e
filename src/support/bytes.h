/* A cursor over bytes from outside. Every read is checked; an error carries the offset, counted from
 * the start of the file. */
#ifndef WEFT_SUPPORT_BYTES_H
#define WEFT_SUPPORT_BYTES_H

#include <weft/base.h>

#include "support/error.h"

typedef struct cursor {
    const uint8_t *at;
    const uint8_t *end;
    const uint8_t *file; /* the file's first byte: offsets are counted from here */
} cursor_t;

static inline cursor_t weft_cursor(const uint8_t *file, weft_bytes_t part) {
    cursor_t cursor = {part.ptr, part.ptr ? part.ptr + part.len : part.ptr, file};
    return cursor;
}

static inline size_t weft_cursor_left(const cursor_t *cursor) {
    return (size_t)(cursor->end - cursor->at);
}

static inline uint64_t weft_cursor_offset(const cursor_t *cursor) {
    return (uint64_t)(cursor->at - cursor->file);
}

weft_error_t *weft_read_byte(cursor_t *cursor, uint8_t *byte);
/* LEB128 of at most `bits` bits, up to 64 (core specification, Values, Integers). */
weft_error_t *weft_read_unsigned(cursor_t *cursor, unsigned bits, uint64_t *value);
weft_error_t *weft_read_signed(cursor_t *cursor, unsigned bits, int64_t *value);
weft_error_t *weft_read_u32(cursor_t *cursor, uint32_t *value);
weft_error_t *weft_read_u64(cursor_t *cursor, uint64_t *value);
weft_error_t *weft_read_s33(cursor_t *cursor, int64_t *value);
weft_error_t *weft_read_s64(cursor_t *cursor, int64_t *value);
weft_error_t *weft_read_bytes(cursor_t *cursor, size_t len, weft_bytes_t *bytes);

/* A length as u32 and that many bytes, as a cursor of their own. */
weft_error_t *weft_read_sized(cursor_t *cursor, cursor_t *part);

/* A count of things that take at least `least` bytes each: more than the bytes left can hold is an
 * error here, so that no count asks for memory that its file does not pay for. `what` in the plural. */
weft_error_t *weft_read_count(cursor_t *cursor, size_t least, const char *what, uint32_t *count);

/* A name: length and UTF-8, checked. It points into the bytes read. */
weft_error_t *weft_read_name(cursor_t *cursor, weft_str_t *name);

/* An error at the cursor. */
WEFT_NEVER_NULL weft_error_t *weft_cursor_error(const cursor_t *cursor, const char *format, ...)
    WEFT_PRINTF(2, 3);

#endif
