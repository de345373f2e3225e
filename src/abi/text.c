/* The steps in which a string is stored (how much is asked for first, when it is made larger or smaller) are
 * those of the specification: guests see them as calls of their realloc. */
#include "abi/text.h"

#include "support/utf8.h"

static const uint8_t *bytes_of(const text_t *text) {
    return text->side ? weft_side_at(text->side, text->at) : text->host;
}

static uint64_t utf16_tag(const abi_side_t *side) {
    return UINT64_C(1) << (side->pointer_size * 8 - 1);
}

static uint32_t unit_at(const uint8_t *bytes, uint64_t at) {
    return (uint32_t)(bytes[2 * at] | bytes[2 * at + 1] << 8);
}

/* The character at *pos, which is advanced; -1 when there is none that is valid. */
static int32_t next_utf16(const uint8_t *bytes, uint64_t units, uint64_t *pos) {
    uint32_t c = unit_at(bytes, (*pos)++);
    if (c < 0xD800 || c > 0xDFFF) return (int32_t)c;
    if (c > 0xDBFF || *pos >= units) return -1;
    uint32_t low = unit_at(bytes, (*pos)++);
    if (low < 0xDC00 || low > 0xDFFF) return -1;
    return (int32_t)(0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
}

static int32_t next_char(text_form_t form, const uint8_t *bytes, uint64_t units, uint64_t *pos) {
    if (form == TEXT_LATIN1) return bytes[(*pos)++];
    if (form == TEXT_UTF16) return next_utf16(bytes, units, pos);
    size_t at = (size_t)*pos;
    int32_t c = weft_utf8_next((weft_str_t){(const char *)bytes, (size_t)units}, &at);
    *pos = at;
    return c;
}

/* ---- loading ---------------------------------------------------------------------------------- */

/* How many bytes at least begin a character (Unicode 15, table 3-7): 0 when not even the first one does, all
 * `len` when only the end cuts it off. */
static size_t begun_utf8(const uint8_t *bytes, size_t len) {
    uint8_t lead = bytes[0], low = 0x80, high = 0xBF;
    size_t want = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    size_t count = 1;
    for (; count < len && count < want && bytes[count] >= low && bytes[count] <= high; count++) {
        low = 0x80;
        high = 0xBF;
    }
    return count;
}

static weft_error_t *bad_utf8(const uint8_t *bytes, uint64_t units) {
    size_t at = 0;
    while (weft_utf8_next((weft_str_t){(const char *)bytes, (size_t)units}, &at) >= 0) continue;
    size_t left = (size_t)units - at, begun = begun_utf8(bytes + at, left);
    if (begun == left) return weft_abi_trap("incomplete utf-8 byte sequence from index %zu", at);
    return weft_abi_trap("invalid utf-8 sequence of %zu bytes from index %zu", begun ? begun : 1,
                         at);
}

static weft_error_t *check_text(const text_t *text) {
    const uint8_t *bytes = bytes_of(text);
    if (text->form == TEXT_LATIN1) return NULL;
    if (text->form == TEXT_UTF8) {
        if (weft_utf8_valid((weft_str_t){(const char *)bytes, (size_t)text->units})) return NULL;
        return bad_utf8(bytes, text->units);
    }
    for (uint64_t pos = 0; pos < text->units;)
        if (next_utf16(bytes, text->units, &pos) < 0)
            return weft_abi_trap("unpaired surrogate found in a utf-16 string");
    return NULL;
}

weft_error_t *weft_text_load(abi_side_t *side, uint64_t ptr, uint64_t tagged, bool by_host,
                             text_t *text) {
    text_form_t form = TEXT_UTF8;
    uint64_t units = tagged;
    uint32_t align = side->encoding == ENCODING_UTF8 ? 1 : 2;
    if (side->encoding == ENCODING_UTF16) form = TEXT_UTF16;
    if (side->encoding == ENCODING_LATIN1_UTF16) {
        form = tagged & utf16_tag(side) ? TEXT_UTF16 : TEXT_LATIN1;
        units = tagged & ~utf16_tag(side);
    }
    uint64_t unit = form == TEXT_UTF16 ? 2 : 1;
    bool too_long = units > ABI_MAX_BYTES / unit;
    if (!too_long && ptr & (align - 1)) return weft_abi_trap("unaligned pointer");
    if (too_long || !weft_side_has(side, ptr, units * unit))
        return by_host ? weft_abi_trap("string pointer/length out of bounds of memory")
                       : weft_abi_trap("string content out-of-bounds");
    TRY(weft_side_pace(side, units));
    text->side = side;
    text->host = NULL;
    text->at = ptr;
    text->units = units;
    text->form = form;
    return check_text(text);
}

/* ---- storing ---------------------------------------------------------------------------------- */

/* A guest that is on both sides may change the string while its realloc runs; then it is not valid
 * any more, but every write below stays inside what was allocated for the number of units. */
static weft_error_t *changed(void) {
    return weft_abi_trap("a string changed while it was passed");
}

static weft_error_t *store_same(const transfer_t *transfer, const text_t *text, uint64_t unit,
                                uint32_t align, uint64_t *ptr) {
    uint64_t size = text->units * unit;
    TRY(weft_abi_realloc(transfer, 0, 0, align, size, ptr));
    if (size) memmove(weft_side_at(transfer->to, *ptr), bytes_of(text), size);
    return NULL;
}

static size_t put_utf8(uint8_t *out, uint32_t c) {
    return weft_utf8_put(c, (char *)out);
}

static size_t put_utf16(uint8_t *out, uint32_t c) {
    if (c < 0x10000) {
        weft_store(out, 2, c);
        return 2;
    }
    weft_store(out, 2, 0xD800 + ((c - 0x10000) >> 10));
    weft_store(out + 2, 2, 0xDC00 + ((c - 0x10000) & 0x3FF));
    return 4;
}

/* Writes the characters from `pos` on; *end is where the output, which begins at `ptr`, ends. */
static weft_error_t *put_rest(abi_side_t *to, uint64_t ptr, const text_t *text, uint64_t pos,
                              uint64_t *end, size_t (*put)(uint8_t *, uint32_t)) {
    const uint8_t *bytes = bytes_of(text);
    uint8_t *out = weft_side_at(to, ptr);
    while (pos < text->units) {
        uint64_t stop = text->units - pos > ABI_PACE ? pos + ABI_PACE : text->units;
        TRY(weft_side_pace(to, stop - pos));
        while (pos < stop) {
            int32_t c = next_char(text->form, bytes, text->units, &pos);
            if (c < 0) return changed();
            *end += put(out + *end, (uint32_t)c);
        }
    }
    return NULL;
}

/* From utf16 or latin1: one byte for each unit is enough while all is ASCII. */
static weft_error_t *store_utf8(const transfer_t *transfer, const text_t *text, uint64_t *ptr,
                                uint64_t *size) {
    uint64_t units = text->units, done = 0;
    uint64_t worst = units * (text->form == TEXT_UTF16 ? 3 : 2);
    TRY(weft_abi_realloc(transfer, 0, 0, 1, units, ptr));
    const uint8_t *bytes = bytes_of(text);
    uint8_t *out = weft_side_at(transfer->to, *ptr);
    for (; done < units; done++) {
        uint32_t unit = text->form == TEXT_UTF16 ? unit_at(bytes, done) : bytes[done];
        if (unit >= 0x80) break;
        out[done] = (uint8_t)unit;
    }
    *size = done;
    if (done == units) return NULL;
    TRY(weft_abi_realloc(transfer, *ptr, units, 1, worst, ptr));
    TRY(put_rest(transfer->to, *ptr, text, done, size, put_utf8));
    return *size < worst ? weft_abi_realloc(transfer, *ptr, worst, 1, *size, ptr) : NULL;
}

static weft_error_t *store_utf16(const transfer_t *transfer, const text_t *text, uint64_t *ptr,
                                 uint64_t *units) {
    uint64_t worst = text->units * 2, size = 0;
    TRY(weft_abi_realloc(transfer, 0, 0, 2, worst, ptr));
    TRY(put_rest(transfer->to, *ptr, text, 0, &size, put_utf16));
    *units = size / 2;
    return size < worst ? weft_abi_realloc(transfer, *ptr, worst, 2, size, ptr) : NULL;
}

/* The first `count` bytes become 16-bit units, in place. */
static void widen(uint8_t *bytes, uint64_t count) {
    for (uint64_t i = count; i-- > 0;) {
        bytes[2 * i] = bytes[i];
        bytes[2 * i + 1] = 0;
    }
}

/* From utf8 or utf16: latin1 until a character does not fit. */
static weft_error_t *store_compact(const transfer_t *transfer, const text_t *text, uint64_t *ptr,
                                   uint64_t *tagged) {
    uint64_t units = text->units, pos = 0, done = 0, worst = 2 * units;
    TRY(weft_abi_realloc(transfer, 0, 0, 2, units, ptr));
    const uint8_t *bytes = bytes_of(text);
    uint8_t *out = weft_side_at(transfer->to, *ptr);
    while (pos < units) {
        uint64_t before = pos;
        int32_t c = next_char(text->form, bytes, units, &pos);
        if (c < 0) return changed();
        if (c > 0xFF) {
            pos = before;
            break;
        }
        out[done++] = (uint8_t)c;
    }
    *tagged = done;
    if (pos == units)
        return done < units ? weft_abi_realloc(transfer, *ptr, units, 2, done, ptr) : NULL;
    TRY(weft_abi_realloc(transfer, *ptr, units, 2, worst, ptr));
    widen(weft_side_at(transfer->to, *ptr), done);
    uint64_t size = 2 * done;
    TRY(put_rest(transfer->to, *ptr, text, pos, &size, put_utf16));
    *tagged = (size / 2) | utf16_tag(transfer->to);
    return size < worst ? weft_abi_realloc(transfer, *ptr, worst, 2, size, ptr) : NULL;
}

/* From the 16-bit half of latin1+utf16: likely to need 16 bits again. */
static weft_error_t *store_probably_utf16(const transfer_t *transfer, const text_t *text,
                                          uint64_t *ptr, uint64_t *tagged) {
    uint64_t units = text->units;
    TRY(store_same(transfer, text, 2, 2, ptr));
    uint8_t *out = weft_side_at(transfer->to, *ptr);
    *tagged = units | utf16_tag(transfer->to);
    for (uint64_t i = 0; i < units; i++)
        if (out[2 * i + 1]) return NULL;
    for (uint64_t i = 0; i < units; i++) out[i] = out[2 * i];
    *tagged = units;
    return weft_abi_realloc(transfer, *ptr, 2 * units, 1, units, ptr);
}

weft_error_t *weft_text_store(const transfer_t *transfer, const text_t *text, uint64_t *ptr,
                              uint64_t *tagged) {
    abi_side_t *to = transfer->to;
    *tagged = text->units;
    switch ((encoding_t)to->encoding) {
    case ENCODING_UTF8:
        if (text->form == TEXT_UTF8) return store_same(transfer, text, 1, 1, ptr);
        return store_utf8(transfer, text, ptr, tagged);
    case ENCODING_UTF16:
        if (text->form == TEXT_UTF16) return store_same(transfer, text, 2, 2, ptr);
        return store_utf16(transfer, text, ptr, tagged);
    case ENCODING_LATIN1_UTF16: break;
    }
    if (text->form == TEXT_LATIN1) return store_same(transfer, text, 1, 2, ptr);
    if (text->side && text->side->encoding == ENCODING_LATIN1_UTF16)
        return store_probably_utf16(transfer, text, ptr, tagged);
    return store_compact(transfer, text, ptr, tagged);
}

/* ---- for the host ----------------------------------------------------------------------------- */

uint64_t weft_text_utf8_size(const text_t *text) {
    const uint8_t *bytes = bytes_of(text);
    uint64_t size = 0;
    uint8_t scratch[4];
    if (text->form == TEXT_UTF8) return text->units;
    for (uint64_t pos = 0; pos < text->units;) {
        int32_t c = next_char(text->form, bytes, text->units, &pos);
        size += put_utf8(scratch, (uint32_t)c);
    }
    return size;
}

void weft_text_utf8(const text_t *text, char *out) {
    const uint8_t *bytes = bytes_of(text);
    if (text->form == TEXT_UTF8) {
        if (text->units) memcpy(out, bytes, text->units);
        return;
    }
    for (uint64_t pos = 0; pos < text->units;) {
        int32_t c = next_char(text->form, bytes, text->units, &pos);
        out += put_utf8((uint8_t *)out, (uint32_t)c);
    }
}
