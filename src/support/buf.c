#include "support/buf.h"

#include <stdio.h>

#include "support/alloc.h"
#include "support/utf8.h"

void weft_buf_free(buf_t *buf) {
    weft_free(buf->data);
    *buf = (buf_t){0};
}

bool weft_buf_reserve(buf_t *buf, size_t more) {
    if (buf->failed) return false;
    if (more <= buf->capacity - buf->len) return true;
    size_t capacity = buf->capacity ? buf->capacity : 64;
    while (capacity - buf->len < more) {
        if (capacity > SIZE_MAX / 2) {
            buf->failed = true;
            return false;
        }
        capacity *= 2;
    }
    uint8_t *data = weft_realloc_array(buf->data, capacity, 1);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void weft_buf_byte(buf_t *buf, uint8_t byte) {
    if (weft_buf_reserve(buf, 1)) buf->data[buf->len++] = byte;
}

void weft_buf_bytes(buf_t *buf, const void *bytes, size_t len) {
    if (!len || !weft_buf_reserve(buf, len)) return;
    memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
}

void weft_buf_str(buf_t *buf, weft_str_t str) {
    weft_buf_bytes(buf, str.ptr, str.len);
}

void weft_buf_printf(buf_t *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) buf->failed = true;
    else if (weft_buf_reserve(buf, (size_t)length + 1)) {
        vsnprintf((char *)buf->data + buf->len, (size_t)length + 1, format, args);
        buf->len += (size_t)length;
    }
    va_end(args);
}

void weft_buf_u64(buf_t *buf, uint64_t value) {
    do {
        uint8_t byte = value & 0x7F;
        value >>= 7;
        weft_buf_byte(buf, value ? byte | 0x80 : byte);
    } while (value);
}

void weft_buf_u32(buf_t *buf, uint32_t value) {
    weft_buf_u64(buf, value);
}

void weft_buf_s64(buf_t *buf, int64_t value) {
    for (;;) {
        uint8_t byte = (uint8_t)(value & 0x7F);
        value = value < 0 ? ~(~value >> 7) : value >> 7;
        bool sign = byte & 0x40;
        if ((value == 0 && !sign) || (value == -1 && sign)) {
            weft_buf_byte(buf, byte);
            return;
        }
        weft_buf_byte(buf, byte | 0x80);
    }
}

void weft_buf_s33(buf_t *buf, int64_t value) {
    weft_buf_s64(buf, value);
}

size_t weft_u32_size(uint32_t value) {
    size_t size = 1;
    while (value >>= 7) size++;
    return size;
}

void weft_buf_name(buf_t *buf, weft_str_t name) {
    if (name.len > UINT32_MAX) buf->failed = true;
    weft_buf_u32(buf, (uint32_t)name.len);
    weft_buf_str(buf, name);
}

void weft_buf_close_sized(buf_t *buf, size_t start) {
    if (buf->failed) return;
    size_t length = buf->len - start;
    if (length > UINT32_MAX) {
        buf->failed = true;
        return;
    }
    size_t width = weft_u32_size((uint32_t)length);
    if (!weft_buf_reserve(buf, width)) return;
    memmove(buf->data + start + width, buf->data + start, length);
    buf->len = start;
    weft_buf_u32(buf, (uint32_t)length);
    buf->len = start + width + length;
}

void weft_buf_plain(buf_t *buf, weft_str_t text) {
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        int32_t c = weft_utf8_next(text, &at);
        if (c < 0) weft_buf_printf(buf, "\\x%02x", (unsigned char)text.ptr[at++]);
        else if (weft_utf8_is_hidden((uint32_t)c)) weft_buf_printf(buf, "\\u{%x}", (unsigned)c);
        else weft_buf_bytes(buf, text.ptr + begin, at - begin);
    }
}
