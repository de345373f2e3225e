/* Start and value definitions (Binary.md, Start Definitions and Value Definitions). */
#include "component/binary/io.h"

weft_error_t *weft_read_start(reader_t *reader, def_t *def) {
    def->kind = DEF_START;
    def->sort = SORT_NONE;
    TRY(weft_read_ref(reader, SORT_FUNC, &def->start.func));
    TRY(weft_read_count(&reader->in, 1, "start arguments", &def->start.arg_count));
    TRY(READ_ARRAY(reader, def->start.arg_count, def_t *, def->start.args));
    for (uint32_t i = 0; i < def->start.arg_count; i++)
        TRY(weft_read_ref(reader, SORT_VALUE, &def->start.args[i]));
    TRY(weft_read_u32(&reader->in, &def->start.result_count));
    if (def->start.result_count > 1)
        return weft_cursor_error(&reader->in,
                                 "a start function with %u results, at most 1 is valid",
                                 def->start.result_count);
    return NULL;
}

void weft_write_start(writer_t *writer, const def_t *def) {
    weft_write_ref(writer, def->start.func);
    weft_buf_u32(&writer->buf, def->start.arg_count);
    for (uint32_t i = 0; i < def->start.arg_count; i++) weft_write_ref(writer, def->start.args[i]);
    weft_buf_u32(&writer->buf, def->start.result_count);
}

weft_error_t *weft_read_value(reader_t *reader, def_t *def) {
    cursor_t data;
    def->kind = DEF_VALUE;
    def->sort = SORT_VALUE;
    TRY(weft_read_valtype(reader, &def->value.type));
    TRY(weft_read_sized(&reader->in, &data));
    def->value.data = (weft_bytes_t){data.at, weft_cursor_left(&data)};
    return NULL;
}

void weft_write_value(writer_t *writer, const def_t *def) {
    weft_write_valtype(writer, def->value.type);
    weft_buf_u32(&writer->buf, (uint32_t)def->value.data.len);
    weft_buf_bytes(&writer->buf, def->value.data.ptr, def->value.data.len);
}
