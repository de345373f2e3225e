/* Shared by the files that read core modules: read.c (sections) and read_types.c (types). */
#ifndef WEFT_CORE_MODULE_H
#define WEFT_CORE_MODULE_H

#include "core/read.h"

/* No engine takes more of anything. */
enum { CORE_MAX_ITEMS = 1000000 };

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
