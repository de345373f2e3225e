/* What plugins made of the same component have in common: its definitions, types and exports, and the layouts of its
 * functions. All of it only grows while it is prepared, under the lock; a call looks at nothing but what was prepared.
 *
 * A plugin made of what another plugin of the engine is made of finds its program there: reading and checking the component
 * is most of what a small plugin costs to start, and most of its memory. Programs are not shared
 *   - whose types have resources: types tell these apart by program, and two plugins have each their own;
 *   - of plugins that import from others: types of the others come into their pool;
 *   - of more than SHARE_MOST bytes: a copy of the component is kept, and compared. */
#ifndef WEFT_RUNTIME_PROGRAM_H
#define WEFT_RUNTIME_PROGRAM_H

#include "abi/func.h"
#include "runtime/engine.h"
#include "runtime/exports.h"

enum { SHARE_MOST = 1 << 20 };

typedef struct program {
    weft_bytes_t source; /* a copy, unless it is larger than SHARE_MOST */
    document_t *document;
    type_pool_t *pool;
    const ctype_t *type;
    exported_funcs_t exports;

    pthread_mutex_t
        lock; /* of what follows, and of the pool and the document until they are checked */
    bool checked;
    abi_t abi32, abi64;
    map_t lifts32, lifts64, lowers32, lowers64; /* def_t (canon) -> abi_func_t */

    uint64_t hash;
    size_t users;         /* under the engine's lock of what is shared, as are the next two */
    bool shared;          /* it can be found */
    struct program *next; /* in its bucket */
} program_t;

/* Found, or read. `alone`: neither is found nor will be. The source outlives the program when it is larger than
 * SHARE_MOST. */
weft_error_t *weft_program_take(weft_engine_t *engine, weft_bytes_t source, bool alone,
                                program_t **program);
void weft_program_leave(weft_engine_t *engine, program_t *program);

/* Validates it, which gives every definition its type; once. The direct engine relies on it. */
weft_error_t *weft_program_check(program_t *program);

/* The core signature of a `canon lift` or `canon lower`, by the address type of its memory. */
weft_error_t *weft_program_lift(program_t *program, abi_t *abi, const def_t *def,
                                const func_type_t *type, abi_func_t *func);
weft_error_t *weft_program_lower(program_t *program, abi_t *abi, const def_t *def,
                                 const func_type_t *type, abi_func_t *func);

#endif
