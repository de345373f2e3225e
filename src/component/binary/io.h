/* What the readers and writers of the sections share. Each section has one file that holds both sides
 * (aliases.c, canonicals.c, ...); body.c reads and writer.c writes a whole scope by calling them. */
#ifndef WEFT_COMPONENT_BINARY_IO_H
#define WEFT_COMPONENT_BINARY_IO_H

#include "component/model.h"

/* Bodies (of components and of types) may nest this deep. Engines allow 1 000 components in a file and
 * 100 nested component types. */
enum { MAX_DEPTH = 1000 };

/* ---- reading ---- */

typedef struct reader {
    cursor_t in;
    scope_t *scope;
    arena_t *arena;
} reader_t;

/* Reads one definition of a section; the section's loop (body.c) puts it into the scope. The functions
 * below fill `def`, whose kind and sort they set. */
typedef weft_error_t *read_def_t(reader_t *reader, def_t *def);
read_def_t weft_read_core_instance, weft_read_core_type, weft_read_instance, weft_read_alias,
    weft_read_type, weft_read_canon, weft_read_import, weft_read_export, weft_read_value;
weft_error_t *weft_read_start(reader_t *reader, def_t *def);
weft_error_t *weft_read_custom(reader_t *reader, def_t *def);

/* An index of a space as the definition behind it; outer scopes by `scope`. */
weft_error_t *weft_read_ref(reader_t *reader, sort_t sort, def_t **def);
weft_error_t *weft_scope_at(reader_t *reader, const scope_t *scope, sort_t sort, uint32_t index,
                            uint64_t offset, def_t **def);
weft_error_t *weft_read_sort(reader_t *reader, sort_t *sort);
weft_error_t *weft_read_sort_ref(reader_t *reader, sort_t *sort, def_t **def);
weft_error_t *weft_read_core_sort(reader_t *reader, sort_t *sort);
weft_error_t *weft_read_valtype(reader_t *reader, valtype_t *type);
weft_error_t *weft_read_result_list(reader_t *reader, bool *has_result, valtype_t *type);
weft_error_t *weft_read_extern_name(reader_t *reader, extern_name_t *name);
weft_error_t *weft_read_extern_desc(reader_t *reader, extern_desc_t *desc);
weft_error_t *weft_read_flag(reader_t *reader, const char *what, bool *flag);

/* An error at the byte before the cursor: "unknown <what> 0x2a". */
WEFT_NEVER_NULL weft_error_t *weft_unknown_byte(const reader_t *reader, const char *what,
                                                uint8_t byte);

/* Arrays in the arena for a count that was read with weft_read_count. */
#define READ_ARRAY(reader, count, type, out)                                                       \
    (((out) = ARENA_ARRAY((reader)->arena, type, (count))) ? (weft_error_t *)NULL                  \
                                                           : weft_error_oom())

/* Applies a body's "component-name" section to the definitions' names (custom.c). */
weft_error_t *weft_names_apply(scope_t *scope, def_t *custom);

/* ---- writing ---- */

typedef struct writer {
    buf_t buf;       /* everything that is not copied from a file */
    size_t run;      /* where in `buf` the bytes begin that are in no piece yet */
    uint64_t length; /* of all pieces so far */
    VEC(struct piece) pieces;
    scope_t *scope;      /* whose definitions are written */
    weft_error_t *error; /* the first one; the writer then goes on without effect */

} writer_t;

typedef void write_def_t(writer_t *writer, const def_t *def);
write_def_t weft_write_core_instance, weft_write_core_type, weft_write_instance, weft_write_alias,
    weft_write_type, weft_write_canon, weft_write_import, weft_write_export, weft_write_value,
    weft_write_start;
void weft_write_name_section(writer_t *writer, const def_t *def); /* other custom ones are copied */

void weft_write_ref(writer_t *writer, const def_t *def);
void weft_write_sort(buf_t *buf, sort_t sort);
void weft_write_core_sort(buf_t *buf, sort_t sort);
void weft_write_valtype(writer_t *writer, valtype_t type);
void weft_write_result_list(writer_t *writer, bool has_result, valtype_t type);
void weft_write_extern_name(writer_t *writer, const extern_name_t *name);
void weft_write_extern_desc(writer_t *writer, const extern_desc_t *desc);

/* The definitions of a type body, one after another, with their indexes assigned (writer.c). */
void weft_write_body_defs(writer_t *writer, scope_t *scope, write_def_t *write);

#endif
