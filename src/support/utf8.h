/* UTF-8 (Unicode 15, table 3-7): no over-long forms, no surrogates, nothing past U+10FFFF. */
#ifndef WEFT_SUPPORT_UTF8_H
#define WEFT_SUPPORT_UTF8_H

#include <weft/base.h>

bool weft_utf8_valid(weft_str_t str);

/* How many bytes at the beginning are ASCII. */
size_t weft_ascii_prefix(weft_str_t str);

/* The character at *pos, which is advanced; -1 (and *pos unmoved) when it is not valid UTF-8 or at the
 * end. */
int32_t weft_utf8_next(weft_str_t str, size_t *pos);

/* Writes 1 to 4 bytes and returns how many; 0 when `c` is not a Unicode scalar value. */
size_t weft_utf8_put(uint32_t c, char out[4]);

/* What would move a cursor, end a line, turn the direction of what follows, or not be seen at all: controls,
 * line and paragraph separators, marks of direction, spaces without width. */
bool weft_utf8_is_hidden(uint32_t c);

#endif
