/* What only the hosted engine has, inside a component that is run directly all the same, since it was asked for: async
 * built-ins, functions that are lifted or lowered async, or that pass streams, futures or error contexts. They can be
 * imported and exported; calling one is an error. */
#include "runtime/direct/entity.h"
#ifndef WEFT_RUNTIME_DIRECT_ABSENT_H
#define WEFT_RUNTIME_DIRECT_ABSENT_H

struct absent {
    const frame_t *frame; /* that would call it */
    const char *words;    /* what it is, for people */
    bool leaves;          /* the instance must be one that may leave */
};

/* Why the direct engine does not have the function that `def` (a canonical definition) makes; NULL: it has it. */
weft_error_t *weft_absent_why(type_pool_t *pool, def_t *def, const char **why);

/* In place of what `def` makes. */
weft_error_t *weft_absent_new(frame_t *frame, const def_t *def, const char *why,
                              const absent_t **made);

/* The entity of a core function that is absent. */
weft_error_t *weft_absent(frame_t *frame, const def_t *def, const char *why, rt_t *made);

/* An absent core function as a core instance imports it. */
weft_error_t *weft_absent_import(const absent_t *absent, const wasm_importtype_t *type,
                                 wasmtime_extern_t *item);

weft_error_t *weft_absent_error(const absent_t *absent);

/* The core function of a definition, where it must be here. */
weft_error_t *weft_core_func_of(frame_t *frame, const def_t *def, wasmtime_func_t *func);

#endif
