/* Index spaces, sorts and value types: the small productions that every section uses (Binary.md,
 * Instance Definitions and Type Definitions). */
#include "component/binary/io.h"

weft_error_t *weft_unknown_byte(const reader_t *reader, const char *what, uint8_t byte) {
    cursor_t before = reader->in;
    before.at--;
    return weft_cursor_error(&before, "unknown %s 0x%02x", what, byte);
}

/* ---- references ---- */

weft_error_t *weft_scope_at(reader_t *reader, const scope_t *scope, sort_t sort, uint32_t index,
                            uint64_t offset, def_t **def) {
    const index_space_t *space = &scope->spaces[sort];
    if (index >= space->count)
        return weft_error_at(WEFT_INVALID, offset, "%s index %u is out of bounds (%u are defined)",
                             weft_sort_words(sort), index, space->count);
    def_t *found = space->items[index];
    /* A body that is parsed late may refer only to what stands before it in the scopes around it: neither to
     * what comes after it nor to the definition that it is the body of. */
    if (scope != reader->scope && found->source.ptr + found->source.len >= reader->in.at)
        return weft_error_at(WEFT_INVALID, offset, "%s %u is defined only after its use here",
                             weft_sort_words(sort), index);
    *def = found;
    return NULL;
}

weft_error_t *weft_read_ref(reader_t *reader, sort_t sort, def_t **def) {
    uint64_t offset = weft_cursor_offset(&reader->in);
    uint32_t index;
    TRY(weft_read_u32(&reader->in, &index));
    return weft_scope_at(reader, reader->scope, sort, index, offset, def);
}

void weft_write_ref(writer_t *writer, const def_t *def) {
    if (def->index == UINT32_MAX && !writer->error)
        writer->error = weft_error_new(WEFT_INTERNAL, "a reference to a %s that comes later",
                                       weft_sort_words((sort_t)def->sort));
    weft_buf_u32(&writer->buf, def->index);
}

/* ---- sorts ---- */

static weft_error_t *read_sort_bytes(reader_t *reader, uint8_t first, uint8_t second,
                                     sort_t *sort) {
    switch (first << 8 | second) {
#define X(name, one, two, words)                                                                   \
    case one << 8 | two: *sort = SORT_##name; return NULL;
        SORTS(X)
#undef X
    default: return weft_unknown_byte(reader, "sort", first ? first : second);
    }
}

weft_error_t *weft_read_core_sort(reader_t *reader, sort_t *sort) {
    uint8_t byte;
    TRY(weft_read_byte(&reader->in, &byte));
    return read_sort_bytes(reader, 0, byte, sort);
}

weft_error_t *weft_read_sort(reader_t *reader, sort_t *sort) {
    uint8_t byte;
    TRY(weft_read_byte(&reader->in, &byte));
    return byte == 0 ? weft_read_core_sort(reader, sort) : read_sort_bytes(reader, byte, 0, sort);
}

weft_error_t *weft_read_sort_ref(reader_t *reader, sort_t *sort, def_t **def) {
    TRY(weft_read_sort(reader, sort));
    return weft_read_ref(reader, *sort, def);
}

static const struct {
    uint8_t first, second;
} sort_bytes[] = {
#define X(name, one, two, words) {one, two},
    SORTS(X)
#undef X
};

void weft_write_core_sort(buf_t *buf, sort_t sort) {
    weft_buf_byte(buf, sort_bytes[sort].second);
}

void weft_write_sort(buf_t *buf, sort_t sort) {
    weft_buf_byte(buf, sort_bytes[sort].first);
    if (sort_bytes[sort].first == 0) weft_write_core_sort(buf, sort);
}

/* ---- value types ---- */

weft_error_t *weft_read_valtype(reader_t *reader, valtype_t *type) {
    cursor_t start = reader->in;
    int64_t value;
    TRY(weft_read_s33(&reader->in, &value));
    if (value >= 0) {
        *type = (valtype_t){.prim = PRIM_NONE};
        return weft_scope_at(reader, reader->scope, SORT_TYPE, (uint32_t)value,
                             weft_cursor_offset(&start), &type->def);
    }
    prim_t prim = value >= -64 ? (prim_t)(value & 0x7F) : PRIM_NONE;
    if (!weft_prim_words(prim))
        return weft_cursor_error(&start, "unknown value type 0x%02x", *start.at);
    *type = (valtype_t){.prim = prim};
    return NULL;
}

void weft_write_valtype(writer_t *writer, valtype_t type) {
    if (type.prim != PRIM_NONE) {
        weft_buf_byte(&writer->buf, (uint8_t)type.prim);
        return;
    }
    size_t at = writer->buf.len;
    weft_write_ref(writer, type.def); /* checks the index */
    writer->buf.len = at;
    weft_buf_s33(&writer->buf, type.def->index);
}

weft_error_t *weft_read_flag(reader_t *reader, const char *what, bool *flag) {
    uint8_t byte;
    TRY(weft_read_byte(&reader->in, &byte));
    if (byte > 1) return weft_unknown_byte(reader, what, byte);
    *flag = byte == 1;
    return NULL;
}

/* resultlist ::= 0x00 t:<valtype> | 0x01 0x00 */
weft_error_t *weft_read_result_list(reader_t *reader, bool *has_result, valtype_t *type) {
    bool none = false;
    TRY(weft_read_flag(reader, "result list", &none));
    *has_result = !none;
    if (!none) return weft_read_valtype(reader, type);
    uint8_t zero;
    TRY(weft_read_byte(&reader->in, &zero));
    return zero ? weft_unknown_byte(reader, "result count", zero) : NULL;
}

void weft_write_result_list(writer_t *writer, bool has_result, valtype_t type) {
    weft_buf_byte(&writer->buf, has_result ? 0x00 : 0x01);
    if (has_result) weft_write_valtype(writer, type);
    else weft_buf_byte(&writer->buf, 0x00);
}
