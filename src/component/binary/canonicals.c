/* Canonical definitions (Binary.md, Canonical Definitions): one loop over the operand letters of the
 * opcode's row in CANON_OPS serves all of them. */
#include "component/binary/io.h"

static sort_t opt_sort(opt_t opt) {
    switch (opt) {
#define X(name, opcode, words, sort)                                                               \
    case OPT_##name: return SORT_##sort;
        CANON_OPTS(X)
#undef X
    }
    return SORT_NONE;
}

static weft_error_t *read_opt(reader_t *reader, canon_opt_t *opt) {
    uint8_t byte;
    TRY(weft_read_byte(&reader->in, &byte));
    if (byte > OPT_GC) return weft_unknown_byte(reader, "canonical option", byte);
    opt->opt = (opt_t)byte;
    sort_t sort = opt_sort(opt->opt);
    return sort == SORT_NONE ? NULL : weft_read_ref(reader, sort, &opt->def);
}

static weft_error_t *read_opts(reader_t *reader, canon_opts_t *opts) {
    TRY(weft_read_count(&reader->in, 1, "canonical options", &opts->count));
    TRY(READ_ARRAY(reader, opts->count, canon_opt_t, opts->items));
    for (uint32_t i = 0; i < opts->count; i++) TRY(read_opt(reader, &opts->items[i]));
    return NULL;
}

static void write_opts(writer_t *writer, const canon_opts_t *opts) {
    weft_buf_u32(&writer->buf, opts->count);
    for (uint32_t i = 0; i < opts->count; i++) {
        weft_buf_byte(&writer->buf, (uint8_t)opts->items[i].opt);
        if (opts->items[i].def) weft_write_ref(writer, opts->items[i].def);
    }
}

static weft_error_t *read_func_operand(reader_t *reader, sort_t sort, def_t **func) {
    uint8_t zero;
    TRY(weft_read_byte(&reader->in, &zero));
    if (zero) return weft_unknown_byte(reader, "sort of a lifted or lowered function", zero);
    return weft_read_ref(reader, sort, func);
}

static weft_error_t *read_operand(reader_t *reader, char operand, canon_def_t *canon) {
    switch (operand) {
    case 'F': return read_func_operand(reader, SORT_CORE_FUNC, &canon->func);
    case 'f': return read_func_operand(reader, SORT_FUNC, &canon->func);
    case 'o': return read_opts(reader, &canon->opts);
    case 't': return weft_read_ref(reader, SORT_TYPE, &canon->type);
    case 'c': return weft_read_ref(reader, SORT_CORE_TYPE, &canon->type);
    case 'r': return weft_read_result_list(reader, &canon->has_result, &canon->result);
    case 'b': return weft_read_flag(reader, "flag", &canon->flag);
    case 'm': return weft_read_ref(reader, SORT_CORE_MEMORY, &canon->memory);
    case 'T': return weft_read_ref(reader, SORT_CORE_TABLE, &canon->memory);
    default: /* 'v' */
        TRY(weft_read_byte(&reader->in, &canon->slot_type));
        return weft_read_u32(&reader->in, &canon->slot);
    }
}

weft_error_t *weft_read_canon(reader_t *reader, def_t *def) {
    uint8_t opcode;
    TRY(weft_read_byte(&reader->in, &opcode));
    const char *operands = weft_canon_operands(opcode);
    if (!operands) return weft_unknown_byte(reader, "canonical definition", opcode);
    def->kind = DEF_CANON;
    def->sort = opcode == CANON_LIFT ? SORT_FUNC : SORT_CORE_FUNC;
    def->canon.op = (canon_op_t)opcode;
    for (; *operands; operands++) TRY(read_operand(reader, *operands, &def->canon));
    return NULL;
}

static void write_operand(writer_t *writer, char operand, const canon_def_t *canon) {
    buf_t *buf = &writer->buf;
    switch (operand) {
    case 'F':
    case 'f':
        weft_buf_byte(buf, 0x00);
        weft_write_ref(writer, canon->func);
        break;
    case 'o': write_opts(writer, &canon->opts); break;
    case 't':
    case 'c': weft_write_ref(writer, canon->type); break;
    case 'r': weft_write_result_list(writer, canon->has_result, canon->result); break;
    case 'b': weft_buf_byte(buf, canon->flag); break;
    case 'm':
    case 'T': weft_write_ref(writer, canon->memory); break;
    default: /* 'v' */ weft_buf_byte(buf, canon->slot_type); weft_buf_u32(buf, canon->slot);
    }
}

void weft_write_canon(writer_t *writer, const def_t *def) {
    const char *operands = weft_canon_operands((uint8_t)def->canon.op);
    weft_buf_byte(&writer->buf, (uint8_t)def->canon.op);
    for (; *operands; operands++) write_operand(writer, *operands, &def->canon);
}
