/* What the writers of a component's text share. */
#ifndef WEFT_TESTS_FUZZ_COMPONENT_H
#define WEFT_TESTS_FUZZ_COMPONENT_H

#include "fuzz/world.h"

typedef struct writer {
    const world_t *world;
    random_source_t *source; /* of lies */
    buf_t *out;
    uint32_t number; /* of the level */
    const level_t *level;
} writer_t;

#define WRITE(writer, ...) weft_buf_printf((writer)->out, __VA_ARGS__)

/* "(func (export "NAMENUMBER") (param ...) (result ...) (local ...)", not closed. */
void write_head(const writer_t *writer, const char *name, unsigned number, const abi_func_t *abi,
                bool with_params, bool with_result);

/* ---- lies.c ----------------------------------------------------------------------------------- */

void write_lying_memory(const writer_t *writer);
void write_lying_func(const writer_t *writer, const char *name, unsigned number, bool with_params,
                      bool with_result);

#endif
