#include "text.h"

#include <stdlib.h>
#include <string.h>

void text_add_bytes(text_t *text, const void *ptr, size_t len) {
    if (len == 0) return;
    if (text->len + len > text->cap) {
        text->cap = (text->len + len) * 2;
        text->ptr = realloc(text->ptr, text->cap);
        if (!text->ptr) abort();
    }
    memcpy(text->ptr + text->len, ptr, len);
    text->len += len;
}

void text_add(text_t *text, const char *literal) {
    text_add_bytes(text, literal, strlen(literal));
}

void text_add_number(text_t *text, uint64_t number) {
    char digits[20];
    size_t at = sizeof digits;

    do digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    text_add_bytes(text, digits + at, sizeof digits - at);
}

void text_add_cents(text_t *text, uint32_t cents) {
    text_add_number(text, cents / 100);
    text_add(text, cents % 100 < 10 ? ".0" : ".");
    text_add_number(text, cents % 100);
}

void text_pad_to(text_t *text, size_t column) {
    size_t used = 0;

    while (used < text->len && text->ptr[text->len - 1 - used] != '\n') used++;
    do text_add(text, " ");
    while (++used < column);
}
