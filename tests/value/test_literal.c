/* Values as a component's file holds them: what is taken, and what is wrong with other bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/alloc.h"
#include "value/literal.h"
#include "value/type_text.h"
#include "value/wave.h"

static type_pool_t *pool;

static int make_pool(void **state) {
    (void)state;
    return weft_type_pool_new(&pool) ? 1 : 0;
}

static int delete_pool(void **state) {
    (void)state;
    weft_type_pool_delete(pool);
    return 0;
}

/* Of the heap and of exactly that size, so that a byte too many is seen. */
static uint8_t *bytes_of(const char *hex, size_t *len) {
    uint8_t *bytes = weft_alloc_zero(strlen(hex) / 2, 1);
    unsigned byte;
    assert_non_null(bytes);
    for (*len = 0; sscanf(hex, "%2x", &byte) == 1; hex += 2) bytes[(*len)++] = (uint8_t)byte;
    return bytes;
}

static weft_error_t *literal(const type_t *type, const uint8_t *bytes, size_t len,
                             weft_value_t *value) {
    uint64_t room = LITERAL_ROOM;
    cursor_t in = weft_cursor(bytes, (weft_bytes_t){bytes, len});
    return weft_literal_read(&in, type, &room, value);
}

typedef struct vector {
    const char *type, *hex;
    const char *out; /* as WAVE, or the error */
} vector_t;

static void assert_reads(const vector_t *vector) {
    const type_t *type = type_of(pool, vector->type);
    size_t len;
    uint8_t *bytes = bytes_of(vector->hex, &len);
    weft_value_t value;
    weft_error_t *error = literal(type, bytes, len, &value);
    if (error) fail_msg("%s %s: %s", vector->type, vector->hex, rendered(error));
    assert_null(weft_value_check(&value, type));
    buf_t out = {0};
    weft_wave_write(&out, type, &value);
    weft_buf_byte(&out, 0);
    assert_false(out.failed);
    assert_string_equal((const char *)out.data, vector->out);
    weft_buf_free(&out);
    weft_value_clear(&value);

    /* No shorter one is a value. */
    for (size_t shorter = 0; shorter < len; shorter++) {
        uint8_t *part = weft_alloc_zero(shorter, 1);
        memcpy(part, bytes, shorter);
        error = literal(type, part, shorter, &value);
        if (!error) fail_msg("%s %s: the first %zu bytes", vector->type, vector->hex, shorter);
        weft_error_delete(error);
        weft_free(part);
    }
    weft_free(bytes);
}

static void assert_refused(const vector_t *vector) {
    size_t len;
    uint8_t *bytes = bytes_of(vector->hex, &len);
    weft_value_t value;
    weft_error_t *error = literal(type_of(pool, vector->type), bytes, len, &value);
    if (!error) fail_msg("accepted: %s %s", vector->type, vector->hex);
    char *text = rendered(error);
    assert_string_equal(text, vector->out);
    weft_free(text);
    weft_free(bytes);
}

static void literal_reads_every_type(void **state) {
    (void)state;
    static const vector_t vectors[] = {
        {"bool", "00", "false"},
        {"bool", "01", "true"},
        {"u8", "ff", "255"},
        {"s8", "80", "-128"},
        {"u16", "ffff03", "65535"},
        {"s16", "80807e", "-32768"},
        {"s16", "ffff01", "32767"},
        {"u32", "ffffffff0f", "4294967295"},
        {"s32", "8080808078", "-2147483648"},
        {"u64", "ffffffffffffffffff01", "18446744073709551615"},
        {"s64", "8080808080808080807f", "-9223372036854775808"},
        {"f32", "0000c03f", "1.5"},
        {"f32", "0000c07f", "nan"},
        {"f64", "000000000000f0ff", "-inf"},
        {"f64", "000000000000f87f", "nan"},
        {"char", "61", "'a'"},
        {"char", "f09f9982", "'\xf0\x9f\x99\x82'"},
        {"string", "00", "\"\""},
        {"string", "0368c3a9", "\"h\xc3\xa9\""},
        {"record{a: u8, b: string}", "07027879", "{a: 7, b: \"xy\"}"},
        {"variant{no, yes(u16)}", "00", "no"},
        {"variant{no, yes(u16)}", "01ac02", "yes(300)"},
        {"list<u8>", "03010203", "[1, 2, 3]"},
        {"list<u32>", "02ac0201", "[300, 1]"},
        {"list<string>", "0201610162", "[\"a\", \"b\"]"},
        {"list<list<u8>>", "02010500", "[[5], []]"},
        {"tuple<u8, bool>", "0901", "(9, true)"},
        {"flags{a, b, c}", "05", "{a, c}"},
        {"flags{a, b, c}", "fd", "{a, c}"}, /* the bits beyond the labels mean nothing */
        {"flags{a, b, c, d, e, f, g, h, i}", "0101", "{a, i}"},
        {"enum{a, b}", "01", "b"},
        {"option<u8>", "00", "none"},
        {"option<option<u8>>", "010105", "some(some(5))"},
        {"result", "00", "ok"},
        {"result", "01", "err"},
        {"result<u8>", "0005", "ok(5)"},
        {"result<u8>", "01", "err"},
        {"result<_, string>", "00", "ok"},
        {"result<_, string>", "01026e6f", "err(\"no\")"},
        {"result<u8, string>", "01026e6f", "err(\"no\")"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) assert_reads(&vectors[i]);
}

#define AT(offset) " (at offset " offset ")\n"

static void literal_refuses_other_bytes(void **state) {
    (void)state;
    static const vector_t vectors[] = {
        {"bool", "02", "weft: a bool is 0 or 1, not 2" AT("0x0")},
        {"bool", "0100", "weft: the value ends 1 bytes early" AT("0x1")},
        {"u16", "808004", "weft: integer too large for 16 bits" AT("0x2")},
        {"u16", "80808000", "weft: integer representation too long" AT("0x2")},
        {"s16", "ffff02", "weft: integer too large for 16 bits" AT("0x2")},
        {"u32", "ffffffff1f", "weft: integer too large for 32 bits" AT("0x4")},
        {"s32", "ffffffff0f", "weft: integer too large for 32 bits" AT("0x4")},
        {"u64", "ffffffffffffffffff02", "weft: integer too large for 64 bits" AT("0x9")},
        {"f32", "0100c07f", "weft: a NaN that is not the canonical one" AT("0x0")},
        {"f64", "000000000000f8ff", "weft: a NaN that is not the canonical one" AT("0x0")},
        {"char", "eda080", "weft: a char that is not UTF-8" AT("0x0")},
        {"char", "c080", "weft: a char that is not UTF-8" AT("0x0")},
        {"char", "6162", "weft: the value ends 1 bytes early" AT("0x1")},
        {"string", "02c328", "weft: a name that is not valid UTF-8" AT("0x0")},
        {"string", "ffffffff0f61", "weft: a length of 4294967295 bytes where 1 are left" AT("0x0")},
        {"list<u8>", "ffffffff0f61", "weft: 4294967295 elements where 1 bytes are left" AT("0x0")},
        {"list<string>", "ffffffff0f00",
         "weft: 4294967295 elements where 1 bytes are left" AT("0x0")},
        {"variant{no, yes(u16)}", "02", "weft: there is no case 2, the type has 2" AT("0x0")},
        {"enum{a, b}", "ffffffff0f", "weft: there is no case 4294967295, the type has 2" AT("0x0")},
        {"option<u8>", "0205", "weft: the case of an option is 0 or 1, not 2" AT("0x0")},
        {"result", "ff", "weft: the case of a result is 0 or 1, not 255" AT("0x0")},
        {"record{a: list<string>, b: bool}", "01016102", "weft: a bool is 0 or 1, not 2" AT("0x3")},
        {"list<tuple<string, bool>>", "0201610101ff",
         "weft: a name that is not valid UTF-8" AT("0x4")},
        {"own<r>", "00", "weft: a value of type r cannot be written down" AT("0x0")},
        {"map<string, u8>", "00",
         "weft: a value of type map<string, u8> cannot be written down" AT("0x0")},
        {"list<u8, 4>", "01020304",
         "weft: a value of type list<u8, 4> cannot be written down" AT("0x0")},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) assert_refused(&vectors[i]);
}

/* Each byte stands for a tree as deep as types may be. */
static void literal_bounds_its_memory(void **state) {
    (void)state;
    char text[1024] = "list<";
    size_t count = 16384, len = count + 3;
    for (size_t i = 0; i < 98; i++) strcat(text, "tuple<");
    strcat(text, "bool");
    for (size_t i = 0; i < 99; i++) strcat(text, ">");
    uint8_t *bytes = weft_alloc_zero(len, 1);
    assert_non_null(bytes);
    bytes[0] = 0x80, bytes[1] = 0x80, bytes[2] = 0x01;
    const type_t *type = type_of(pool, text);
    cursor_t in = weft_cursor(bytes, (weft_bytes_t){bytes, len});
    uint64_t room = 1 << 20;
    weft_value_t value;
    weft_error_t *error = weft_literal_read(&in, type, &room, &value);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    assert_true(room < 128);
    weft_error_delete(error);
    weft_free(bytes);
}

static void literal_refuses_types_that_are_too_deep(void **state) {
    (void)state;
    char text[1024] = "";
    for (size_t i = 0; i < 100; i++) strcat(text, "option<");
    strcat(text, "bool");
    for (size_t i = 0; i < 100; i++) strcat(text, ">");
    static const uint8_t none[1] = {0};
    weft_value_t value;
    char *said = rendered(literal(type_of(pool, text), none, 1, &value));
    assert_string_equal(said, "weft: the type nests more than 100 deep (at offset 0x0)\n");
    weft_free(said);
}

static void literal_survives_lack_of_memory(void **state) {
    (void)state;
    size_t len;
    uint8_t *bytes = bytes_of("02010101610701020162016308", &len);
    const type_t *type = type_of(pool, "list<record{a: option<list<string>>, b: u8}>");
    for (size_t n = 1;; n++) {
        weft_value_t value;
        weft_alloc_fail_after(n);
        weft_error_t *error = literal(type, bytes, len, &value);
        weft_alloc_fail_after(0);
        if (!error) weft_value_clear(&value);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
        assert_true(n < 100);
    }
    weft_free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literal_reads_every_type),
        cmocka_unit_test(literal_refuses_other_bytes),
        cmocka_unit_test(literal_bounds_its_memory),
        cmocka_unit_test(literal_refuses_types_that_are_too_deep),
        cmocka_unit_test(literal_survives_lack_of_memory),
    };
    return cmocka_run_group_tests_name("literal", tests, make_pool, delete_pool);
}
