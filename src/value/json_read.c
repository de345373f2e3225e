/* Reading values from JSON. Jansson parses; what is here walks its tree along the type. */
#include <jansson.h>

#include "support/alloc.h"
#include "support/utf8.h"
#include "value/json.h"
#include "value/json_place.h"
#include "value/number.h"

static weft_error_t *read(const json_t *json, const type_t *type, const json_place_t *place,
                          weft_value_t *value);

/* ---- errors ----------------------------------------------------------------------------------- */

/* "expected <what> (<type>), found <the kind of JSON>". */
static weft_error_t *expected(const json_t *json, const type_t *type, const json_place_t *place,
                              const char *what) {
    static const char *const kinds[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array",  [JSON_STRING] = "a string",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a fraction", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null"};
    buf_t wanted = {0};
    weft_type_print(&wanted, type);
    weft_str_t type_name = weft_buf_as_str(&wanted);
    bool cut = type_name.len > 120;
    if (cut) type_name.len = 100;
    weft_error_t *error =
        wanted.failed
            ? weft_error_oom()
            : weft_json_error(place, "expected %s (%.*s%s), found %s", what, STR_ARG(type_name),
                              cut ? "..." : "", kinds[json_typeof(json)]);
    weft_buf_free(&wanted);
    return error;
}

/* ---- primitives ------------------------------------------------------------------------------- */

static weft_str_t string_of(const json_t *json) {
    return (weft_str_t){json_string_value(json), json_string_length(json)};
}

/* A whole number as a JSON number or as a string of digits. */
static bool unsigned_of(const json_t *json, uint64_t max, uint64_t *number) {
    if (json_is_string(json)) return weft_number_u64(string_of(json), max, number);
    if (!json_is_integer(json) || json_integer_value(json) < 0) return false;
    *number = (uint64_t)json_integer_value(json);
    return *number <= max;
}

static bool signed_of(const json_t *json, int64_t min, int64_t max, int64_t *number) {
    if (json_is_string(json)) return weft_number_s64(string_of(json), min, max, number);
    if (!json_is_integer(json)) return false;
    *number = json_integer_value(json);
    return *number >= min && *number <= max;
}

static weft_error_t *read_unsigned(const json_t *json, const type_t *type,
                                   const json_place_t *place, weft_value_t *value) {
    static const uint64_t max[] = {[TYPE_U8] = UINT8_MAX,
                                   [TYPE_U16] = UINT16_MAX,
                                   [TYPE_U32] = UINT32_MAX,
                                   [TYPE_U64] = UINT64_MAX};
    uint64_t number;
    if (!unsigned_of(json, max[type->kind], &number))
        return expected(json, type, place, "a whole number in its range");
    switch (type->kind) {
    case TYPE_U8: *value = weft_u8((uint8_t)number); break;
    case TYPE_U16: *value = weft_u16((uint16_t)number); break;
    case TYPE_U32: *value = weft_u32((uint32_t)number); break;
    default: *value = weft_u64(number); break;
    }
    return NULL;
}

static weft_error_t *read_signed(const json_t *json, const type_t *type, const json_place_t *place,
                                 weft_value_t *value) {
    static const int64_t max[] = {[TYPE_S8] = INT8_MAX,
                                  [TYPE_S16] = INT16_MAX,
                                  [TYPE_S32] = INT32_MAX,
                                  [TYPE_S64] = INT64_MAX};
    int64_t number;
    if (!signed_of(json, -max[type->kind] - 1, max[type->kind], &number))
        return expected(json, type, place, "a whole number in its range");
    switch (type->kind) {
    case TYPE_S8: *value = weft_s8((int8_t)number); break;
    case TYPE_S16: *value = weft_s16((int16_t)number); break;
    case TYPE_S32: *value = weft_s32((int32_t)number); break;
    default: *value = weft_s64(number); break;
    }
    return NULL;
}

static weft_error_t *read_float(const json_t *json, const type_t *type, const json_place_t *place,
                                weft_value_t *value) {
    double number;
    weft_str_t word = json_is_string(json) ? string_of(json) : weft_str("");
    if (json_is_number(json)) number = json_number_value(json);
    else if (weft_str_eq(word, weft_str("nan")) || weft_str_eq(word, weft_str("inf")) ||
             weft_str_eq(word, weft_str("-inf")))
        TRY(weft_number_f64(word, &number));
    else return expected(json, type, place, "a number, \"nan\", \"inf\" or \"-inf\"");
    *value = type->kind == TYPE_F32 ? weft_f32((float)number) : weft_f64(number);
    return NULL;
}

static weft_error_t *read_char(const json_t *json, const type_t *type, const json_place_t *place,
                               weft_value_t *value) {
    size_t at = 0;
    int32_t c = json_is_string(json) ? weft_utf8_next(string_of(json), &at) : -1;
    if (c < 0 || at != json_string_length(json))
        return expected(json, type, place, "a string of one character");
    *value = weft_char((uint32_t)c);
    return NULL;
}

static weft_error_t *read_string(const json_t *json, const type_t *type, const json_place_t *place,
                                 weft_value_t *value) {
    if (!json_is_string(json)) return expected(json, type, place, "a string");
    weft_value_t borrowed = weft_string_of(string_of(json));
    return weft_value_copy(&borrowed, value);
}

/* ---- sequences -------------------------------------------------------------------------------- */

static weft_error_t *push(const json_t *json, const type_t *type, const json_place_t *place,
                          value_vec_t *items) {
    weft_value_t item;
    TRY(read(json, type, place, &item));
    weft_error_t *error = VEC_PUSH(items, item);
    if (error) weft_value_clear(&item);
    return error;
}

/* Moves the items into the value, or frees them after an error. */
static weft_error_t *finish(weft_error_t *error, weft_kind_t kind, value_vec_t *items,
                            weft_value_t *value) {
    if (error) weft_value_vec_free(items);
    else *value = weft_value_of_vec(kind, items);
    return error;
}

static weft_error_t *read_bytes(const json_t *json, const type_t *type, const json_place_t *outer,
                                weft_value_t *value) {
    size_t count = json_array_size(json);
    uint8_t *bytes = weft_alloc(count);
    if (!bytes) return weft_error_oom();
    for (size_t i = 0; i < count; i++) {
        json_place_t place = weft_json_element(outer, i);
        weft_value_t item;
        weft_error_t *error = read(json_array_get(json, i), type->element, &place, &item);
        if (error) {
            weft_free(bytes);
            return error;
        }
        bytes[i] = item.of.u8;
    }
    *value = weft_byte_list(bytes, count);
    value->borrowed = false;
    return NULL;
}

static weft_error_t *read_list(const json_t *json, const type_t *type, const json_place_t *outer,
                               weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    if (!json_is_array(json)) return expected(json, type, outer, "an array");
    if (type->kind == TYPE_FIXED_LIST && json_array_size(json) != type->length)
        return expected(json, type, outer, "an array of that length");
    if (type->element->kind == TYPE_U8) return read_bytes(json, type, outer, value);
    for (size_t i = 0; !error && i < json_array_size(json); i++) {
        json_place_t place = weft_json_element(outer, i);
        error = push(json_array_get(json, i), type->element, &place, &items);
    }
    return finish(error, WEFT_LIST, &items, value);
}

static weft_error_t *read_object_map(const json_t *json, const type_t *type,
                                     const json_place_t *outer, weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    void *entry = json_object_iter((json_t *)(uintptr_t)json);
    for (; !error && entry; entry = json_object_iter_next((json_t *)(uintptr_t)json, entry)) {
        json_place_t place = weft_json_member(outer, json_object_iter_key(entry));
        weft_value_t key = weft_string(place.key), owned;
        error = weft_value_copy(&key, &owned);
        if (error) break;
        error = VEC_PUSH(&items, owned);
        if (error) weft_value_clear(&owned);
        else error = push(json_object_iter_value(entry), type->element, &place, &items);
    }
    return finish(error, WEFT_MAP, &items, value);
}

static weft_error_t *read_map(const json_t *json, const type_t *type, const json_place_t *outer,
                              weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    if (json_is_object(json) && type->key->kind == TYPE_STRING)
        return read_object_map(json, type, outer, value);
    if (!json_is_array(json)) return expected(json, type, outer, "an array of [key, value] pairs");
    for (size_t i = 0; !error && i < json_array_size(json); i++) {
        const json_t *entry = json_array_get(json, i);
        json_place_t place = weft_json_element(outer, i);
        if (!json_is_array(entry) || json_array_size(entry) != 2)
            error = expected(entry, type, &place, "a pair [key, value]");
        json_place_t key = weft_json_element(&place, 0), element = weft_json_element(&place, 1);
        if (!error) error = push(json_array_get(entry, 0), type->key, &key, &items);
        if (!error) error = push(json_array_get(entry, 1), type->element, &element, &items);
    }
    return finish(error, WEFT_MAP, &items, value);
}

static weft_error_t *read_tuple(const json_t *json, const type_t *type, const json_place_t *outer,
                                weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    if (!json_is_array(json) || json_array_size(json) != type->field_count)
        return expected(json, type, outer, "an array of as many elements");
    for (uint32_t i = 0; !error && i < type->field_count; i++) {
        json_place_t place = weft_json_element(outer, i);
        error = push(json_array_get(json, i), type->fields[i].type, &place, &items);
    }
    return finish(error, WEFT_TUPLE, &items, value);
}

/* ---- records, flags, cases -------------------------------------------------------------------- */

/* The index of a name among the type's, or field_count. */
static uint32_t find(const type_t *type, weft_str_t name) {
    uint32_t i = 0;
    while (i < type->field_count && !weft_str_eq(type->fields[i].name, name)) i++;
    return i;
}

/* The first key of an object that is no field of the type. */
static const char *unknown_key(const json_t *json, const type_t *type) {
    void *entry = json_object_iter((json_t *)(uintptr_t)json);
    for (; entry; entry = json_object_iter_next((json_t *)(uintptr_t)json, entry)) {
        const char *key = json_object_iter_key(entry);
        if (find(type, weft_str(key)) == type->field_count) return key;
    }
    return NULL;
}

static weft_error_t *read_fields(const json_t *json, const type_t *type, const json_place_t *outer,
                                 value_vec_t *items) {
    size_t used = 0;
    for (uint32_t i = 0; i < type->field_count; i++) {
        /* Names in a type are NUL-terminated copies (weft_arena_str). */
        const char *name = type->fields[i].name.ptr;
        json_place_t place = weft_json_member(outer, name);
        const json_t *field = json_object_get(json, name);
        if (field) {
            used++;
            TRY(push(field, type->fields[i].type, &place, items));
        } else if (type->fields[i].type->kind == TYPE_OPTION) {
            weft_value_t none = weft_none();
            none.borrowed = false;
            TRY(VEC_PUSH(items, none));
        } else {
            return weft_json_error(outer, "there is no field `%s`", name);
        }
    }
    if (used == json_object_size(json)) return NULL;
    const char *key = unknown_key(json, type);
    json_place_t place = weft_json_member(outer, key);
    return weft_json_key_error(&place, "the record has no field `%s`", key);
}

static weft_error_t *read_record(const json_t *json, const type_t *type, const json_place_t *outer,
                                 weft_value_t *value) {
    value_vec_t items = {0};
    if (!json_is_object(json)) return expected(json, type, outer, "an object");
    return finish(read_fields(json, type, outer, &items), WEFT_RECORD, &items, value);
}

static weft_error_t *read_flags(const json_t *json, const type_t *type, const json_place_t *outer,
                                weft_value_t *value) {
    uint32_t flags = 0;
    if (!json_is_array(json)) return expected(json, type, outer, "an array of names");
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *name = json_array_get(json, i);
        json_place_t place = weft_json_element(outer, i);
        if (!json_is_string(name)) return expected(name, type, &place, "the name of a flag");
        uint32_t index = find(type, string_of(name));
        if (index == type->field_count || index >= 32)
            return weft_json_error(&place, "there is no flag `%s`", json_string_value(name));
        flags |= UINT32_C(1) << index;
    }
    *value = weft_flags(flags);
    return NULL;
}

static weft_error_t *read_enum(const json_t *json, const type_t *type, const json_place_t *outer,
                               weft_value_t *value) {
    if (!json_is_string(json)) return expected(json, type, outer, "the name of a case");
    uint32_t index = find(type, string_of(json));
    if (index == type->field_count)
        return weft_json_error(outer, "there is no case `%s`", json_string_value(json));
    *value = weft_enum(index);
    value->borrowed = false;
    return NULL;
}

/* The payload of a case: as the type has it, or null where it has none. */
static weft_error_t *read_payload(const json_t *json, const type_t *payload,
                                  const json_place_t *place, weft_kind_t kind, uint32_t index,
                                  weft_value_t *value) {
    weft_value_t inner;
    if (!payload) {
        if (json && !json_is_null(json))
            return weft_json_error(place, "there is no payload in the case `%s`", place->key);
        return weft_value_of_case(kind, index, NULL, value);
    }
    if (!json)
        return weft_json_error(place->outer, "the payload is missing of the case `%s`", place->key);
    TRY(read(json, payload, place, &inner));
    return weft_value_of_case(kind, index, &inner, value);
}

/* The only key of an object, or NULL. */
static const char *only_key(const json_t *json) {
    if (!json_is_object(json) || json_object_size(json) != 1) return NULL;
    return json_object_iter_key(json_object_iter((json_t *)(uintptr_t)json));
}

static weft_error_t *read_variant(const json_t *json, const type_t *type, const json_place_t *outer,
                                  weft_value_t *value) {
    const char *key = json_is_string(json) ? json_string_value(json) : only_key(json);
    if (!key) return expected(json, type, outer, "\"case\" or {\"case\": payload}");
    uint32_t index = find(type, weft_str(key));
    json_place_t place = weft_json_member(outer, key);
    if (index == type->field_count) return weft_json_error(outer, "there is no case `%s`", key);
    return read_payload(json_object_get(json, key), type->fields[index].type, &place, WEFT_VARIANT,
                        index, value);
}

static weft_error_t *read_option(const json_t *json, const type_t *type, const json_place_t *outer,
                                 weft_value_t *value) {
    json_place_t place = weft_json_member(outer, "some");
    if (json_is_null(json)) return weft_value_of_case(WEFT_OPTION, 0, NULL, value);
    if (type->element->kind != TYPE_OPTION)
        return read_payload(json, type->element, outer, WEFT_OPTION, 1, value);
    const char *key = only_key(json);
    if (!key || strcmp(key, "some") != 0)
        return expected(json, type, outer, "null or {\"some\": ...}");
    return read_payload(json_object_get(json, key), type->element, &place, WEFT_OPTION, 1, value);
}

static weft_error_t *read_result(const json_t *json, const type_t *type, const json_place_t *outer,
                                 weft_value_t *value) {
    const char *key = only_key(json);
    bool err = key && strcmp(key, "err") == 0;
    json_place_t place = weft_json_member(outer, key);
    if (!err && !(key && strcmp(key, "ok") == 0))
        return expected(json, type, outer, "{\"ok\": ...} or {\"err\": ...}");
    return read_payload(json_object_get(json, key), err ? type->error : type->element, &place,
                        WEFT_RESULT, err, value);
}

/* ---- any value -------------------------------------------------------------------------------- */

static weft_error_t *read(const json_t *json, const type_t *type, const json_place_t *place,
                          weft_value_t *value) {
    switch (type->kind) {
    case TYPE_BOOL:
        if (!json_is_boolean(json)) return expected(json, type, place, "true or false");
        *value = weft_bool(json_is_true(json));
        return NULL;
    case TYPE_S8:
    case TYPE_S16:
    case TYPE_S32:
    case TYPE_S64: return read_signed(json, type, place, value);
    case TYPE_U8:
    case TYPE_U16:
    case TYPE_U32:
    case TYPE_U64: return read_unsigned(json, type, place, value);
    case TYPE_F32:
    case TYPE_F64: return read_float(json, type, place, value);
    case TYPE_CHAR: return read_char(json, type, place, value);
    case TYPE_STRING: return read_string(json, type, place, value);
    case TYPE_LIST:
    case TYPE_FIXED_LIST: return read_list(json, type, place, value);
    case TYPE_MAP: return read_map(json, type, place, value);
    case TYPE_RECORD: return read_record(json, type, place, value);
    case TYPE_TUPLE: return read_tuple(json, type, place, value);
    case TYPE_FLAGS: return read_flags(json, type, place, value);
    case TYPE_ENUM: return read_enum(json, type, place, value);
    case TYPE_VARIANT: return read_variant(json, type, place, value);
    case TYPE_OPTION: return read_option(json, type, place, value);
    case TYPE_RESULT: return read_result(json, type, place, value);
    case TYPE_OWN:
    case TYPE_BORROW:
    case TYPE_ERROR_CONTEXT:
    case TYPE_STREAM:
    case TYPE_FUTURE:
    case TYPE_KIND_COUNT: break;
    }
    return weft_json_error(place,
                           "handles, streams, futures and error contexts cannot be read from JSON");
}

static weft_error_t *check_depth(const type_t *type) {
    if (type->depth <= VALUE_MAX_DEPTH) return NULL;
    return weft_error_new(WEFT_LIMIT, "the type nests more than %d deep", VALUE_MAX_DEPTH);
}

/* Parses what starts at the byte *at; with `whole` nothing may follow. */
static weft_error_t *parse(weft_str_t text, size_t *at, bool whole, json_t **json) {
    json_error_t problem;
    size_t flags = JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL;
    if (!whole) flags |= JSON_DISABLE_EOF_CHECK;
    *json = json_loadb(text.ptr ? text.ptr + *at : "", text.len - *at, flags, &problem);
    size_t consumed = problem.position > 0 ? (size_t)problem.position : 0;
    if (*json) {
        *at += consumed;
        return NULL;
    }
    /* The place is behind the token that is wrong. */
    size_t place = consumed ? *at + consumed - 1 : *at;
    if (json_error_code(&problem) == json_error_premature_end_of_input) place = text.len;
    return weft_error_at_byte(WEFT_MALFORMED, text, place, "%s", problem.text);
}

static weft_error_t *read_text(weft_str_t text, size_t *at, bool whole, const type_t *type,
                               weft_value_t *value) {
    json_t *json;
    json_place_t place = weft_json_whole(text, *at);
    TRY(check_depth(type));
    TRY(parse(text, at, whole, &json));
    weft_error_t *error = read(json, type, &place, value);
    json_decref(json);
    return error;
}

weft_error_t *weft_json_read(weft_str_t text, const type_t *type, weft_value_t *value) {
    size_t at = 0;
    return read_text(text, &at, true, type, value);
}

weft_error_t *weft_json_read_at(weft_str_t text, size_t *at, const type_t *type,
                                weft_value_t *value) {
    return read_text(text, at, false, type, value);
}
