/* The values of scripts: {"type": "u32", "value": "7"}, with names for fields and cases. */
#include <inttypes.h>
#include <stdlib.h>

#include "runner.h"
#include "support/alloc.h"
#include "support/utf8.h"

static weft_error_t *odd(const json_t *json) {
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    weft_error_t *error =
        weft_error_new(WEFT_MISMATCH, "the script has a value not of the type: %s", text);
    free(text);
    return error;
}

static weft_str_t str_of(const json_t *json) {
    const char *text = json_string_value(json);
    return text ? (weft_str_t){text, json_string_length(json)} : weft_str("");
}

static weft_error_t *find(const type_t *type, weft_str_t name, uint32_t *index) {
    for (*index = 0; *index < type->field_count; ++*index)
        if (weft_str_eq(type->fields[*index].name, name)) return NULL;
    return weft_error_new(WEFT_MISMATCH, "the type has no `%.*s`", STR_ARG(name));
}

static weft_error_t *items(weft_kind_t kind, const json_t *array, const type_t *type,
                           weft_value_t *value) {
    value_vec_t vec = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < json_array_size(array) && !error; i++) {
        weft_value_t item;
        json_t *json = json_array_get(array, i);
        if (kind == WEFT_RECORD) json = json_array_get(json, 1);
        const type_t *of = type->field_count ? type->fields[i].type : type->element;
        error = wast_value(json, of, &item);
        if (!error) error = VEC_PUSH(&vec, item);
    }
    if (error) weft_value_vec_free(&vec);
    else *value = weft_value_of_vec(kind, &vec);
    return error;
}

static weft_error_t *payload(weft_kind_t kind, uint32_t index, const json_t *json,
                             const type_t *type, weft_value_t *value) {
    weft_value_t inner;
    bool has = type && json && !json_is_null(json);
    if (has) TRY(wast_value(json, type, &inner));
    return weft_value_of_case(kind, index, has ? &inner : NULL, value);
}

static weft_error_t *string(const json_t *json, weft_value_t *value) {
    weft_value_t borrowed = weft_string_of(str_of(json));
    return weft_value_copy(&borrowed, value);
}

static weft_error_t *flags(const json_t *array, const type_t *type, weft_value_t *value) {
    *value = weft_flags(0);
    for (size_t i = 0; i < json_array_size(array); i++) {
        uint32_t index;
        TRY(find(type, str_of(json_array_get(array, i)), &index));
        value->of.flags |= UINT32_C(1) << index;
    }
    return NULL;
}

static weft_error_t *variant(const json_t *json, const type_t *type, weft_value_t *value) {
    uint32_t index;
    TRY(find(type, str_of(json_object_get(json, "case")), &index));
    return payload(WEFT_VARIANT, index, json_object_get(json, "payload"), type->fields[index].type,
                   value);
}

static weft_error_t *enumeration(const json_t *json, const type_t *type, weft_value_t *value) {
    uint32_t index;
    TRY(find(type, str_of(json), &index));
    *value = weft_enum(index);
    value->borrowed = false;
    return NULL;
}

static weft_error_t *result(const json_t *json, const type_t *type, weft_value_t *value) {
    const json_t *err = json_object_get(json, "Err");
    if (err) return payload(WEFT_RESULT, 1, err, type->error, value);
    return payload(WEFT_RESULT, 0, json_object_get(json, "Ok"), type->element, value);
}

static weft_error_t *number(const json_t *json, type_kind_t kind, weft_value_t *value) {
    const char *text = json_string_value(json);
    uint64_t bits = text ? strtoull(text, NULL, 10) : 0;
    switch (kind) {
    case TYPE_S8: *value = weft_s8((int8_t)bits); return NULL;
    case TYPE_U8: *value = weft_u8((uint8_t)bits); return NULL;
    case TYPE_S16: *value = weft_s16((int16_t)bits); return NULL;
    case TYPE_U16: *value = weft_u16((uint16_t)bits); return NULL;
    case TYPE_S32: *value = weft_s32((int32_t)bits); return NULL;
    case TYPE_U32: *value = weft_u32((uint32_t)bits); return NULL;
    case TYPE_S64: *value = weft_s64((int64_t)bits); return NULL;
    case TYPE_U64: *value = weft_u64(bits); return NULL;
    case TYPE_F32:
        *value = weft_f32(0);
        memcpy(&value->of.f32, &bits, sizeof value->of.f32);
        return NULL;
    case TYPE_F64:
        *value = weft_f64(0);
        memcpy(&value->of.f64, &bits, sizeof value->of.f64);
        return NULL;
    default: return odd(json);
    }
}

weft_error_t *wast_value(const json_t *typed, const type_t *type, weft_value_t *value) {
    const json_t *json = json_object_get(typed, "value");
    size_t pos = 0;
    switch (type->kind) {
    case TYPE_BOOL: *value = weft_bool(json_is_true(json)); return NULL;
    case TYPE_CHAR: *value = weft_char((uint32_t)weft_utf8_next(str_of(json), &pos)); return NULL;
    case TYPE_STRING: return string(json, value);
    case TYPE_LIST:
    case TYPE_FIXED_LIST: return items(WEFT_LIST, json, type, value);
    case TYPE_RECORD: return items(WEFT_RECORD, json, type, value);
    case TYPE_TUPLE: return items(WEFT_TUPLE, json, type, value);
    case TYPE_VARIANT: return variant(json, type, value);
    case TYPE_ENUM: return enumeration(json, type, value);
    case TYPE_OPTION:
        return payload(WEFT_OPTION, json && !json_is_null(json), json, type->element, value);
    case TYPE_RESULT: return result(json, type, value);
    case TYPE_FLAGS: return flags(json, type, value);
    default: return number(json, type->kind, value);
    }
}

bool wast_matches(const json_t *expected, const type_t *type, const weft_value_t *result) {
    const char *text = json_string_value(json_object_get(expected, "value"));
    weft_value_t value;
    if (text && strncmp(text, "nan:", 4) == 0) {
        if (type->kind == TYPE_F32) return result->of.f32 != result->of.f32;
        return result->of.f64 != result->of.f64;
    }
    weft_error_t *error = wast_value(expected, type, &value);
    if (error) {
        weft_error_delete(error);
        return false;
    }
    bool same = weft_value_equal(&value, result);
    weft_value_clear(&value);
    return same;
}
