/* Checking a value against a type, before it goes where a wrong one would do harm. */
#include "support/buf.h"
#include "support/utf8.h"
#include "value/value.h"

/* The way from the whole value to the part being checked, as a list on the stack. */
typedef struct place {
    const struct place *outer;
    weft_str_t name; /* of a field or case; ptr NULL: `index` */
    size_t index;
} place_t;

static void print_place(buf_t *out, const place_t *place) {
    if (!place) return;
    print_place(out, place->outer);
    if (place->name.ptr) weft_buf_printf(out, ".%.*s", STR_ARG(place->name));
    else weft_buf_printf(out, "[%zu]", place->index);
}

static weft_error_t *mismatch(const place_t *place, const type_t *type, const char *problem) {
    buf_t at = {0}, wanted = {0};
    print_place(&at, place);
    weft_type_print(&wanted, type);
    weft_str_t where = weft_buf_as_str(&at), what = weft_buf_as_str(&wanted);
    weft_error_t *error = at.failed || wanted.failed
                              ? weft_error_oom()
                              : weft_error_new(WEFT_MISMATCH, "%s%.*s%s%s", where.len ? "at " : "",
                                               STR_ARG(where), where.len ? ": " : "", problem);
    error = weft_error_with_note(error, "the type is %.*s", STR_ARG(what));
    weft_buf_free(&at);
    weft_buf_free(&wanted);
    return error;
}

/* The kind that values of a type have; -1 for types without values here (streams, ...). */
static int kind_of_type(type_kind_t kind) {
    static const int8_t kinds[TYPE_KIND_COUNT] = {
        [TYPE_BOOL] = WEFT_BOOL,     [TYPE_S8] = WEFT_S8,
        [TYPE_U8] = WEFT_U8,         [TYPE_S16] = WEFT_S16,
        [TYPE_U16] = WEFT_U16,       [TYPE_S32] = WEFT_S32,
        [TYPE_U32] = WEFT_U32,       [TYPE_S64] = WEFT_S64,
        [TYPE_U64] = WEFT_U64,       [TYPE_F32] = WEFT_F32,
        [TYPE_F64] = WEFT_F64,       [TYPE_CHAR] = WEFT_CHAR,
        [TYPE_STRING] = WEFT_STRING, [TYPE_ERROR_CONTEXT] = -1,
        [TYPE_RECORD] = WEFT_RECORD, [TYPE_VARIANT] = WEFT_VARIANT,
        [TYPE_LIST] = WEFT_LIST,     [TYPE_FIXED_LIST] = WEFT_LIST,
        [TYPE_TUPLE] = WEFT_TUPLE,   [TYPE_FLAGS] = WEFT_FLAGS,
        [TYPE_ENUM] = WEFT_ENUM,     [TYPE_OPTION] = WEFT_OPTION,
        [TYPE_RESULT] = WEFT_RESULT, [TYPE_MAP] = WEFT_MAP,
        [TYPE_OWN] = WEFT_RESOURCE,  [TYPE_BORROW] = WEFT_RESOURCE,
        [TYPE_STREAM] = -1,          [TYPE_FUTURE] = -1,
    };
    return kinds[kind];
}

static weft_error_t *check(const weft_value_t *value, const type_t *type, const place_t *outer);

static weft_error_t *check_items(const weft_value_t *value, const type_t *element,
                                 const place_t *outer) {
    for (size_t i = 0; i < value->of.list.count; i++) {
        place_t place = {outer, {NULL, 0}, i};
        TRY(check(&value->of.list.items[i], element, &place));
    }
    return NULL;
}

static weft_error_t *check_list(const weft_value_t *value, const type_t *type,
                                const place_t *outer) {
    bool packed = value->kind == WEFT_BYTES;
    size_t count = packed ? value->of.bytes.len : value->of.list.count;
    if (type->kind == TYPE_FIXED_LIST && count != type->length)
        return mismatch(outer, type, "a list of another length");
    return packed ? NULL : check_items(value, type->element, outer);
}

static weft_error_t *check_map(const weft_value_t *value, const type_t *type,
                               const place_t *outer) {
    if (value->of.list.count % 2) return mismatch(outer, type, "a map with a key but no value");
    for (size_t i = 0; i < value->of.list.count; i++) {
        place_t place = {outer, {NULL, 0}, i / 2};
        TRY(check(&value->of.list.items[i], i % 2 ? type->element : type->key, &place));
    }
    return NULL;
}

static weft_error_t *check_fields(const weft_value_t *value, const type_t *type,
                                  const place_t *outer) {
    if (value->of.list.count != type->field_count)
        return mismatch(outer, type, "another number of fields");
    for (uint32_t i = 0; i < type->field_count; i++) {
        place_t place = {outer, {NULL, 0}, i};
        if (type->kind == TYPE_RECORD) place.name = type->fields[i].name;
        TRY(check(&value->of.list.items[i], type->fields[i].type, &place));
    }
    return NULL;
}

static weft_error_t *check_case(const weft_value_t *value, const type_t *type,
                                const place_t *outer) {
    const type_t *payload = NULL;
    place_t place = {outer, STR_LIT("some"), 0};
    uint32_t cases = type->kind == TYPE_VARIANT ? type->field_count : 2;
    if (value->index >= cases) return mismatch(outer, type, "a case that the type does not have");
    if (type->kind == TYPE_VARIANT) {
        payload = type->fields[value->index].type;
        place.name = type->fields[value->index].name;
    } else if (type->kind == TYPE_OPTION) {
        payload = value->index ? type->element : NULL;
    } else {
        payload = value->index ? type->error : type->element;
        place.name = value->index ? STR_LIT("err") : STR_LIT("ok");
    }
    if (!payload && value->of.payload)
        return mismatch(outer, type, "a payload where there is none");
    if (payload && !value->of.payload) return mismatch(outer, type, "a case without its payload");
    return payload ? check(value->of.payload, payload, &place) : NULL;
}

static bool is_scalar_value(uint32_t c) {
    return c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF);
}

static weft_error_t *check(const weft_value_t *value, const type_t *type, const place_t *outer) {
    int wanted = kind_of_type(type->kind);
    bool bytes = value->kind == WEFT_BYTES && wanted == WEFT_LIST && type->element->kind == TYPE_U8;
    if (wanted < 0)
        return mismatch(outer, type, "values of this type cannot pass between host and guest");
    if (value->kind != wanted && !bytes) return mismatch(outer, type, "a value of another kind");
    switch (type->kind) {
    case TYPE_CHAR:
        if (!is_scalar_value(value->of.character))
            return mismatch(outer, type, "a char that is no Unicode scalar value");
        return NULL;
    case TYPE_STRING:
        if (!weft_utf8_valid(value->of.string))
            return mismatch(outer, type, "a string that is not UTF-8");
        return NULL;
    case TYPE_LIST:
    case TYPE_FIXED_LIST: return check_list(value, type, outer);
    case TYPE_MAP: return check_map(value, type, outer);
    case TYPE_RECORD:
    case TYPE_TUPLE: return check_fields(value, type, outer);
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: return check_case(value, type, outer);
    case TYPE_ENUM:
        if (value->index >= type->field_count)
            return mismatch(outer, type, "a case that the type does not have");
        return NULL;
    case TYPE_FLAGS:
        if (type->field_count < 32 && value->of.flags >> type->field_count)
            return mismatch(outer, type, "a flag that the type does not have");
        return NULL;
    default: return NULL;
    }
}

weft_error_t *weft_value_check(const weft_value_t *value, const type_t *type) {
    if (type->depth > VALUE_MAX_DEPTH)
        return weft_error_new(WEFT_LIMIT, "the type nests more than %d deep", VALUE_MAX_DEPTH);
    return check(value, type, NULL);
}
