/* Strings on their way (CanonicalABI.md, load_string, store_string): checked where they are, and written in
 * the encoding of the other side. */
#ifndef WEFT_ABI_TEXT_H
#define WEFT_ABI_TEXT_H

#include "abi/side.h"

typedef enum text_form { TEXT_UTF8, TEXT_UTF16, TEXT_LATIN1 } text_form_t;

/* A string that was checked: valid in its form, inside its memory. */
typedef struct text {
    abi_side_t *side; /* NULL: at `host` */
    const uint8_t *host;
    uint64_t at;
    uint64_t units; /* bytes, or 16-bit units */
    text_form_t form;
} text_t;

/* The string that a guest says is at `ptr`; `tagged` is its length as the ABI has it. `by_host` as in
 * weft_abi_check_list. */
weft_error_t *weft_text_load(abi_side_t *side, uint64_t ptr, uint64_t tagged, bool by_host,
                             text_t *text);

/* Writes the string into the memory of `transfer->to`. */
weft_error_t *weft_text_store(const transfer_t *transfer, const text_t *text, uint64_t *ptr,
                              uint64_t *tagged);

/* The string as UTF-8: how many bytes, and those bytes. */
uint64_t weft_text_utf8_size(const text_t *text);
void weft_text_utf8(const text_t *text, char *out);

#endif
