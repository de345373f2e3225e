/* Writing values as JSON. */
#include <math.h>

#include "support/utf8.h"
#include "value/json.h"
#include "value/number.h"

static void put(buf_t *out, const char *text) {
    weft_buf_str(out, weft_str(text));
}

void weft_json_write_string(buf_t *out, weft_str_t str) {
    weft_buf_byte(out, '"');
    for (size_t i = 0; i < str.len; i++) {
        uint8_t c = (uint8_t)str.ptr[i];
        if (c == '"' || c == '\\') weft_buf_byte(out, '\\');
        if (c == '\n') put(out, "\\n");
        else if (c < 0x20) weft_buf_printf(out, "\\u%04x", c);
        else weft_buf_byte(out, c);
    }
    weft_buf_byte(out, '"');
}

/* Whole numbers that every JSON reader keeps are numbers, others strings (RFC 7493, 2.2). */
#define EXACT INT64_C(9007199254740991)

static void put_s64(buf_t *out, int64_t number) {
    bool exact = number >= -EXACT && number <= EXACT;
    weft_buf_printf(out, exact ? "%lld" : "\"%lld\"", (long long)number);
}

static void put_u64(buf_t *out, uint64_t number) {
    weft_buf_printf(out, number <= (uint64_t)EXACT ? "%llu" : "\"%llu\"",
                    (unsigned long long)number);
}

static void put_float(buf_t *out, const weft_value_t *value) {
    bool single = value->kind == WEFT_F32;
    bool finite = isfinite(single ? (double)value->of.f32 : value->of.f64);
    if (!finite) weft_buf_byte(out, '"');
    if (single) weft_number_put_f32(out, value->of.f32);
    else weft_number_put_f64(out, value->of.f64);
    if (!finite) weft_buf_byte(out, '"');
}

static void put_list(buf_t *out, const type_t *type, const weft_value_t *value) {
    size_t count = value->kind == WEFT_BYTES ? value->of.bytes.len : value->of.list.count;
    weft_buf_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i) weft_buf_byte(out, ',');
        if (value->kind == WEFT_BYTES) weft_buf_printf(out, "%u", value->of.bytes.ptr[i]);
        else weft_json_write(out, type->element, &value->of.list.items[i]);
    }
    weft_buf_byte(out, ']');
}

static void put_map(buf_t *out, const type_t *type, const weft_value_t *value) {
    bool object = type->key->kind == TYPE_STRING;
    weft_buf_byte(out, object ? '{' : '[');
    for (size_t i = 0; i + 1 < value->of.list.count; i += 2) {
        if (i) weft_buf_byte(out, ',');
        if (!object) weft_buf_byte(out, '[');
        weft_json_write(out, type->key, &value->of.list.items[i]);
        weft_buf_byte(out, object ? ':' : ',');
        weft_json_write(out, type->element, &value->of.list.items[i + 1]);
        if (!object) weft_buf_byte(out, ']');
    }
    weft_buf_byte(out, object ? '}' : ']');
}

static void put_fields(buf_t *out, const type_t *type, const weft_value_t *value) {
    bool record = type->kind == TYPE_RECORD;
    weft_buf_byte(out, record ? '{' : '[');
    for (uint32_t i = 0; i < type->field_count; i++) {
        if (i) weft_buf_byte(out, ',');
        if (record) {
            weft_json_write_string(out, type->fields[i].name);
            weft_buf_byte(out, ':');
        }
        weft_json_write(out, type->fields[i].type, &value->of.list.items[i]);
    }
    weft_buf_byte(out, record ? '}' : ']');
}

static void put_flags(buf_t *out, const type_t *type, uint32_t flags) {
    bool first = true;
    weft_buf_byte(out, '[');
    for (uint32_t i = 0; i < type->field_count && i < 32; i++) {
        if (!(flags >> i & 1)) continue;
        if (!first) weft_buf_byte(out, ',');
        first = false;
        weft_json_write_string(out, type->fields[i].name);
    }
    weft_buf_byte(out, ']');
}

/* {"name":payload} */
static void put_case(buf_t *out, weft_str_t name, const type_t *payload,
                     const weft_value_t *value) {
    weft_buf_byte(out, '{');
    weft_json_write_string(out, name);
    weft_buf_byte(out, ':');
    if (payload) weft_json_write(out, payload, value->of.payload);
    else put(out, "null");
    weft_buf_byte(out, '}');
}

static void put_variant(buf_t *out, const type_t *type, const weft_value_t *value) {
    const type_field_t *field = &type->fields[value->index];
    if (field->type) put_case(out, field->name, field->type, value);
    else weft_json_write_string(out, field->name);
}

/* null or the payload; an option in an option says {"some":...}, or null could be either's. */
static void put_option(buf_t *out, const type_t *type, const weft_value_t *value) {
    if (!value->index) put(out, "null");
    else if (type->element->kind == TYPE_OPTION)
        put_case(out, STR_LIT("some"), type->element, value);
    else weft_json_write(out, type->element, value->of.payload);
}

void weft_json_write(buf_t *out, const type_t *type, const weft_value_t *value) {
    char utf8[4];
    switch (type->kind) {
    case TYPE_BOOL: put(out, value->of.boolean ? "true" : "false"); break;
    case TYPE_S8: weft_buf_printf(out, "%d", value->of.s8); break;
    case TYPE_U8: weft_buf_printf(out, "%u", value->of.u8); break;
    case TYPE_S16: weft_buf_printf(out, "%d", value->of.s16); break;
    case TYPE_U16: weft_buf_printf(out, "%u", value->of.u16); break;
    case TYPE_S32: put_s64(out, value->of.s32); break;
    case TYPE_U32: put_u64(out, value->of.u32); break;
    case TYPE_S64: put_s64(out, value->of.s64); break;
    case TYPE_U64: put_u64(out, value->of.u64); break;
    case TYPE_F32:
    case TYPE_F64: put_float(out, value); break;
    case TYPE_CHAR:
        weft_json_write_string(out, (weft_str_t){utf8, weft_utf8_put(value->of.character, utf8)});
        break;
    case TYPE_STRING: weft_json_write_string(out, value->of.string); break;
    case TYPE_LIST:
    case TYPE_FIXED_LIST: put_list(out, type, value); break;
    case TYPE_MAP: put_map(out, type, value); break;
    case TYPE_RECORD:
    case TYPE_TUPLE: put_fields(out, type, value); break;
    case TYPE_FLAGS: put_flags(out, type, value->of.flags); break;
    case TYPE_ENUM: weft_json_write_string(out, type->fields[value->index].name); break;
    case TYPE_VARIANT: put_variant(out, type, value); break;
    case TYPE_OPTION: put_option(out, type, value); break;
    case TYPE_RESULT:
        put_case(out, value->index ? STR_LIT("err") : STR_LIT("ok"),
                 value->index ? type->error : type->element, value);
        break;
    case TYPE_OWN:
    case TYPE_BORROW:
        put(out, "{\"resource\":");
        weft_json_write_string(out, value->of.resource->name);
        weft_buf_printf(out, ",\"handle\":%u}", value->of.resource->number);
        break;
    case TYPE_ERROR_CONTEXT:
    case TYPE_STREAM:
    case TYPE_FUTURE:
    case TYPE_KIND_COUNT: put(out, "null"); break;
    }
}
