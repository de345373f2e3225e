/* Import and export definitions (Binary.md, Import and Export Definitions). */
#include "component/binary/io.h"

/* ---- names with attributes ---- */

static weft_error_t *read_attribute(reader_t *reader, attribute_t *attribute) {
    TRY(weft_read_byte(&reader->in, &attribute->kind));
    if (attribute->kind >= ATTRIBUTE_KIND_COUNT)
        return weft_unknown_byte(reader, "name attribute", attribute->kind);
    return weft_read_name(&reader->in, &attribute->text);
}

weft_error_t *weft_read_extern_name(reader_t *reader, extern_name_t *name) {
    *name = (extern_name_t){0};
    TRY(weft_read_byte(&reader->in, &name->form));
    if (name->form > 2) return weft_unknown_byte(reader, "form of an extern name", name->form);
    TRY(weft_read_name(&reader->in, &name->name));
    if (name->form != 2) return NULL;
    TRY(weft_read_count(&reader->in, 2, "attributes", &name->attribute_count));
    TRY(READ_ARRAY(reader, name->attribute_count, attribute_t, name->attributes));
    for (uint32_t i = 0; i < name->attribute_count; i++)
        TRY(read_attribute(reader, &name->attributes[i]));
    return NULL;
}

void weft_write_extern_name(writer_t *writer, const extern_name_t *name) {
    weft_buf_byte(&writer->buf, name->form);
    weft_buf_name(&writer->buf, name->name);
    if (name->form != 2) return;
    weft_buf_u32(&writer->buf, name->attribute_count);
    for (uint32_t i = 0; i < name->attribute_count; i++) {
        weft_buf_byte(&writer->buf, name->attributes[i].kind);
        weft_buf_name(&writer->buf, name->attributes[i].text);
    }
}

/* ---- externtype ----
 *
 * A value's type stands behind its sort without a bound byte: so wasm-tools writes and reads it, the
 * only tool that does; Binary.md has a valuebound there, for a feature that no engine has. */

weft_error_t *weft_read_extern_desc(reader_t *reader, extern_desc_t *desc) {
    *desc = (extern_desc_t){0};
    TRY(weft_read_sort(reader, &desc->sort));
    bool second;
    switch (desc->sort) {
    case SORT_CORE_MODULE: return weft_read_ref(reader, SORT_CORE_TYPE, &desc->type);
    case SORT_FUNC:
    case SORT_COMPONENT:
    case SORT_INSTANCE: return weft_read_ref(reader, SORT_TYPE, &desc->type);
    case SORT_VALUE: return weft_read_valtype(reader, &desc->valtype);
    case SORT_TYPE:
        TRY(weft_read_flag(reader, "type bound", &second));
        return second ? NULL : weft_read_ref(reader, SORT_TYPE, &desc->type);
    default:
        return weft_cursor_error(&reader->in, "a %s cannot be imported or exported",
                                 weft_sort_words(desc->sort));
    }
}

void weft_write_extern_desc(writer_t *writer, const extern_desc_t *desc) {
    weft_write_sort(&writer->buf, desc->sort);
    if (desc->sort == SORT_VALUE) {
        weft_write_valtype(writer, desc->valtype);
        return;
    }
    if (desc->sort == SORT_TYPE) weft_buf_byte(&writer->buf, desc->type ? 0x00 : 0x01);
    if (desc->type) weft_write_ref(writer, desc->type);
}

/* ---- imports, importdecl, exportdecl ---- */

weft_error_t *weft_read_import(reader_t *reader, def_t *def) {
    def->kind = DEF_IMPORT;
    TRY(weft_read_extern_name(reader, &def->import.name));
    TRY(weft_read_extern_desc(reader, &def->import.desc));
    def->sort = (uint8_t)def->import.desc.sort;
    return NULL;
}

void weft_write_import(writer_t *writer, const def_t *def) {
    weft_write_extern_name(writer, &def->import.name);
    weft_write_extern_desc(writer, &def->import.desc);
}

/* ---- exports ---- */

weft_error_t *weft_read_export(reader_t *reader, def_t *def) {
    sort_t sort;
    def->kind = DEF_EXPORT;
    TRY(weft_read_extern_name(reader, &def->export_.name));
    TRY(weft_read_sort_ref(reader, &sort, &def->export_.target));
    if (sort < SORT_FUNC && sort != SORT_CORE_MODULE)
        return weft_cursor_error(&reader->in, "a %s cannot be exported", weft_sort_words(sort));
    def->sort = (uint8_t)sort;
    TRY(weft_read_flag(reader, "export ascription", &def->export_.has_desc));
    return def->export_.has_desc ? weft_read_extern_desc(reader, &def->export_.desc) : NULL;
}

void weft_write_export(writer_t *writer, const def_t *def) {
    weft_write_extern_name(writer, &def->export_.name);
    weft_write_sort(&writer->buf, (sort_t)def->sort);
    weft_write_ref(writer, def->export_.target);
    weft_buf_byte(&writer->buf, def->export_.has_desc ? 0x01 : 0x00);
    if (def->export_.has_desc) weft_write_extern_desc(writer, &def->export_.desc);
}
