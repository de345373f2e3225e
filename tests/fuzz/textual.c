/* Values on their way through a proxy that has text for bytes: each byte is the character with its number. */
#include "fuzz/cases.h"
#include "value/value.h"

static void put_character(buf_t *text, uint8_t byte) {
    if (byte >= 0x80) weft_buf_byte(text, (uint8_t)(0xC0 | byte >> 6));
    weft_buf_byte(text, byte >= 0x80 ? (uint8_t)(0x80 | (byte & 0x3F)) : byte);
}

/* In place of the value, which is cleared. */
static void replace(weft_value_t *value, weft_value_t by) {
    weft_value_t copy;
    must(weft_value_copy(&by, &copy));
    weft_value_clear(value);
    *value = copy;
}

static void bytes_to_text(weft_value_t *value) {
    buf_t text = {0};
    size_t count = value->kind == WEFT_BYTES ? value->of.bytes.len : value->of.list.count;
    for (size_t i = 0; i < count; i++) put_character(&text, weft_value_byte(value, i));
    replace(value, weft_string_of(weft_buf_as_str(&text)));
    weft_buf_free(&text);
}

static void text_to_bytes(weft_value_t *value) {
    buf_t bytes = {0};
    weft_str_t text = value->of.string;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t first = (uint8_t)text.ptr[i];
        if (first >= 0x80) first = (uint8_t)(first << 6 | ((uint8_t)text.ptr[++i] & 0x3F));
        weft_buf_byte(&bytes, first);
    }
    replace(value, weft_byte_list(bytes.data, bytes.len));
    weft_buf_free(&bytes);
}

void convert(const type_t *from, const type_t *to, weft_value_t *value) {
    if (from->kind == TYPE_LIST && to->kind == TYPE_STRING) bytes_to_text(value);
    else if (from->kind == TYPE_STRING && to->kind == TYPE_LIST) text_to_bytes(value);
    else if (has_payload(value))
        convert(payload_of(from, value->index), payload_of(to, value->index), value->of.payload);
    else if (has_items(value))
        for (size_t i = 0; i < value->of.list.count; i++)
            convert(part_of(from, i), part_of(to, i), &value->of.list.items[i]);
}
