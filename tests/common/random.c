#include "common/random.h"

#include <math.h>
#include <stdlib.h>

#include "support/alloc.h"
#include "support/utf8.h"

enum { MANY_ELEMENTS = 300, MOST_ELEMENTS = 1000 };

static uint64_t from_bytes(random_source_t *source, unsigned count) {
    uint64_t value = 0;
    for (; count && source->at < source->end; count--) value = value << 8 | *source->at++;
    return value;
}

/* splitmix64 */
uint64_t random_bits(random_source_t *source) {
    if (source->at) return from_bytes(source, 8);
    uint64_t z = source->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t random_below(random_source_t *source, uint64_t below) {
    unsigned bytes = 1;
    if (!source->at) return random_bits(source) % below;
    while (bytes < 8 && (below - 1) >> (8 * bytes)) bytes++;
    return from_bytes(source, bytes) % below;
}

static uint64_t bits(random_source_t *source) {
    static const uint64_t odd[] = {0,      1,          0x7F,       0x80,       0xFF,     0x7FFF,
                                   0x8000, 0x7FFFFFFF, 0x80000000, UINT64_MAX, INT64_MAX};
    if (random_below(source, 3)) return random_bits(source);
    return odd[random_below(source, sizeof odd / sizeof *odd)];
}

static float random_float(random_source_t *source) {
    uint32_t word = (uint32_t)bits(source);
    float value;
    memcpy(&value, &word, sizeof value);
    return value != value ? (float)NAN : value;
}

static double random_double(random_source_t *source) {
    uint64_t word = bits(source);
    double value;
    memcpy(&value, &word, sizeof value);
    return value != value ? (double)NAN : value;
}

/* Mostly one of the kinds of characters that encodings treat differently. */
static uint32_t random_char(random_source_t *source, uint64_t kind) {
    static const uint32_t ends[][2] = {{0, 0x7F},       {0x80, 0xFF},     {0x100, 0x7FF},
                                       {0x800, 0xD7FF}, {0xE000, 0xFFFF}, {0x10000, 0x10FFFF}};
    const uint32_t *range = ends[kind];
    return range[0] + (uint32_t)random_below(source, range[1] - range[0] + 1);
}

/* Mostly few, now and then as many as take more than one step to copy or check. */
static uint64_t random_count(random_source_t *source, uint64_t few, uint64_t many) {
    if (source->elements > MOST_ELEMENTS) return 0;
    bool is_long = source->elements < MANY_ELEMENTS && random_below(source, 24) == 0;
    uint64_t count = random_below(source, is_long ? many : few);
    source->elements += (uint32_t)count;
    return count;
}

static weft_value_t random_string(random_source_t *source) {
    /* all ASCII, all Latin-1, or anything; what does not fit may come late */
    uint64_t kinds = 1 + random_below(source, 6), count = random_count(source, 20, 500);
    char *bytes = weft_alloc(count * 4 + 1);
    size_t len = 0;
    if (!bytes) abort();
    for (uint64_t i = 0; i < count; i++)
        len += weft_utf8_put(random_char(source, random_below(source, kinds)), bytes + len);
    weft_value_t value = weft_string_of((weft_str_t){bytes, len});
    value.borrowed = false;
    return value;
}

static void push(value_vec_t *items, weft_value_t value) {
    if (VEC_PUSH(items, value)) abort();
}

static weft_value_t random_bytes(random_source_t *source) {
    size_t count = (size_t)random_count(source, 40, 5000);
    uint8_t *bytes = weft_alloc(count + 1);
    if (!bytes) abort();
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)random_bits(source);
    weft_value_t value = weft_byte_list(bytes, count);
    value.borrowed = false;
    return value;
}

static weft_value_t random_list(random_source_t *source, const type_t *type) {
    value_vec_t items = {0};
    bool fixed = type->kind == TYPE_FIXED_LIST;
    uint64_t count = fixed ? type->length : random_count(source, 5, 100);
    if (type->element->kind == TYPE_U8 && !fixed) return random_bytes(source);
    for (uint64_t i = 0; i < count; i++) push(&items, random_value(source, type->element));
    return weft_value_of_vec(WEFT_LIST, &items);
}

static weft_value_t random_map(random_source_t *source, const type_t *type) {
    value_vec_t items = {0};
    for (uint64_t count = random_count(source, 4, 20); count; count--) {
        push(&items, random_value(source, type->key));
        push(&items, random_value(source, type->element));
    }
    return weft_value_of_vec(WEFT_MAP, &items);
}

static weft_value_t random_fields(random_source_t *source, const type_t *type, weft_kind_t kind) {
    value_vec_t items = {0};
    for (uint32_t i = 0; i < type->field_count; i++)
        push(&items, random_value(source, type->fields[i].type));
    return weft_value_of_vec(kind, &items);
}

static weft_value_t random_case(random_source_t *source, weft_kind_t kind, uint32_t index,
                                const type_t *payload) {
    weft_value_t inner, value;
    if (payload) inner = random_value(source, payload);
    if (weft_value_of_case(kind, index, payload ? &inner : NULL, &value)) abort();
    return value;
}

weft_value_t random_value(random_source_t *source, const type_t *type) {
    uint32_t index = (uint32_t)random_below(source, type->field_count ? type->field_count : 2);
    weft_value_t value;
    switch (type->kind) {
    case TYPE_BOOL: return weft_bool(index != 0);
    case TYPE_S8: return weft_s8((int8_t)bits(source));
    case TYPE_U8: return weft_u8((uint8_t)bits(source));
    case TYPE_S16: return weft_s16((int16_t)bits(source));
    case TYPE_U16: return weft_u16((uint16_t)bits(source));
    case TYPE_S32: return weft_s32((int32_t)bits(source));
    case TYPE_U32: return weft_u32((uint32_t)bits(source));
    case TYPE_S64: return weft_s64((int64_t)bits(source));
    case TYPE_U64: return weft_u64(bits(source));
    case TYPE_F32: return weft_f32(random_float(source));
    case TYPE_F64: return weft_f64(random_double(source));
    case TYPE_CHAR: return weft_char(random_char(source, random_below(source, 6)));
    case TYPE_STRING: return random_string(source);
    case TYPE_LIST:
    case TYPE_FIXED_LIST: return random_list(source, type);
    case TYPE_MAP: return random_map(source, type);
    case TYPE_RECORD: return random_fields(source, type, WEFT_RECORD);
    case TYPE_TUPLE: return random_fields(source, type, WEFT_TUPLE);
    case TYPE_VARIANT: return random_case(source, WEFT_VARIANT, index, type->fields[index].type);
    case TYPE_OPTION: return random_case(source, WEFT_OPTION, index, index ? type->element : NULL);
    case TYPE_RESULT:
        return random_case(source, WEFT_RESULT, index, index ? type->error : type->element);
    case TYPE_FLAGS:
        return weft_flags((uint32_t)(bits(source) & ((UINT64_C(1) << type->field_count) - 1)));
    case TYPE_ENUM:
        value = weft_enum(index);
        value.borrowed = false;
        return value;
    case TYPE_OWN:
    case TYPE_BORROW: return weft_u32((uint32_t)bits(source));
    default: abort();
    }
}
