/* Making a small core module.
 *
 * Imports come first, then what the module defines, since an index counts imports before definitions
 * (each space checks that order). Every call appends and gives back an index; nothing fails until
 * weft_emit_finish, which tells whether anything did. The same calls give the same bytes.
 *
 *   emit_t module = {0};
 *   uint32_t log = weft_emit_import_func(&module, STR_LIT(""), STR_LIT("log"), sig);
 *   uint32_t run = weft_emit_func(&module, sig);
 *   buf_t *body = weft_emit_body(&module, run);
 *   op_local_get(body, 0);
 *   op_call(body, log);
 *   weft_emit_export(&module, STR_LIT("run"), CORE_FUNC, run);
 *   TRY(weft_emit_finish(&module, &bytes)); */
#ifndef WEFT_CORE_EMIT_H
#define WEFT_CORE_EMIT_H

#include "core/ops.h"
#include "core/types.h"
#include "support/vec.h"

typedef struct emit_section {
    buf_t bytes;
    uint32_t count;
} emit_section_t;

typedef struct emit_body {
    buf_t code;
    buf_t locals; /* one byte for each local that is not a parameter */
    uint32_t param_count;
} emit_body_t;

/* A function type made before: its bytes in the type section. */
typedef struct emit_type {
    uint64_t hash;
    size_t start, length;
} emit_type_t;

/* All zero is an empty module. */
typedef struct emit {
    emit_section_t types, imports, funcs, tables, memories, tags, globals, exports, elements, data;
    emit_section_t names;      /* of functions */
    uint32_t import_counts[5]; /* by core_kind_t */
    VEC(emit_type_t) known_types;
    uint32_t *type_slots;            /* hash table of indices into known_types, plus one */
    uint32_t type_slot_count;        /* a power of two, or 0 */
    VEC(emit_body_t) bodies;         /* of the functions defined here */
    uint32_t start, last_named_func; /* both plus one; 0: none */
    buf_t lost;   /* takes (and drops) the code of a body that could not be made */
    bool failed;  /* out of memory */
    bool misused; /* an import after a definition, names out of order */
} emit_t;

/* The index of a function type, made once. */
uint32_t weft_emit_type(emit_t *module, core_sig_t sig);

uint32_t weft_emit_import_func(emit_t *module, weft_str_t from, weft_str_t name, core_sig_t sig);
uint32_t weft_emit_import_memory(emit_t *module, weft_str_t from, weft_str_t name,
                                 core_size_t size);
uint32_t weft_emit_import_global(emit_t *module, weft_str_t from, weft_str_t name, uint8_t type,
                                 bool is_mutable);
uint32_t weft_emit_import_table(emit_t *module, weft_str_t from, weft_str_t name, uint8_t element,
                                core_size_t size);
uint32_t weft_emit_import_tag(emit_t *module, weft_str_t from, weft_str_t name, core_sig_t sig);

/* A function; its body is filled in at any time before weft_emit_finish, which closes it with `end`. The
 * pointer to a body is good until the next weft_emit_func. */
uint32_t weft_emit_func(emit_t *module, core_sig_t sig);
buf_t *weft_emit_body(emit_t *module, uint32_t func);
uint32_t weft_emit_local(emit_t *module, uint32_t func, uint8_t type);

uint32_t weft_emit_memory(emit_t *module, core_size_t size);
uint32_t weft_emit_table(emit_t *module, uint8_t element, core_size_t size);
uint32_t weft_emit_tag(emit_t *module, core_sig_t sig);

/* A global of a numeric type, with the bits it starts with. */
uint32_t weft_emit_global(emit_t *module, uint8_t type, bool is_mutable, uint64_t bits);

void weft_emit_export(emit_t *module, weft_str_t name, core_kind_t kind, uint32_t index);
void weft_emit_start(emit_t *module, uint32_t func);

/* Functions into a table, or bytes into a memory, from `offset` on, at instantiation. */
void weft_emit_elements(emit_t *module, uint32_t table, uint32_t offset, const uint32_t *funcs,
                        uint32_t count);
void weft_emit_data(emit_t *module, uint32_t memory, uint32_t offset, weft_bytes_t bytes);

/* The name of a function for backtraces; in ascending order of functions. Without any there is no name
 * section. */
void weft_emit_name(emit_t *module, uint32_t func, weft_str_t name);

/* Appends the module's bytes to `out`. Frees what the module holds, also on failure. */
weft_error_t *weft_emit_finish(emit_t *module, buf_t *out);
void weft_emit_free(emit_t *module);

#endif
