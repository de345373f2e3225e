/* Components written as text in a test. */
#ifndef WEFT_TESTS_COMPONENT_WAT_H
#define WEFT_TESTS_COMPONENT_WAT_H

#include "component/model.h"
#include "component/types/typing.h"

/* A component that was assembled by wasm-tools, read and typed. */
typedef struct wat {
    weft_bytes_t bytes;
    document_t *document;
    type_pool_t *pool;
    const ctype_t *type; /* of the root, when there is no error */
    weft_error_t *error; /* of reading or typing */
} wat_t;

void wat_read(wat_t *wat, const char *text); /* read only */
void wat_load(wat_t *wat, const char *text); /* and typed */
void wat_free(wat_t *wat);

/* Imports and exports with their types, one per line, instances indented. Freed with weft_free. */
char *wat_describe(const ctype_t *type);

/* The message and the notes of an error, one per line, " (at N)" behind the message; deletes the error. */
char *wat_error(weft_error_t *error);

#endif
