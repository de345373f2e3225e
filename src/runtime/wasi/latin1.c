/* Bytes as text and back: eight at a time where they are ASCII, else without branches, which nobody could predict in
 * what is no text. */
#include "runtime/wasi/inside.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define ONES UINT64_C(0x0101010101010101)

static uint64_t load8(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* How many bytes have their highest bit set. */
static size_t count_high(const uint8_t *bytes, size_t len) {
    size_t count = 0, at = 0;
    for (; at + 8 <= len; at += 8)
        count += (size_t)(((load8(bytes + at) & HIGH_BITS) >> 7) * ONES >> 56);
    for (; at < len; at++) count += bytes[at] >> 7;
    return count;
}

/* ---- to text ---------------------------------------------------------------------------------- */

size_t weft_latin1_utf8_size(const uint8_t *bytes, size_t len) {
    return len + count_high(bytes, len);
}

/* A byte below 0x80 is written twice to the same place. */
static uint8_t *encode(const uint8_t *bytes, size_t count, uint8_t *out) {
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = bytes[i], high = byte >> 7;
        out[0] = (uint8_t)(0xC0 | byte >> 6);
        out[high] = (uint8_t)(high ? 0x80 | (byte & 0x3F) : byte);
        out += 1 + high;
    }
    return out;
}

void weft_latin1_to_utf8(const uint8_t *bytes, size_t len, uint8_t *out) {
    size_t at = 0;
    if (!len) return; /* the pointers may be NULL */
    for (; at + 8 <= len; at += 8) {
        if (load8(bytes + at) & HIGH_BITS) {
            out = encode(bytes + at, 8, out);
        } else {
            memcpy(out, bytes + at, 8);
            out += 8;
        }
    }
    encode(bytes + at, len - at, out);
}

/* ---- from text -------------------------------------------------------------------------------- */

/* Each character above U+007F has two bytes, both with the highest bit. */
size_t weft_latin1_size(const uint8_t *utf8, size_t len) {
    return len - count_high(utf8, len) / 2;
}

/* The highest bits of those bytes that are 0xC2 or 0xC3, the first ones of two. */
static uint64_t find_first(uint64_t word) {
    uint64_t other = (word ^ 0xC2 * ONES) & ~ONES; /* zero for those two */
    return ~(((other & ~HIGH_BITS) + ~HIGH_BITS) | other) & HIGH_BITS;
}

/* Of eight bytes and the eight that begin one before: what is wrong. */
static uint64_t find_bad(uint64_t before, uint64_t word) {
    uint64_t second = word & ~(word << 1) & HIGH_BITS, high = word & word << 1 & HIGH_BITS;
    return (second ^ find_first(before)) | (high & ~find_first(word));
}

/* Whether each first byte of two is 0xC2 or 0xC3 and stands before a second one, and no second one stands alone.
 * Then there are as many characters as weft_latin1_size says. */
static bool is_sound(const uint8_t *utf8, size_t len) {
    uint64_t bad = 0;
    size_t at = 0;
    uint8_t end[17] = {0}; /* the byte before, the rest, and an ASCII character behind it */
    for (; at + 8 <= len; at += 8) {
        if (!at) memcpy(end + 1, utf8, 8);
        bad |= find_bad(load8(at ? utf8 + at - 1 : end), load8(utf8 + at));
    }
    memset(end, 0, sizeof end);
    if (at) end[0] = utf8[at - 1];
    if (len > at) memcpy(end + 1, utf8 + at, len - at);
    bad |= find_bad(load8(end), load8(end + 1));
    return !bad;
}

/* A first byte is written where its second one then is; `before` is the byte before. */
static uint8_t *decode(uint8_t before, const uint8_t *utf8, size_t count, uint8_t *out) {
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = utf8[i];
        uint8_t both = (uint8_t)(before << 6 | (byte & 0x3F)), high = (uint8_t)-(byte >> 7);
        *out = (uint8_t)((both & high) | (byte & ~high));
        out += byte < 0xC0;
        before = byte;
    }
    return out;
}

bool weft_latin1_of_utf8(const uint8_t *utf8, size_t len, uint8_t *out) {
    size_t at = 0;
    if (!len) return true;
    if (!is_sound(utf8, len)) return false;
    for (; at + 8 <= len; at += 8) {
        if (load8(utf8 + at) & HIGH_BITS) {
            out = decode(at ? utf8[at - 1] : 0, utf8 + at, 8, out);
        } else {
            memcpy(out, utf8 + at, 8);
            out += 8;
        }
    }
    decode(at ? utf8[at - 1] : 0, utf8 + at, len - at, out);
    return true;
}
