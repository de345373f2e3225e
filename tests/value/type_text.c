#include "value/type_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/alloc.h"

#define MAX_FIELDS 64

typedef struct reader {
    type_pool_t *pool;
    const char *at;
} reader_t;

static const type_t *read_type(reader_t *reader);

static void skip_space(reader_t *reader) {
    while (*reader->at == ' ') reader->at++;
}

static bool eat(reader_t *reader, char c) {
    skip_space(reader);
    if (*reader->at != c) return false;
    reader->at++;
    return true;
}

static weft_str_t read_word(reader_t *reader) {
    skip_space(reader);
    const char *start = reader->at;
    while (*reader->at && !strchr(" <>{}(),:", *reader->at)) reader->at++;
    return (weft_str_t){start, (size_t)(reader->at - start)};
}

static const type_t *intern(reader_t *reader, const type_t *shape) {
    const type_t *type;
    assert_null(weft_type_intern(reader->pool, shape, &type));
    return type;
}

/* `name`, `name: type` or `name(type)`, separated by commas, up to `}`. */
static const type_t *read_fields(reader_t *reader, type_kind_t kind) {
    type_field_t fields[MAX_FIELDS] = {0};
    type_t shape = {.kind = kind, .fields = fields};
    assert_true(eat(reader, '{'));
    while (!eat(reader, '}')) {
        assert_true(shape.field_count < MAX_FIELDS);
        type_field_t *field = &fields[shape.field_count++];
        field->name = read_word(reader);
        if (eat(reader, ':')) field->type = read_type(reader);
        if (eat(reader, '(')) {
            field->type = read_type(reader);
            assert_true(eat(reader, ')'));
        }
        eat(reader, ',');
    }
    return intern(reader, &shape);
}

static const type_t *read_tuple(reader_t *reader) {
    type_field_t fields[MAX_FIELDS] = {0};
    type_t shape = {.kind = TYPE_TUPLE, .fields = fields};
    assert_true(eat(reader, '<'));
    while (!eat(reader, '>')) {
        assert_true(shape.field_count < MAX_FIELDS);
        fields[shape.field_count++].type = read_type(reader);
        eat(reader, ',');
    }
    return intern(reader, &shape);
}

static const type_t *read_list(reader_t *reader) {
    type_t shape = {.kind = TYPE_LIST};
    assert_true(eat(reader, '<'));
    shape.element = read_type(reader);
    if (eat(reader, ',')) {
        shape.kind = TYPE_FIXED_LIST;
        skip_space(reader);
        while (*reader->at >= '0' && *reader->at <= '9')
            shape.length = shape.length * 10 + (uint32_t)(*reader->at++ - '0');
    }
    assert_true(eat(reader, '>'));
    return intern(reader, &shape);
}

static const type_t *read_result(reader_t *reader) {
    type_t shape = {.kind = TYPE_RESULT};
    if (eat(reader, '<')) {
        if (!eat(reader, '_')) shape.element = read_type(reader);
        if (eat(reader, ',')) shape.error = read_type(reader);
        assert_true(eat(reader, '>'));
    }
    return intern(reader, &shape);
}

static const type_t *read_wrapped(reader_t *reader, type_kind_t kind) {
    type_t shape = {.kind = kind};
    assert_true(eat(reader, '<'));
    if (kind == TYPE_MAP) {
        shape.key = read_type(reader);
        assert_true(eat(reader, ','));
    }
    if (kind == TYPE_OWN || kind == TYPE_BORROW)
        assert_null(weft_resource_new(reader->pool, read_word(reader), NULL, &shape.resource));
    else shape.element = read_type(reader);
    assert_true(eat(reader, '>'));
    return intern(reader, &shape);
}

static const type_t *read_type(reader_t *reader) {
    static const struct {
        const char *word;
        type_kind_t kind;
    } prims[] = {{"bool", TYPE_BOOL},    {"s8", TYPE_S8},   {"u8", TYPE_U8},   {"s16", TYPE_S16},
                 {"u16", TYPE_U16},      {"s32", TYPE_S32}, {"u32", TYPE_U32}, {"s64", TYPE_S64},
                 {"u64", TYPE_U64},      {"f32", TYPE_F32}, {"f64", TYPE_F64}, {"char", TYPE_CHAR},
                 {"string", TYPE_STRING}};
    weft_str_t word = read_word(reader);
    for (size_t i = 0; i < sizeof prims / sizeof *prims; i++)
        if (weft_str_eq(word, weft_str(prims[i].word)))
            return weft_type_prim(reader->pool, prims[i].kind);
    if (weft_str_eq(word, weft_str("record"))) return read_fields(reader, TYPE_RECORD);
    if (weft_str_eq(word, weft_str("variant"))) return read_fields(reader, TYPE_VARIANT);
    if (weft_str_eq(word, weft_str("enum"))) return read_fields(reader, TYPE_ENUM);
    if (weft_str_eq(word, weft_str("flags"))) return read_fields(reader, TYPE_FLAGS);
    if (weft_str_eq(word, weft_str("tuple"))) return read_tuple(reader);
    if (weft_str_eq(word, weft_str("list"))) return read_list(reader);
    if (weft_str_eq(word, weft_str("result"))) return read_result(reader);
    if (weft_str_eq(word, weft_str("option"))) return read_wrapped(reader, TYPE_OPTION);
    if (weft_str_eq(word, weft_str("map"))) return read_wrapped(reader, TYPE_MAP);
    if (weft_str_eq(word, weft_str("own"))) return read_wrapped(reader, TYPE_OWN);
    if (weft_str_eq(word, weft_str("borrow"))) return read_wrapped(reader, TYPE_BORROW);
    if (weft_str_eq(word, weft_str("future"))) return read_wrapped(reader, TYPE_FUTURE);
    fail_msg("no such type: %s", reader->at);
    return NULL;
}

const type_t *type_of(type_pool_t *pool, const char *text) {
    reader_t reader = {pool, text};
    const type_t *type = read_type(&reader);
    assert_string_equal(reader.at, "");
    return type;
}

char *rendered(weft_error_t *error) {
    char *text = NULL;
    assert_non_null(error);
    assert_null(weft_error_render(error, &text));
    weft_error_delete(error);
    return text;
}
