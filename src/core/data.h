/* The data segments of a core module (core specification, Binary Format, Data Section). */
#ifndef WEFT_CORE_DATA_H
#define WEFT_CORE_DATA_H

#include "core/read.h"
#include "support/buf.h"

typedef struct core_segment {
    weft_bytes_t bytes; /* in the bytes read */
    bool active;        /* copied when the module is instantiated, to: */
    uint32_t memory, offset;
    bool is_constant; /* the offset is an i32.const; else it is not known, `offset` is 0 */
} core_segment_t;

/* In order, in the arena. */
weft_error_t *weft_core_module_segments(arena_t *arena, const core_module_t *module,
                                        const core_segment_t **segments, uint32_t *count);

/* Appends the module anew, with empty passive segments for active ones, which is what those are once they are copied, or
 * with an empty section where code cannot name them: the same module but for what its memories hold at first, and for segments that
 * end beyond a memory. `segments` are all it has. */
weft_error_t *weft_core_module_without_data(const core_module_t *module,
                                            const core_segment_t *segments, uint32_t count,
                                            buf_t *out);

#endif
