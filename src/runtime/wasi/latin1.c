/* Bytes as text and back, eight at a time where they are ASCII. */
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

size_t weft_latin1_utf8_size(const uint8_t *bytes, size_t len) {
    return len + count_high(bytes, len);
}

void weft_latin1_to_utf8(const uint8_t *bytes, size_t len, uint8_t *out) {
    size_t at = 0;
    while (at < len) {
        if (at + 8 <= len && !(load8(bytes + at) & HIGH_BITS)) {
            memcpy(out, bytes + at, 8);
            out += 8;
            at += 8;
            continue;
        }
        uint8_t byte = bytes[at++];
        if (byte & 0x80) *out++ = (uint8_t)(0xC0 | byte >> 6);
        *out++ = byte & 0x80 ? (uint8_t)(0x80 | (byte & 0x3F)) : byte;
    }
}

/* Each character above U+007F has two bytes, both with the highest bit. */
size_t weft_latin1_size(const uint8_t *utf8, size_t len) {
    return len - count_high(utf8, len) / 2;
}

bool weft_latin1_of_utf8(const uint8_t *utf8, size_t len, uint8_t *out) {
    size_t at = 0;
    while (at < len) {
        if (at + 8 <= len && !(load8(utf8 + at) & HIGH_BITS)) {
            memcpy(out, utf8 + at, 8);
            out += 8;
            at += 8;
            continue;
        }
        uint8_t byte = utf8[at++];
        if (byte & 0x80) {
            if ((byte & 0xFE) != 0xC2 || at == len || (utf8[at] & 0xC0) != 0x80) return false;
            byte = (uint8_t)(byte << 6 | (utf8[at++] & 0x3F));
        }
        *out++ = byte;
    }
    return true;
}
