/* Core types and core module types inside components (Binary.md, Type Definitions, core:deftype).
 * Function types and module types are read; types of the GC proposal are refused by name. */
#include "component/binary/io.h"

enum {
    CORE_FUNC_TYPE = 0x60,
    CORE_MODULE_TYPE = 0x50,
    CORE_REF = 0x64,
    CORE_REF_NULL = 0x63,
    DECL_IMPORT = 0x00,
    DECL_TYPE = 0x01,
    DECL_ALIAS = 0x02,
    DECL_EXPORT = 0x03,
    LIMITS_MAX = 0x01,
    LIMITS_PAGE_SIZE = 0x08
};

/* ---- core value types ---- */

static weft_error_t *read_core_valtype(reader_t *reader, core_valtype_t *type) {
    uint64_t offset = weft_cursor_offset(&reader->in);
    TRY(weft_read_byte(&reader->in, &type->code));
    if (type->code == CORE_REF || type->code == CORE_REF_NULL) {
        TRY(weft_read_s33(&reader->in, &type->heap));
        return type->heap < 0 ? NULL
                              : weft_scope_at(reader, reader->scope, SORT_CORE_TYPE,
                                              (uint32_t)type->heap, offset, &type->def);
    }
    /* i32 ... v128, then the one-byte reference types */
    bool known =
        (type->code >= 0x7b && type->code <= 0x7f) || (type->code >= 0x68 && type->code <= 0x75);
    return known ? NULL : weft_unknown_byte(reader, "core value type", type->code);
}

static void write_core_valtype(writer_t *writer, const core_valtype_t *type) {
    weft_buf_byte(&writer->buf, type->code);
    if (type->code != CORE_REF && type->code != CORE_REF_NULL) return;
    weft_buf_s33(&writer->buf, type->def ? (int64_t)type->def->index : type->heap);
}

static weft_error_t *read_core_valtypes(reader_t *reader, core_valtype_t **types, uint32_t *count) {
    TRY(weft_read_count(&reader->in, 1, "core value types", count));
    TRY(READ_ARRAY(reader, *count, core_valtype_t, *types));
    for (uint32_t i = 0; i < *count; i++) TRY(read_core_valtype(reader, &(*types)[i]));
    return NULL;
}

static void write_core_valtypes(writer_t *writer, const core_valtype_t *types, uint32_t count) {
    weft_buf_u32(&writer->buf, count);
    for (uint32_t i = 0; i < count; i++) write_core_valtype(writer, &types[i]);
}

/* ---- core extern types ---- */

static weft_error_t *read_limits(reader_t *reader, core_limits_t *limits) {
    TRY(weft_read_byte(&reader->in, &limits->flags));
    if (limits->flags > 0x0F) return weft_unknown_byte(reader, "limits", limits->flags);
    TRY(weft_read_u64(&reader->in, &limits->min));
    if (limits->flags & LIMITS_MAX) TRY(weft_read_u64(&reader->in, &limits->max));
    return limits->flags & LIMITS_PAGE_SIZE ? weft_read_u32(&reader->in, &limits->page_size_log2)
                                            : NULL;
}

static void write_limits(writer_t *writer, const core_limits_t *limits) {
    weft_buf_byte(&writer->buf, limits->flags);
    weft_buf_u64(&writer->buf, limits->min);
    if (limits->flags & LIMITS_MAX) weft_buf_u64(&writer->buf, limits->max);
    if (limits->flags & LIMITS_PAGE_SIZE) weft_buf_u32(&writer->buf, limits->page_size_log2);
}

static weft_error_t *read_core_extern(reader_t *reader, core_extern_t *desc) {
    TRY(weft_read_byte(&reader->in, &desc->kind));
    switch (desc->kind) {
    case CORE_EXTERN_FUNC: return weft_read_ref(reader, SORT_CORE_TYPE, &desc->type);
    case CORE_EXTERN_TABLE:
        TRY(read_core_valtype(reader, &desc->value));
        return read_limits(reader, &desc->limits);
    case CORE_EXTERN_MEMORY: return read_limits(reader, &desc->limits);
    case CORE_EXTERN_GLOBAL:
        TRY(read_core_valtype(reader, &desc->value));
        TRY(weft_read_byte(&reader->in, &desc->flags));
        if (desc->flags > 3) return weft_unknown_byte(reader, "mutability", desc->flags);
        return NULL;
    case CORE_EXTERN_TAG:
        TRY(weft_read_byte(&reader->in, &desc->flags));
        if (desc->flags) return weft_unknown_byte(reader, "tag attribute", desc->flags);
        return weft_read_ref(reader, SORT_CORE_TYPE, &desc->type);
    default: return weft_unknown_byte(reader, "core extern type", desc->kind);
    }
}

static void write_core_extern(writer_t *writer, const core_extern_t *desc) {
    weft_buf_byte(&writer->buf, desc->kind);
    switch (desc->kind) {
    case CORE_EXTERN_TABLE:
        write_core_valtype(writer, &desc->value);
        write_limits(writer, &desc->limits);
        break;
    case CORE_EXTERN_MEMORY: write_limits(writer, &desc->limits); break;
    case CORE_EXTERN_GLOBAL:
        write_core_valtype(writer, &desc->value);
        weft_buf_byte(&writer->buf, desc->flags);
        break;
    case CORE_EXTERN_TAG: weft_buf_byte(&writer->buf, desc->flags); /* fall through */
    default: weft_write_ref(writer, desc->type);
    }
}

/* ---- module types ---- */

static weft_error_t *read_module_decl(reader_t *reader, def_t *def) {
    uint8_t form;
    TRY(weft_read_byte(&reader->in, &form));
    switch (form) {
    case DECL_TYPE: return weft_read_core_type(reader, def);
    case DECL_ALIAS: return weft_read_alias(reader, def);
    case DECL_IMPORT:
    case DECL_EXPORT:
        def->kind = form == DECL_IMPORT ? DEF_CORE_IMPORT_DECL : DEF_CORE_EXPORT_DECL;
        def->sort = SORT_NONE;
        if (form == DECL_IMPORT) TRY(weft_read_name(&reader->in, &def->core_decl.module));
        TRY(weft_read_name(&reader->in, &def->core_decl.name));
        return read_core_extern(reader, &def->core_decl.desc);
    default: return weft_unknown_byte(reader, "declaration in a module type", form);
    }
}

static void write_module_decl(writer_t *writer, const def_t *def) {
    buf_t *buf = &writer->buf;
    switch (def->kind) {
    case DEF_CORE_TYPE:
        weft_buf_byte(buf, DECL_TYPE);
        weft_write_core_type(writer, def);
        break;
    case DEF_CORE_IMPORT_DECL:
    case DEF_CORE_EXPORT_DECL:
        weft_buf_byte(buf, def->kind == DEF_CORE_IMPORT_DECL ? DECL_IMPORT : DECL_EXPORT);
        if (def->kind == DEF_CORE_IMPORT_DECL) weft_buf_name(buf, def->core_decl.module);
        weft_buf_name(buf, def->core_decl.name);
        write_core_extern(writer, &def->core_decl.desc);
        break;
    default: weft_buf_byte(buf, DECL_ALIAS); weft_write_alias(writer, def);
    }
}

static weft_error_t *read_module_type(reader_t *reader, def_t *owner) {
    scope_t *body;
    uint32_t count;
    if (reader->scope->kind == SCOPE_MODULE_TYPE)
        return weft_cursor_error(&reader->in, "a module type inside a module type");
    TRY(weft_scope_new(reader->scope->document, reader->scope, owner, SCOPE_MODULE_TYPE, &body));
    const uint8_t *start = reader->in.at;
    TRY(weft_read_count(&reader->in, 2, "declarations", &count));
    reader_t inner = {reader->in, body, reader->arena};
    for (uint32_t i = 0; i < count; i++) {
        def_t *def;
        TRY(weft_def_new(body, DEF_CORE_TYPE, SORT_CORE_TYPE, &def));
        def->source.ptr = inner.in.at;
        TRY(read_module_decl(&inner, def));
        def->source.len = (size_t)(inner.in.at - def->source.ptr);
        TRY(weft_scope_append_read(body, def));
    }
    reader->in = inner.in;
    body->source = (weft_bytes_t){start, (size_t)(reader->in.at - start)};
    owner->body = body;
    return NULL;
}

/* ---- core types ---- */

weft_error_t *weft_read_core_type(reader_t *reader, def_t *def) {
    uint8_t form;
    def->sort = SORT_CORE_TYPE;
    TRY(weft_read_byte(&reader->in, &form));
    switch (form) {
    case CORE_MODULE_TYPE: def->kind = DEF_CORE_MODULE_TYPE; return read_module_type(reader, def);
    case CORE_FUNC_TYPE:
        def->kind = DEF_CORE_TYPE;
        TRY(read_core_valtypes(reader, &def->core_func.params, &def->core_func.param_count));
        return read_core_valtypes(reader, &def->core_func.results, &def->core_func.result_count);
    case 0x00: /* a non-final sub type */
    case 0x4e: /* rec */
    case 0x4f: /* sub final */
    case 0x5d: /* cont */
    case 0x5e: /* array */
    case 0x5f: /* struct */
    {
        cursor_t start = reader->in;
        start.at--;
        return weft_error_at(
            WEFT_UNSUPPORTED, weft_cursor_offset(&start),
            "core type 0x%02x belongs to the GC proposal, which weft does not read "
            "in components",
            form);
    }
    default: return weft_unknown_byte(reader, "core type", form);
    }
}

void weft_write_core_type(writer_t *writer, const def_t *def) {
    if (def->kind == DEF_CORE_MODULE_TYPE) {
        weft_buf_byte(&writer->buf, CORE_MODULE_TYPE);
        weft_write_body_defs(writer, def->body, write_module_decl);
        return;
    }
    weft_buf_byte(&writer->buf, CORE_FUNC_TYPE);
    write_core_valtypes(writer, def->core_func.params, def->core_func.param_count);
    write_core_valtypes(writer, def->core_func.results, def->core_func.result_count);
}
