/* Type definitions (Binary.md, Type Definitions), with the bodies of component and instance types. */
#include "component/binary/io.h"

enum {
    DECL_CORE_TYPE = 0x00,
    DECL_TYPE = 0x01,
    DECL_ALIAS = 0x02,
    DECL_IMPORT = 0x03,
    DECL_EXPORT = 0x04
};

/* ---- labels ---- */

typedef enum label_form {
    LABEL_AND_TYPE,   /* record fields, parameters */
    LABEL_MAYBE_TYPE, /* variant cases, with a 0x00 behind each */
    LABEL_ONLY,       /* flags, enum */
    TYPE_ONLY         /* tuple */
} label_form_t;

static label_form_t label_form(type_op_t op) {
    switch (op) {
    case TYPE_OP_VARIANT: return LABEL_MAYBE_TYPE;
    case TYPE_OP_FLAGS:
    case TYPE_OP_ENUM: return LABEL_ONLY;
    case TYPE_OP_TUPLE: return TYPE_ONLY;
    default: return LABEL_AND_TYPE;
    }
}

static weft_error_t *read_optional(reader_t *reader, bool *has, valtype_t *type) {
    TRY(weft_read_flag(reader, "optional type", has));
    return *has ? weft_read_valtype(reader, type) : NULL;
}

static weft_error_t *read_label(reader_t *reader, label_form_t form, label_t *label) {
    uint8_t zero;
    if (form != TYPE_ONLY) TRY(weft_read_name(&reader->in, &label->name));
    switch (form) {
    case LABEL_ONLY: return NULL;
    case LABEL_MAYBE_TYPE:
        TRY(read_optional(reader, &label->has_type, &label->type));
        TRY(weft_read_byte(&reader->in, &zero));
        return zero ? weft_unknown_byte(reader, "refinement of a variant case", zero) : NULL;
    default: label->has_type = true; return weft_read_valtype(reader, &label->type);
    }
}

static weft_error_t *read_labels(reader_t *reader, type_def_t *type) {
    label_form_t form = label_form(type->op);
    TRY(weft_read_count(&reader->in, 1, "labels", &type->label_count));
    TRY(READ_ARRAY(reader, type->label_count, label_t, type->labels));
    for (uint32_t i = 0; i < type->label_count; i++)
        TRY(read_label(reader, form, &type->labels[i]));
    return NULL;
}

static void write_optional(writer_t *writer, bool has, valtype_t type) {
    weft_buf_byte(&writer->buf, has);
    if (has) weft_write_valtype(writer, type);
}

static void write_labels(writer_t *writer, const type_def_t *type) {
    label_form_t form = label_form(type->op);
    weft_buf_u32(&writer->buf, type->label_count);
    for (uint32_t i = 0; i < type->label_count; i++) {
        const label_t *label = &type->labels[i];
        if (form != TYPE_ONLY) weft_buf_name(&writer->buf, label->name);
        if (form == LABEL_MAYBE_TYPE) {
            write_optional(writer, label->has_type, label->type);
            weft_buf_byte(&writer->buf, 0x00);
        } else if (form != LABEL_ONLY) {
            weft_write_valtype(writer, label->type);
        }
    }
}

/* ---- bodies of component and instance types ---- */

static weft_error_t *read_export_decl(reader_t *reader, def_t *def) {
    TRY(weft_read_import(reader, def));
    def->kind = DEF_EXPORT_DECL;
    return NULL;
}

static weft_error_t *read_decl(reader_t *reader, def_t *def) {
    uint8_t form;
    TRY(weft_read_byte(&reader->in, &form));
    switch (form) {
    case DECL_CORE_TYPE: return weft_read_core_type(reader, def);
    case DECL_TYPE: return weft_read_type(reader, def);
    case DECL_ALIAS: return weft_read_alias(reader, def);
    case DECL_EXPORT: return read_export_decl(reader, def);
    case DECL_IMPORT:
        if (reader->scope->kind == SCOPE_COMPONENT_TYPE) return weft_read_import(reader, def);
        break;
    default: break;
    }
    return weft_unknown_byte(reader, "declaration in a type", form);
}

static weft_error_t *read_body(reader_t *reader, def_t *owner, scope_kind_t kind) {
    scope_t *body;
    uint32_t count;
    if (reader->scope->depth >= MAX_DEPTH)
        return weft_error_at(WEFT_LIMIT, weft_cursor_offset(&reader->in),
                             "types nested deeper than %d", MAX_DEPTH);
    TRY(weft_scope_new(reader->scope->document, reader->scope, owner, kind, &body));
    const uint8_t *start = reader->in.at;
    TRY(weft_read_count(&reader->in, 2, "declarations", &count));
    reader_t inner = {reader->in, body, reader->arena};
    for (uint32_t i = 0; i < count; i++) {
        def_t *def;
        TRY(weft_def_new(body, DEF_TYPE, SORT_TYPE, &def));
        def->source.ptr = inner.in.at;
        TRY(read_decl(&inner, def));
        def->source.len = (size_t)(inner.in.at - def->source.ptr);
        TRY(weft_scope_append_read(body, def));
    }
    reader->in = inner.in;
    body->source = (weft_bytes_t){start, (size_t)(reader->in.at - start)};
    owner->type.body = body;
    return NULL;
}

static void write_decl(writer_t *writer, const def_t *def) {
    buf_t *buf = &writer->buf;
    switch (def->kind) {
    case DEF_CORE_TYPE:
    case DEF_CORE_MODULE_TYPE:
        weft_buf_byte(buf, DECL_CORE_TYPE);
        weft_write_core_type(writer, def);
        break;
    case DEF_TYPE:
        weft_buf_byte(buf, DECL_TYPE);
        weft_write_type(writer, def);
        break;
    case DEF_IMPORT:
    case DEF_EXPORT_DECL:
        weft_buf_byte(buf, def->kind == DEF_IMPORT ? DECL_IMPORT : DECL_EXPORT);
        weft_write_import(writer, def);
        break;
    default: weft_buf_byte(buf, DECL_ALIAS); weft_write_alias(writer, def);
    }
}

/* ---- types ---- */

/* resourcetype ::= 0x3f t:<core:valtype> f?:<core:funcidx>? */
static weft_error_t *read_resource(reader_t *reader, type_def_t *type) {
    bool has_dtor = false;
    TRY(weft_read_byte(&reader->in, &type->rep));
    TRY(weft_read_flag(reader, "optional destructor", &has_dtor));
    return has_dtor ? weft_read_ref(reader, SORT_CORE_FUNC, &type->dtor) : NULL;
}

weft_error_t *weft_read_type(reader_t *reader, def_t *def) {
    uint8_t opcode;
    type_def_t *type = &def->type;
    def->kind = DEF_TYPE;
    def->sort = SORT_TYPE;
    TRY(weft_read_byte(&reader->in, &opcode));
    type->op = (type_op_t)opcode;
    switch (type->op) {
    case TYPE_OP_RECORD:
    case TYPE_OP_VARIANT:
    case TYPE_OP_TUPLE:
    case TYPE_OP_FLAGS:
    case TYPE_OP_ENUM: return read_labels(reader, type);
    case TYPE_OP_LIST:
    case TYPE_OP_OPTION: type->has_element = true; return weft_read_valtype(reader, &type->element);
    case TYPE_OP_FIXED_LIST:
        type->has_element = true;
        TRY(weft_read_valtype(reader, &type->element));
        return weft_read_u32(&reader->in, &type->length);
    case TYPE_OP_MAP:
        type->has_element = true;
        TRY(weft_read_valtype(reader, &type->key));
        return weft_read_valtype(reader, &type->element);
    case TYPE_OP_RESULT:
        TRY(read_optional(reader, &type->has_element, &type->element));
        return read_optional(reader, &type->has_error, &type->error);
    case TYPE_OP_STREAM:
    case TYPE_OP_FUTURE: return read_optional(reader, &type->has_element, &type->element);
    case TYPE_OP_OWN:
    case TYPE_OP_BORROW: return weft_read_ref(reader, SORT_TYPE, &type->resource);
    case TYPE_OP_FUNC:
    case TYPE_OP_ASYNC_FUNC:
        TRY(read_labels(reader, type));
        return weft_read_result_list(reader, &type->has_element, &type->element);
    case TYPE_OP_COMPONENT: return read_body(reader, def, SCOPE_COMPONENT_TYPE);
    case TYPE_OP_INSTANCE: return read_body(reader, def, SCOPE_INSTANCE_TYPE);
    case TYPE_OP_RESOURCE: return read_resource(reader, type);
    default: break;
    }
    if (!weft_prim_words((prim_t)opcode)) return weft_unknown_byte(reader, "type", opcode);
    type->op = TYPE_OP_PRIM;
    type->has_element = true;
    type->element.prim = (prim_t)opcode;
    return NULL;
}

void weft_write_type(writer_t *writer, const def_t *def) {
    const type_def_t *type = &def->type;
    buf_t *buf = &writer->buf;
    if (type->op == TYPE_OP_PRIM) {
        weft_buf_byte(buf, (uint8_t)type->element.prim);
        return;
    }
    weft_buf_byte(buf, (uint8_t)type->op);
    switch (type->op) {
    case TYPE_OP_PRIM: break;
    case TYPE_OP_RECORD:
    case TYPE_OP_VARIANT:
    case TYPE_OP_TUPLE:
    case TYPE_OP_FLAGS:
    case TYPE_OP_ENUM: write_labels(writer, type); break;
    case TYPE_OP_LIST:
    case TYPE_OP_OPTION: weft_write_valtype(writer, type->element); break;
    case TYPE_OP_FIXED_LIST:
        weft_write_valtype(writer, type->element);
        weft_buf_u32(buf, type->length);
        break;
    case TYPE_OP_MAP:
        weft_write_valtype(writer, type->key);
        weft_write_valtype(writer, type->element);
        break;
    case TYPE_OP_RESULT:
        write_optional(writer, type->has_element, type->element);
        write_optional(writer, type->has_error, type->error);
        break;
    case TYPE_OP_STREAM:
    case TYPE_OP_FUTURE: write_optional(writer, type->has_element, type->element); break;
    case TYPE_OP_OWN:
    case TYPE_OP_BORROW: weft_write_ref(writer, type->resource); break;
    case TYPE_OP_FUNC:
    case TYPE_OP_ASYNC_FUNC:
        write_labels(writer, type);
        weft_write_result_list(writer, type->has_element, type->element);
        break;
    case TYPE_OP_COMPONENT:
    case TYPE_OP_INSTANCE: weft_write_body_defs(writer, type->body, write_decl); break;
    case TYPE_OP_RESOURCE:
        weft_buf_byte(buf, type->rep);
        weft_buf_byte(buf, type->dtor ? 0x01 : 0x00);
        if (type->dtor) weft_write_ref(writer, type->dtor);
        break;
    }
}
