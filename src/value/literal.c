#include "value/literal.h"

#include <math.h>
#include <string.h>

#include "component/types/entity.h"
#include "support/utf8.h"

typedef struct literal {
    cursor_t *in;
    uint64_t *room;
} literal_t;

static weft_error_t *read_value(const literal_t *literal, const type_t *type, weft_value_t *value);

/* ---- numbers ---------------------------------------------------------------------------------- */

static weft_error_t *read_bits(cursor_t *in, size_t size, uint64_t *bits) {
    weft_bytes_t bytes;
    TRY(weft_read_bytes(in, size, &bytes));
    *bits = 0;
    for (size_t i = 0; i < size; i++) *bits |= (uint64_t)bytes.ptr[i] << (8 * i);
    return NULL;
}

/* There is one NaN. */
static weft_error_t *read_f32(cursor_t *in, weft_value_t *value) {
    const cursor_t start = *in;
    uint64_t bits;
    TRY(read_bits(in, 4, &bits));
    uint32_t narrow = (uint32_t)bits;
    *value = weft_f32(0);
    memcpy(&value->of.f32, &narrow, sizeof narrow);
    if (!isnan(value->of.f32) || narrow == 0x7fc00000U) return NULL;
    return weft_cursor_error(&start, "a NaN that is not the canonical one");
}

static weft_error_t *read_f64(cursor_t *in, weft_value_t *value) {
    const cursor_t start = *in;
    uint64_t bits;
    TRY(read_bits(in, 8, &bits));
    *value = weft_f64(0);
    memcpy(&value->of.f64, &bits, sizeof bits);
    if (!isnan(value->of.f64) || bits == 0x7ff8000000000000U) return NULL;
    return weft_cursor_error(&start, "a NaN that is not the canonical one");
}

static weft_error_t *read_u(cursor_t *in, type_kind_t kind, weft_value_t *value) {
    uint64_t number;
    TRY(weft_read_unsigned(in, kind == TYPE_U16 ? 16 : kind == TYPE_U32 ? 32 : 64, &number));
    if (kind == TYPE_U16) *value = weft_u16((uint16_t)number);
    else *value = kind == TYPE_U32 ? weft_u32((uint32_t)number) : weft_u64(number);
    return NULL;
}

static weft_error_t *read_s(cursor_t *in, type_kind_t kind, weft_value_t *value) {
    int64_t number;
    TRY(weft_read_signed(in, kind == TYPE_S16 ? 16 : kind == TYPE_S32 ? 32 : 64, &number));
    if (kind == TYPE_S16) *value = weft_s16((int16_t)number);
    else *value = kind == TYPE_S32 ? weft_s32((int32_t)number) : weft_s64(number);
    return NULL;
}

static weft_error_t *read_char(cursor_t *in, weft_value_t *value) {
    size_t left = weft_cursor_left(in), used = 0;
    weft_str_t text = {(const char *)in->at, left < 4 ? left : 4};
    int32_t c = weft_utf8_next(text, &used);
    if (c < 0) return weft_cursor_error(in, "a char that is not UTF-8");
    in->at += used;
    *value = weft_char((uint32_t)c);
    return NULL;
}

/* A bool, or which of two cases. `what` as in "a bool". */
static weft_error_t *read_either(cursor_t *in, const char *what, bool *second) {
    const cursor_t start = *in;
    uint8_t byte;
    TRY(weft_read_byte(in, &byte));
    if (byte > 1) return weft_cursor_error(&start, "%s is 0 or 1, not %u", what, byte);
    *second = byte;
    return NULL;
}

static weft_error_t *read_scalar(cursor_t *in, type_kind_t kind, weft_value_t *value) {
    uint64_t byte;
    bool is_true;
    switch (kind) {
    case TYPE_BOOL:
        TRY(read_either(in, "a bool", &is_true));
        *value = weft_bool(is_true);
        return NULL;
    case TYPE_U8:
    case TYPE_S8:
        TRY(read_bits(in, 1, &byte));
        *value = kind == TYPE_U8 ? weft_u8((uint8_t)byte) : weft_s8((int8_t)byte);
        return NULL;
    case TYPE_F32: return read_f32(in, value);
    case TYPE_F64: return read_f64(in, value);
    case TYPE_CHAR: return read_char(in, value);
    case TYPE_U16:
    case TYPE_U32:
    case TYPE_U64: return read_u(in, kind, value);
    default: return read_s(in, kind, value);
    }
}

/* ---- what has parts --------------------------------------------------------------------------- */

static weft_error_t *take_room(const literal_t *literal) {
    uint64_t bytes = sizeof(weft_value_t) + 2 * sizeof(void *); /* and what the heap adds */
    if (bytes > *literal->room)
        return weft_error_at(WEFT_LIMIT, weft_cursor_offset(literal->in),
                             "the component's values take more than %u MiB",
                             (unsigned)(LITERAL_ROOM >> 20));
    *literal->room -= bytes;
    return NULL;
}

static weft_error_t *add(const literal_t *literal, const type_t *type, value_vec_t *items) {
    weft_value_t item;
    TRY(take_room(literal));
    TRY(read_value(literal, type, &item));
    weft_error_t *error = VEC_PUSH(items, item);
    if (error) weft_value_clear(&item);
    return error;
}

/* `count` elements, or the fields of a record or tuple. */
static weft_error_t *read_items(const literal_t *literal, const type_t *type, weft_kind_t kind,
                                uint32_t count, weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < count && !error; i++)
        error = add(literal, kind == WEFT_LIST ? type->element : type->fields[i].type, &items);
    if (error) weft_value_vec_free(&items);
    else *value = weft_value_of_vec(kind, &items);
    return error;
}

/* Each element takes a byte at least: no type of these is empty. */
static weft_error_t *read_list(const literal_t *literal, const type_t *type, weft_value_t *value) {
    weft_bytes_t bytes;
    uint32_t count;
    TRY(weft_read_count(literal->in, 1, "elements", &count));
    if (type->element->kind != TYPE_U8) return read_items(literal, type, WEFT_LIST, count, value);
    TRY(weft_read_bytes(literal->in, count, &bytes));
    *value = weft_byte_list(bytes.ptr, bytes.len);
    return NULL;
}

static weft_error_t *read_case(const literal_t *literal, const type_t *payload, weft_kind_t kind,
                               uint32_t index, weft_value_t *value) {
    weft_value_t content;
    if (payload) {
        TRY(take_room(literal));
        TRY(read_value(literal, payload, &content));
    }
    return weft_value_of_case(kind, index, payload ? &content : NULL, value);
}

static weft_error_t *read_variant(const literal_t *literal, const type_t *type,
                                  weft_value_t *value) {
    const cursor_t start = *literal->in;
    uint32_t index;
    TRY(weft_read_u32(literal->in, &index));
    if (index >= type->field_count)
        return weft_cursor_error(&start, "there is no case %u, the type has %u", index,
                                 type->field_count);
    if (type->kind == TYPE_VARIANT)
        return read_case(literal, type->fields[index].type, WEFT_VARIANT, index, value);
    *value = weft_enum(index);
    return NULL;
}

static weft_error_t *read_option_or_result(const literal_t *literal, const type_t *type,
                                           weft_value_t *value) {
    bool is_option = type->kind == TYPE_OPTION, second;
    TRY(read_either(literal->in, is_option ? "the case of an option" : "the case of a result",
                    &second));
    const type_t *payload = type->element;
    if (is_option && !second) payload = NULL;
    if (!is_option && second) payload = type->error;
    return read_case(literal, payload, is_option ? WEFT_OPTION : WEFT_RESULT, second, value);
}

/* A byte for each eight labels; what the last has beyond the labels means nothing. */
static weft_error_t *read_flags(cursor_t *in, const type_t *type, weft_value_t *value) {
    uint64_t bits;
    if (type->field_count > 32)
        return weft_cursor_error(in, "flags with more than 32 labels"); /* not valid anyway */
    TRY(read_bits(in, (type->field_count + 7) / 8, &bits));
    *value = weft_flags((uint32_t)(bits & (((uint64_t)1 << type->field_count) - 1)));
    return NULL;
}

static weft_error_t *no_form(const cursor_t *in, const type_t *type) {
    buf_t words = {0};
    weft_type_print(&words, type);
    weft_str_t text = weft_buf_as_str(&words);
    weft_error_t *error =
        words.failed
            ? weft_error_oom()
            : weft_cursor_error(in, "a value of type %.*s cannot be written down", STR_ARG(text));
    weft_buf_free(&words);
    return error;
}

static weft_error_t *read_value(const literal_t *literal, const type_t *type, weft_value_t *value) {
    weft_str_t text;
    switch (type->kind) {
    case TYPE_STRING:
        TRY(weft_read_name(literal->in, &text));
        *value = weft_string_of(text);
        return NULL;
    case TYPE_LIST: return read_list(literal, type, value);
    case TYPE_RECORD: return read_items(literal, type, WEFT_RECORD, type->field_count, value);
    case TYPE_TUPLE: return read_items(literal, type, WEFT_TUPLE, type->field_count, value);
    case TYPE_VARIANT:
    case TYPE_ENUM: return read_variant(literal, type, value);
    case TYPE_OPTION:
    case TYPE_RESULT: return read_option_or_result(literal, type, value);
    case TYPE_FLAGS: return read_flags(literal->in, type, value);
    case TYPE_ERROR_CONTEXT:
    case TYPE_FIXED_LIST:
    case TYPE_MAP:
    case TYPE_OWN:
    case TYPE_BORROW:
    case TYPE_STREAM:
    case TYPE_FUTURE: return no_form(literal->in, type);
    default: return read_scalar(literal->in, type->kind, value);
    }
}

/* ---- whole values ----------------------------------------------------------------------------- */

weft_error_t *weft_literal_read(cursor_t *in, const type_t *type, uint64_t *room,
                                weft_value_t *value) {
    literal_t literal = {in, room};
    weft_value_t made;
    if (type->depth > VALUE_MAX_DEPTH)
        return weft_error_at(WEFT_LIMIT, weft_cursor_offset(in), "the type nests more than %d deep",
                             VALUE_MAX_DEPTH);
    TRY(read_value(&literal, type, &made));
    if (!weft_cursor_left(in)) {
        *value = made;
        return NULL;
    }
    weft_value_clear(&made);
    return weft_cursor_error(in, "the value ends %zu bytes early", weft_cursor_left(in));
}

weft_error_t *weft_literal_of(const def_t *def, uint64_t *room, weft_value_t *value) {
    const entity_t *entity = def->typed;
    cursor_t in = weft_cursor(def->scope->file.ptr, def->value.data);
    return weft_literal_read(&in, entity->type.type->value.type, room, value);
}

static weft_error_t *validate_scope(scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        uint64_t room = LITERAL_ROOM;
        weft_value_t value;
        scope_t *body;
        if (def->kind == DEF_VALUE) {
            TRY(weft_literal_of(def, &room, &value));
            weft_value_clear(&value);
        }
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(validate_scope(body));
    }
    return NULL;
}

weft_error_t *weft_literals_validate(document_t *document) {
    return validate_scope(document->root);
}
