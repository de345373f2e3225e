#include "component/binary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component/wat.h"

void binary_ok(weft_error_t *error) {
    if (error) fail_msg("%s", wat_error(error));
}

static weft_error_t *read_bodies(scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(read_bodies(body));
    }
    return NULL;
}

weft_error_t *binary_read(weft_bytes_t bytes, document_t **document) {
    TRY(weft_document_read(bytes, document));
    weft_error_t *error = read_bodies((*document)->root);
    if (error) weft_document_delete(*document);
    return error;
}

void binary_assert_refused(weft_bytes_t bytes, const char *expected) {
    document_t *document;
    char *text = wat_error(binary_read(bytes, &document));
    assert_string_equal(text, expected);
    weft_free(text);
}

static void print_bytes(const char *what, const uint8_t *bytes, size_t len) {
    print_error("%s", what);
    for (size_t i = 0; i < len; i++) print_error(" %02x", bytes[i]);
    print_error("\n");
}

void binary_assert_writes(document_t *document, weft_bytes_t expected) {
    pieces_t pieces;
    buf_t out = {0};
    binary_ok(weft_document_write(document, &pieces));
    binary_ok(weft_pieces_join(&pieces, &out));
    assert_int_equal(pieces.length, out.len);
    weft_pieces_free(&pieces);
    bool same = out.len == expected.len && memcmp(out.data, expected.ptr, out.len) == 0;
    if (!same) {
        print_bytes("written ", out.data, out.len);
        print_bytes("expected", expected.ptr, expected.len);
    }
    weft_buf_free(&out);
    assert_true(same);
}

/* ---- nesting ---- */

static void put_backwards(buf_t *buf, const uint8_t *bytes, size_t len) {
    while (len) weft_buf_byte(buf, bytes[--len]);
}

/* A length as LEB128, also backwards: such files are made from the inside out, from their end. */
static void put_length_backwards(buf_t *buf, size_t length) {
    buf_t forwards = {0};
    weft_buf_u32(&forwards, (uint32_t)length);
    put_backwards(buf, forwards.data, forwards.len);
    weft_buf_free(&forwards);
}

static void turn_round(buf_t *buf) {
    assert_false(buf->failed);
    for (size_t i = 0; i < buf->len / 2; i++) {
        uint8_t byte = buf->data[i];
        buf->data[i] = buf->data[buf->len - 1 - i];
        buf->data[buf->len - 1 - i] = byte;
    }
}

buf_t binary_nested_components(size_t depth) {
    static const uint8_t preamble[] = {PREAMBLE};
    buf_t buf = {0};
    put_backwards(&buf, preamble, sizeof preamble);
    while (depth--) {
        put_length_backwards(&buf, buf.len);
        weft_buf_byte(&buf, SECTION_COMPONENT);
        put_backwards(&buf, preamble, sizeof preamble);
    }
    turn_round(&buf);
    return buf;
}

buf_t binary_nested_types(size_t depth) {
    static const uint8_t preamble[] = {PREAMBLE}, innermost[] = {0x42, 0x00};
    static const uint8_t level[] = {0x42, 0x01, 0x01}; /* an instance type of one type */
    buf_t buf = {0};
    put_backwards(&buf, innermost, sizeof innermost);
    while (depth--) put_backwards(&buf, level, sizeof level);
    weft_buf_byte(&buf, 1); /* one definition */
    put_length_backwards(&buf, buf.len);
    weft_buf_byte(&buf, SECTION_TYPE);
    put_backwards(&buf, preamble, sizeof preamble);
    turn_round(&buf);
    return buf;
}
