/* Text that grows: how the examples build lines and receipts. */
#ifndef GUEST_TEXT_H
#define GUEST_TEXT_H

#include <stddef.h>
#include <stdint.h>

typedef struct text {
    char *ptr;
    size_t len;
    size_t cap;
} text_t;

void text_add(text_t *text, const char *literal);
void text_add_bytes(text_t *text, const void *ptr, size_t len);
void text_add_number(text_t *text, uint64_t number);
/* 1250 as 12.50 */
void text_add_cents(text_t *text, uint32_t cents);
/* Spaces up to `column`, counted from the last line break; at least one. */
void text_pad_to(text_t *text, size_t column);

#endif
