#include "core/data.h"

#include "core/module.h"

enum { SECTION_DATA = 11, ACTIVE = 0, PASSIVE = 1, ACTIVE_IN = 2, I32_CONST = 0x41 };

/* A single i32.const with its `end`, or any other constant expression. */
static weft_error_t *read_offset(cursor_t *cursor, core_segment_t *segment) {
    cursor_t number = *cursor;
    int64_t value;
    TRY(weft_core_skip_expr(cursor));
    if (*number.at++ != I32_CONST) return NULL;
    TRY(weft_read_signed(&number, 32, &value));
    segment->is_constant = number.at + 1 == cursor->at;
    if (segment->is_constant) segment->offset = (uint32_t)value;
    return NULL;
}

static weft_error_t *read_segment(cursor_t *cursor, core_segment_t *segment) {
    cursor_t start = *cursor, bytes;
    uint32_t mode;
    TRY(weft_read_u32(cursor, &mode));
    if (mode > ACTIVE_IN) return weft_cursor_error(&start, "unknown mode %u of data", mode);
    if (mode == ACTIVE_IN) TRY(weft_read_u32(cursor, &segment->memory));
    segment->active = mode != PASSIVE;
    if (segment->active) TRY(read_offset(cursor, segment));
    TRY(weft_read_sized(cursor, &bytes));
    segment->bytes = (weft_bytes_t){bytes.at, weft_cursor_left(&bytes)};
    return NULL;
}

weft_error_t *weft_core_module_segments(arena_t *arena, const core_module_t *module,
                                        const core_segment_t **segments, uint32_t *count) {
    core_split_t split;
    uint32_t n = 0;
    weft_core_split_at_data(module, &split);
    cursor_t section = split.section;
    if (section.at) TRY(weft_read_count(&section, 2, "data segments", &n));
    if (n > CORE_MAX_ITEMS)
        return weft_error_at(WEFT_LIMIT, weft_cursor_offset(&section), "more than %d data segments",
                             CORE_MAX_ITEMS);
    core_segment_t *made = ARENA_ARRAY(arena, core_segment_t, n);
    if (!made) return weft_error_oom();
    for (uint32_t i = 0; i < n; i++) TRY(read_segment(&section, &made[i]));
    TRY(weft_core_check_end(&section));
    *segments = made;
    *count = n;
    return NULL;
}

static void write_passive(const core_segment_t *segments, uint32_t count, buf_t *out) {
    weft_buf_byte(out, SECTION_DATA);
    size_t start = out->len;
    weft_buf_u32(out, count);
    for (uint32_t i = 0; i < count; i++) {
        weft_bytes_t kept = segments[i].active ? (weft_bytes_t){NULL, 0} : segments[i].bytes;
        weft_buf_byte(out, PASSIVE);
        weft_buf_u32(out, (uint32_t)kept.len);
        weft_buf_bytes(out, kept.ptr, kept.len);
    }
    weft_buf_close_sized(out, start);
}

weft_error_t *weft_core_module_without_data(const core_module_t *module,
                                            const core_segment_t *segments, uint32_t count,
                                            buf_t *out) {
    core_split_t split;
    weft_core_split_at_data(module, &split);
    weft_buf_bytes(out, split.before.ptr, split.before.len);
    if (split.section.at) write_passive(segments, split.has_count ? count : 0, out);
    weft_buf_bytes(out, split.behind.ptr, split.behind.len);
    return out->failed ? weft_error_oom() : NULL;
}
