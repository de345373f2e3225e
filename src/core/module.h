/* Shared by the files that read core modules: read.c (sections), read_types.c (types) and data.c (data segments). */
#ifndef WEFT_CORE_MODULE_H
#define WEFT_CORE_MODULE_H

#include "core/read.h"

/* No engine takes more of anything. */
enum { CORE_MAX_ITEMS = 1000000 };

/* The bytes of a module before its data section and behind it, and what is in the section; `section.at` NULL: there is none,
 * and all bytes are before it. */
typedef struct core_split {
    weft_bytes_t before, behind;
    cursor_t section;
    bool has_count; /* there is a data count section, without which code cannot name a segment */
} core_split_t;
void weft_core_split_at_data(const core_module_t *module, core_split_t *split);

/* A section must be read to its end. */
weft_error_t *weft_core_check_end(const cursor_t *section);

/* A value type, by its (first) byte. */
weft_error_t *weft_core_read_value(cursor_t *cursor, uint8_t *value);

weft_error_t *weft_core_read_table_type(cursor_t *cursor, core_item_t *item);
weft_error_t *weft_core_read_memory_type(cursor_t *cursor, core_item_t *item);
weft_error_t *weft_core_read_global_type(cursor_t *cursor, core_item_t *item);

/* Steps over a constant expression with its `end`. */
weft_error_t *weft_core_skip_expr(cursor_t *cursor);

/* The type section: one entry for each type, flattened out of recursion groups. */
typedef struct core_type {
    core_sig_t sig;
    bool is_func; /* else: a struct, an array, a continuation */
} core_type_t;

weft_error_t *weft_core_read_types(arena_t *arena, cursor_t section, core_type_t **types,
                                   uint32_t *count);

#endif
