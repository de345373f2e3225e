/* Alias definitions (Binary.md, Alias Definitions). An outer alias holds the entity itself; how many
 * scopes out it lies is reckoned when it is written. */
#include "component/binary/io.h"

enum { ALIAS_EXPORT = 0x00, ALIAS_CORE_EXPORT = 0x01, ALIAS_OUTER = 0x02 };

static weft_error_t *read_outer(reader_t *reader, def_t *def) {
    uint64_t offset = weft_cursor_offset(&reader->in);
    uint32_t count, index;
    TRY(weft_read_u32(&reader->in, &count));
    const scope_t *scope = reader->scope;
    for (uint32_t i = 0; i < count; i++) {
        if (scope->is_file_root || !scope->parent)
            return weft_error_at(WEFT_INVALID, offset,
                                 "an outer alias over %u scopes where %u enclose it", count, i);
        scope = scope->parent;
    }
    offset = weft_cursor_offset(&reader->in);
    TRY(weft_read_u32(&reader->in, &index));
    return weft_scope_at(reader, scope, (sort_t)def->sort, index, offset, &def->alias.target);
}

/* In a module type the sort comes first too, but the byte behind it is 0x01 (core:alias). */
static weft_error_t *read_core_decl_alias(reader_t *reader, def_t *def) {
    sort_t sort;
    uint8_t form;
    TRY(weft_read_core_sort(reader, &sort));
    if (sort != SORT_CORE_TYPE)
        return weft_cursor_error(&reader->in, "a module type can alias core types only");
    TRY(weft_read_byte(&reader->in, &form));
    if (form != 0x01) return weft_unknown_byte(reader, "alias in a module type", form);
    def->kind = DEF_ALIAS_OUTER;
    def->sort = (uint8_t)sort;
    return read_outer(reader, def);
}

weft_error_t *weft_read_alias(reader_t *reader, def_t *def) {
    if (reader->scope->kind == SCOPE_MODULE_TYPE) return read_core_decl_alias(reader, def);
    sort_t sort;
    uint8_t form;
    TRY(weft_read_sort(reader, &sort));
    TRY(weft_read_byte(&reader->in, &form));
    def->sort = (uint8_t)sort;
    switch (form) {
    case ALIAS_EXPORT:
        def->kind = DEF_ALIAS_EXPORT;
        if (sort < SORT_FUNC && sort != SORT_CORE_MODULE)
            return weft_cursor_error(&reader->in, "an instance exports no %s",
                                     weft_sort_words(sort));
        TRY(weft_read_ref(reader, SORT_INSTANCE, &def->alias.target));
        return weft_read_name(&reader->in, &def->alias.name);
    case ALIAS_CORE_EXPORT:
        def->kind = DEF_ALIAS_CORE_EXPORT;
        if (sort > SORT_CORE_TAG)
            return weft_cursor_error(&reader->in, "a core instance exports no %s",
                                     weft_sort_words(sort));
        TRY(weft_read_ref(reader, SORT_CORE_INSTANCE, &def->alias.target));
        return weft_read_name(&reader->in, &def->alias.name);
    case ALIAS_OUTER:
        def->kind = DEF_ALIAS_OUTER;
        if (sort != SORT_TYPE && sort != SORT_COMPONENT && sort != SORT_CORE_TYPE &&
            sort != SORT_CORE_MODULE)
            return weft_cursor_error(&reader->in, "a %s cannot be aliased from an outer scope",
                                     weft_sort_words(sort));
        return read_outer(reader, def);
    default: return weft_unknown_byte(reader, "alias", form);
    }
}

void weft_write_alias(writer_t *writer, const def_t *def) {
    buf_t *buf = &writer->buf;
    if (def->scope->kind == SCOPE_MODULE_TYPE) {
        weft_write_core_sort(&writer->buf, (sort_t)def->sort);
        weft_buf_byte(buf, 0x01);
    } else {
        weft_write_sort(&writer->buf, (sort_t)def->sort);
        weft_buf_byte(buf, def->kind == DEF_ALIAS_EXPORT        ? ALIAS_EXPORT
                           : def->kind == DEF_ALIAS_CORE_EXPORT ? ALIAS_CORE_EXPORT
                                                                : ALIAS_OUTER);
    }
    if (def->kind == DEF_ALIAS_OUTER)
        weft_buf_u32(buf, def->scope->depth - def->alias.target->scope->depth);
    weft_write_ref(writer, def->alias.target);
    if (def->kind != DEF_ALIAS_OUTER) weft_buf_name(buf, def->alias.name);
}
