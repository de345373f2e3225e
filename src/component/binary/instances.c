/* Instance definitions, core and component (Binary.md, Instance Definitions). */
#include "component/binary/io.h"

enum { INSTANTIATE = 0x00, INLINE = 0x01 };

static weft_error_t *read_form(reader_t *reader, bool *is_inline) {
    uint8_t form;
    TRY(weft_read_byte(&reader->in, &form));
    if (form > INLINE) return weft_unknown_byte(reader, "instance expression", form);
    *is_inline = form == INLINE;
    return NULL;
}

/* ---- core instances ---- */

static weft_error_t *read_core_args(reader_t *reader, def_t *def) {
    uint32_t count;
    named_def_t *args;
    TRY(weft_read_count(&reader->in, 3, "arguments", &count));
    TRY(READ_ARRAY(reader, count, named_def_t, args));
    for (uint32_t i = 0; i < count; i++) {
        sort_t sort;
        TRY(weft_read_name(&reader->in, &args[i].name.name));
        TRY(weft_read_core_sort(reader, &sort));
        if (sort != SORT_CORE_INSTANCE)
            return weft_cursor_error(&reader->in,
                                     "an argument of a core module must be an instance");
        TRY(weft_read_ref(reader, sort, &args[i].def));
    }
    def->instantiate.args = args;
    def->instantiate.count = count;
    return NULL;
}

static weft_error_t *read_core_exports(reader_t *reader, def_t *def) {
    uint32_t count;
    named_def_t *exports;
    TRY(weft_read_count(&reader->in, 3, "exports", &count));
    TRY(READ_ARRAY(reader, count, named_def_t, exports));
    for (uint32_t i = 0; i < count; i++) {
        sort_t sort;
        TRY(weft_read_name(&reader->in, &exports[i].name.name));
        TRY(weft_read_core_sort(reader, &sort));
        if (sort > SORT_CORE_TAG)
            return weft_cursor_error(&reader->in, "a core instance cannot export a %s",
                                     weft_sort_words(sort));
        TRY(weft_read_ref(reader, sort, &exports[i].def));
    }
    def->inline_.exports = exports;
    def->inline_.count = count;
    return NULL;
}

weft_error_t *weft_read_core_instance(reader_t *reader, def_t *def) {
    bool is_inline = false;
    def->sort = SORT_CORE_INSTANCE;
    TRY(read_form(reader, &is_inline));
    def->kind = is_inline ? DEF_CORE_INLINE : DEF_CORE_INSTANTIATE;
    if (is_inline) return read_core_exports(reader, def);
    TRY(weft_read_ref(reader, SORT_CORE_MODULE, &def->instantiate.target));
    return read_core_args(reader, def);
}

void weft_write_core_instance(writer_t *writer, const def_t *def) {
    buf_t *buf = &writer->buf;
    bool is_inline = def->kind == DEF_CORE_INLINE;
    const named_def_t *named = is_inline ? def->inline_.exports : def->instantiate.args;
    uint32_t count = is_inline ? def->inline_.count : def->instantiate.count;
    weft_buf_byte(buf, is_inline ? INLINE : INSTANTIATE);
    if (!is_inline) weft_write_ref(writer, def->instantiate.target);
    weft_buf_u32(buf, count);
    for (uint32_t i = 0; i < count; i++) {
        weft_buf_name(buf, named[i].name.name);
        weft_write_core_sort(&writer->buf, (sort_t)named[i].def->sort);
        weft_write_ref(writer, named[i].def);
    }
}

/* ---- component instances ---- */

weft_error_t *weft_read_instance(reader_t *reader, def_t *def) {
    bool is_inline = false;
    uint32_t count;
    named_def_t *named;
    def->sort = SORT_INSTANCE;
    TRY(read_form(reader, &is_inline));
    def->kind = is_inline ? DEF_INLINE : DEF_INSTANTIATE;
    if (!is_inline) TRY(weft_read_ref(reader, SORT_COMPONENT, &def->instantiate.target));
    TRY(weft_read_count(&reader->in, 3, is_inline ? "exports" : "arguments", &count));
    TRY(READ_ARRAY(reader, count, named_def_t, named));
    for (uint32_t i = 0; i < count; i++) {
        sort_t sort;
        if (is_inline) TRY(weft_read_extern_name(reader, &named[i].name));
        else TRY(weft_read_name(&reader->in, &named[i].name.name));
        TRY(weft_read_sort_ref(reader, &sort, &named[i].def));
    }
    if (is_inline) {
        def->inline_.exports = named;
        def->inline_.count = count;
    } else {
        def->instantiate.args = named;
        def->instantiate.count = count;
    }
    return NULL;
}

void weft_write_instance(writer_t *writer, const def_t *def) {
    buf_t *buf = &writer->buf;
    bool is_inline = def->kind == DEF_INLINE;
    const named_def_t *named = is_inline ? def->inline_.exports : def->instantiate.args;
    uint32_t count = is_inline ? def->inline_.count : def->instantiate.count;
    weft_buf_byte(buf, is_inline ? INLINE : INSTANTIATE);
    if (!is_inline) weft_write_ref(writer, def->instantiate.target);
    weft_buf_u32(buf, count);
    for (uint32_t i = 0; i < count; i++) {
        if (is_inline) weft_write_extern_name(writer, &named[i].name);
        else weft_buf_name(buf, named[i].name.name);
        weft_write_sort(&writer->buf, (sort_t)named[i].def->sort);
        weft_write_ref(writer, named[i].def);
    }
}
