/* Writing WAVE. */
#include <weft/value.h>

#include "support/utf8.h"
#include "value/number.h"
#include "value/wave.h"

static void put(buf_t *out, const char *text) {
    weft_buf_str(out, weft_str(text));
}

/* ---- characters ------------------------------------------------------------------------------- */

static void put_char(buf_t *out, uint32_t c, char quote) {
    char utf8[4];
    switch (c) {
    case '\\': put(out, "\\\\"); return;
    case '\t': put(out, "\\t"); return;
    case '\n': put(out, "\\n"); return;
    case '\r': put(out, "\\r"); return;
    default: break;
    }
    if (c == (uint8_t)quote) weft_buf_byte(out, '\\');
    if (weft_utf8_is_hidden(c)) weft_buf_printf(out, "\\u{%x}", (unsigned)c);
    else weft_buf_bytes(out, utf8, weft_utf8_put(c, utf8));
}

static void put_string(buf_t *out, weft_str_t str) {
    weft_buf_byte(out, '"');
    for (size_t at = 0; at < str.len;) {
        int32_t c = weft_utf8_next(str, &at);
        if (c < 0) break; /* not of the type: weft_value_check refuses it */
        put_char(out, (uint32_t)c, '"');
    }
    weft_buf_byte(out, '"');
}

/* ---- constructors ----------------------------------------------------------------------------- */

static void put_list(buf_t *out, const type_t *type, const weft_value_t *value) {
    size_t count = value->kind == WEFT_BYTES ? value->of.bytes.len : value->of.list.count;
    weft_buf_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i) put(out, ", ");
        if (value->kind == WEFT_BYTES) weft_buf_printf(out, "%u", value->of.bytes.ptr[i]);
        else weft_wave_write(out, type->element, &value->of.list.items[i]);
    }
    weft_buf_byte(out, ']');
}

static void put_map(buf_t *out, const type_t *type, const weft_value_t *value) {
    weft_buf_byte(out, '[');
    for (size_t i = 0; i + 1 < value->of.list.count; i += 2) {
        put(out, i ? ", (" : "(");
        weft_wave_write(out, type->key, &value->of.list.items[i]);
        put(out, ", ");
        weft_wave_write(out, type->element, &value->of.list.items[i + 1]);
        weft_buf_byte(out, ')');
    }
    weft_buf_byte(out, ']');
}

static void put_tuple(buf_t *out, const type_t *type, const weft_value_t *value) {
    weft_buf_byte(out, '(');
    for (uint32_t i = 0; i < type->field_count; i++) {
        if (i) put(out, ", ");
        weft_wave_write(out, type->fields[i].type, &value->of.list.items[i]);
    }
    weft_buf_byte(out, ')');
}

/* Fields that are `none` are left out; {:} when that leaves nothing. */
static void put_record(buf_t *out, const type_t *type, const weft_value_t *value) {
    bool first = true;
    weft_buf_byte(out, '{');
    for (uint32_t i = 0; i < type->field_count; i++) {
        const weft_value_t *field = &value->of.list.items[i];
        if (field->kind == WEFT_OPTION && field->index == 0) continue;
        if (!first) put(out, ", ");
        first = false;
        weft_buf_str(out, type->fields[i].name);
        put(out, ": ");
        weft_wave_write(out, type->fields[i].type, field);
    }
    put(out, first ? ":}" : "}");
}

static void put_flags(buf_t *out, const type_t *type, uint32_t flags) {
    bool first = true;
    weft_buf_byte(out, '{');
    for (uint32_t i = 0; i < type->field_count && i < 32; i++) {
        if (!(flags >> i & 1)) continue;
        if (!first) put(out, ", ");
        first = false;
        weft_buf_str(out, type->fields[i].name);
    }
    weft_buf_byte(out, '}');
}

static void put_case(buf_t *out, const type_t *type, const weft_value_t *value) {
    weft_str_t name = type->fields[value->index].name;
    if (weft_wave_is_keyword(name)) weft_buf_byte(out, '%');
    weft_buf_str(out, name);
}

static void put_payload(buf_t *out, const type_t *payload, const weft_value_t *value) {
    if (!payload) return;
    weft_buf_byte(out, '(');
    weft_wave_write(out, payload, value->of.payload);
    weft_buf_byte(out, ')');
}

static void put_handle(buf_t *out, const weft_resource_t *resource) {
    weft_buf_printf(out, "<%.*s %u>", STR_ARG(resource->name), resource->number);
}

/* ---- any value -------------------------------------------------------------------------------- */

void weft_wave_write(buf_t *out, const type_t *type, const weft_value_t *value) {
    switch (type->kind) {
    case TYPE_BOOL: put(out, value->of.boolean ? "true" : "false"); break;
    case TYPE_S8: weft_buf_printf(out, "%d", value->of.s8); break;
    case TYPE_U8: weft_buf_printf(out, "%u", value->of.u8); break;
    case TYPE_S16: weft_buf_printf(out, "%d", value->of.s16); break;
    case TYPE_U16: weft_buf_printf(out, "%u", value->of.u16); break;
    case TYPE_S32: weft_buf_printf(out, "%ld", (long)value->of.s32); break;
    case TYPE_U32: weft_buf_printf(out, "%lu", (unsigned long)value->of.u32); break;
    case TYPE_S64: weft_buf_printf(out, "%lld", (long long)value->of.s64); break;
    case TYPE_U64: weft_buf_printf(out, "%llu", (unsigned long long)value->of.u64); break;
    case TYPE_F32: weft_number_put_f32(out, value->of.f32); break;
    case TYPE_F64: weft_number_put_f64(out, value->of.f64); break;
    case TYPE_CHAR:
        weft_buf_byte(out, '\'');
        put_char(out, value->of.character, '\'');
        weft_buf_byte(out, '\'');
        break;
    case TYPE_STRING: put_string(out, value->of.string); break;
    case TYPE_LIST:
    case TYPE_FIXED_LIST: put_list(out, type, value); break;
    case TYPE_MAP: put_map(out, type, value); break;
    case TYPE_TUPLE: put_tuple(out, type, value); break;
    case TYPE_RECORD: put_record(out, type, value); break;
    case TYPE_FLAGS: put_flags(out, type, value->of.flags); break;
    case TYPE_ENUM: put_case(out, type, value); break;
    case TYPE_VARIANT:
        put_case(out, type, value);
        put_payload(out, type->fields[value->index].type, value);
        break;
    case TYPE_OPTION:
        put(out, value->index ? "some" : "none");
        put_payload(out, value->index ? type->element : NULL, value);
        break;
    case TYPE_RESULT:
        put(out, value->index ? "err" : "ok");
        put_payload(out, value->index ? type->error : type->element, value);
        break;
    case TYPE_OWN:
    case TYPE_BORROW: put_handle(out, value->of.resource); break;
    case TYPE_ERROR_CONTEXT:
    case TYPE_STREAM:
    case TYPE_FUTURE:
    case TYPE_KIND_COUNT: break;
    }
}
