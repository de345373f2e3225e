#include "support/bytes.h"

#include "support/utf8.h"

weft_error_t *weft_cursor_error(const cursor_t *cursor, const char *format, ...) {
    va_list args;
    va_start(args, format);
    weft_error_t *error = weft_error_newv(WEFT_MALFORMED, weft_cursor_offset(cursor), format, args);
    va_end(args);
    return error;
}

static weft_error_t *ended(const cursor_t *cursor) {
    return weft_cursor_error(cursor, "unexpected end of the section or file");
}

weft_error_t *weft_read_byte(cursor_t *cursor, uint8_t *byte) {
    if (cursor->at == cursor->end) return ended(cursor);
    *byte = *cursor->at++;
    return NULL;
}

weft_error_t *weft_read_unsigned(cursor_t *cursor, unsigned bits, uint64_t *value) {
    uint64_t result = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (cursor->at == cursor->end) return ended(cursor);
        uint8_t byte = *cursor->at;
        if (shift + 7 > bits && (byte & 0x7F) >> (bits - shift))
            return weft_cursor_error(cursor, "integer too large for %u bits", bits);
        if (shift + 7 >= bits && byte & 0x80)
            return weft_cursor_error(cursor, "integer representation too long");
        cursor->at++;
        result |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) break;
    }
    *value = result;
    return NULL;
}

weft_error_t *weft_read_signed(cursor_t *cursor, unsigned bits, int64_t *value) {
    uint64_t result = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        if (cursor->at == cursor->end) return ended(cursor);
        byte = *cursor->at;
        if (shift + 7 >= bits) {
            /* the last byte: its unused bits repeat the sign */
            unsigned used = bits - shift;
            uint8_t top = (uint8_t)((byte & 0x7F) >> (used - 1));
            if (byte & 0x80) return weft_cursor_error(cursor, "integer representation too long");
            if (top != 0 && top != 0x7F >> (used - 1))
                return weft_cursor_error(cursor, "integer too large for %u bits", bits);
        }
        cursor->at++;
        result |= (uint64_t)(byte & 0x7F) << shift;
        shift += 7;
    } while (byte & 0x80);
    if (byte & 0x40 && shift < 64) result |= ~UINT64_C(0) << shift;
    *value = (int64_t)result;
    return NULL;
}

weft_error_t *weft_read_u32(cursor_t *cursor, uint32_t *value) {
    if (cursor->at != cursor->end && *cursor->at < 0x80) {
        *value = *cursor->at++;
        return NULL;
    }
    uint64_t wide;
    TRY(weft_read_unsigned(cursor, 32, &wide));
    *value = (uint32_t)wide;
    return NULL;
}

weft_error_t *weft_read_u64(cursor_t *cursor, uint64_t *value) {
    return weft_read_unsigned(cursor, 64, value);
}

weft_error_t *weft_read_s33(cursor_t *cursor, int64_t *value) {
    return weft_read_signed(cursor, 33, value);
}

weft_error_t *weft_read_s64(cursor_t *cursor, int64_t *value) {
    return weft_read_signed(cursor, 64, value);
}

weft_error_t *weft_read_bytes(cursor_t *cursor, size_t len, weft_bytes_t *bytes) {
    if (len > weft_cursor_left(cursor)) return ended(cursor);
    *bytes = (weft_bytes_t){cursor->at, len};
    cursor->at += len;
    return NULL;
}

weft_error_t *weft_read_sized(cursor_t *cursor, cursor_t *part) {
    uint32_t length;
    cursor_t start = *cursor;
    TRY(weft_read_u32(cursor, &length));
    if (length > weft_cursor_left(cursor))
        return weft_cursor_error(&start, "a length of %u bytes where %zu are left", length,
                                 weft_cursor_left(cursor));
    *part = (cursor_t){cursor->at, cursor->at + length, cursor->file};
    cursor->at += length;
    return NULL;
}

weft_error_t *weft_read_count(cursor_t *cursor, size_t least, const char *what, uint32_t *count) {
    cursor_t start = *cursor;
    uint32_t n;
    TRY(weft_read_u32(cursor, &n));
    if (least && n > weft_cursor_left(cursor) / least)
        return weft_cursor_error(&start, "%u %s where %zu bytes are left", n, what,
                                 weft_cursor_left(cursor));
    *count = n;
    return NULL;
}

weft_error_t *weft_read_name(cursor_t *cursor, weft_str_t *name) {
    cursor_t start = *cursor, part;
    TRY(weft_read_sized(cursor, &part));
    weft_str_t str = {(const char *)part.at, weft_cursor_left(&part)};
    if (!weft_utf8_valid(str)) return weft_cursor_error(&start, "a name that is not valid UTF-8");
    *name = str;
    return NULL;
}
