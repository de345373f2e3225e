#include "support/utf8.h"

#include <string.h>

int32_t weft_utf8_next(weft_str_t str, size_t *pos) {
    if (*pos >= str.len) return -1;
    const uint8_t *p = (const uint8_t *)str.ptr + *pos;
    size_t left = str.len - *pos;
    size_t length = p[0] < 0x80   ? 1
                    : p[0] < 0xC2 ? 0
                    : p[0] < 0xE0 ? 2
                    : p[0] < 0xF0 ? 3
                    : p[0] < 0xF5 ? 4
                                  : 0;
    if (length == 0 || length > left) return -1;
    uint32_t c = length == 1 ? p[0] : p[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80) return -1;
        c = c << 6 | (p[i] & 0x3F);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return -1;
    *pos += length;
    return (int32_t)c;
}

/* Whether the bytes are ASCII; `count` is a multiple of eight. Compilers make vectors of it where the count is a
 * constant. */
static inline bool all_ascii(const char *bytes, size_t count) {
    uint64_t any = 0, word;
    for (size_t i = 0; i < count; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        any |= word;
    }
    return !(any & UINT64_C(0x8080808080808080));
}

size_t weft_ascii_prefix(weft_str_t str) {
    enum { BLOCK = 256, WORD = 8 };
    size_t pos = 0;
    while (str.len - pos >= BLOCK && all_ascii(str.ptr + pos, BLOCK)) pos += BLOCK;
    while (str.len - pos >= WORD && all_ascii(str.ptr + pos, WORD)) pos += WORD;
    while (pos < str.len && (unsigned char)str.ptr[pos] < 0x80) pos++;
    return pos;
}

bool weft_utf8_valid(weft_str_t str) {
    size_t pos = weft_ascii_prefix(str);
    while (pos < str.len) {
        if (weft_utf8_next(str, &pos) < 0) return false;
        if (pos == str.len || (unsigned char)str.ptr[pos] >= 0x80) continue;
        pos += weft_ascii_prefix((weft_str_t){str.ptr + pos, str.len - pos});
    }
    return true;
}

size_t weft_utf8_put(uint32_t c, char out[4]) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return 0;
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
    static const unsigned lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[length] | c);
    return length;
}

bool weft_utf8_is_hidden(uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x200B ||
           c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}
