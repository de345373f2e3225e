/* What plugins made of the same component have in common: its definitions, types and exports, and the layouts of its
 * functions. All of it only grows while it is prepared, under the lock; a call looks at nothing but what was prepared.
 *
 * A plugin made of what another plugin of the engine is made of finds its program there: reading and checking the component
 * is most of what a small plugin costs to start, and most of its memory. Programs are not shared
 *   - of plugins that import from others: types of the others come into their pool;
 *   - of more than SHARE_MOST bytes: a copy of the component is kept, and compared. */
#ifndef WEFT_RUNTIME_PROGRAM_H
#define WEFT_RUNTIME_PROGRAM_H

#include "abi/func.h"
#include "runtime/engine.h"
#include "runtime/exports.h"
#include "runtime/functypes.h"
#include "runtime/shared.h"
#include "support/buf.h"

enum { SHARE_MOST = 1 << 20 };

/* What instantiating a component body goes through: those of its definitions that do something then. */
typedef struct steps {
    def_t **items;
    uint32_t count;
    uint32_t entities; /* places by def_t.order */
    uint32_t exports;
} steps_t;

typedef struct program {
    weft_bytes_t source; /* a copy, unless it is larger than SHARE_MOST */
    document_t *document;
    type_pool_t *pool;
    const ctype_t *type;
    exported_funcs_t exports;

    pthread_mutex_t
        lock; /* of what follows, and of the pool and the document until they are checked */
    /* Each is set once, under the lock, when what it says has been found or done. */
    atomic_bool checked, compiled[ENGINE_NEED_COUNT];
    atomic_bool all_direct;           /* nothing in it is absent on the direct engine */
    atomic_size_t arena_needed;       /* by an instance of it, in bytes; 0: not known yet */
    map_t modules[ENGINE_NEED_COUNT]; /* def_t (a core module) -> shared_module_t */
    abi_t abi32, abi64;
    arena_t arena;
    map_t steps;                                /* scope_t -> steps_t */
    map_t lifts32, lifts64, lowers32, lowers64; /* def_t (canon) -> abi_func_t */
    functypes_t functypes[ENGINE_NEED_COUNT];
    map_t sound; /* weft_program_is_sound */

    /* The proxy that the first plugin needed that imports of WASI what it imports, for others of the same needs. */
    buf_t proxy;
    bool *proxied; /* of each import: whether it goes through the proxy; NULL: there is none yet */

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

/* Of a body of a program that was checked. */
static inline const steps_t *weft_program_steps(const program_t *program, const scope_t *scope) {
    return weft_map_get_ptr(&program->steps, scope);
}

/* Compiles its core modules for an engine of these needs; once. */
weft_error_t *weft_program_compile(program_t *program, weft_engine_t *engine, unsigned needs,
                                   const map_t **modules);

/* For functions of the host in stores of an engine of these needs; the program's. */
weft_error_t *weft_program_functype(program_t *program, unsigned needs, core_sig_t sig,
                                    const wasm_functype_t **type);

/* Whether the core functions that a definition names have been seen to be of the types they must be, in all instances that
 * there can be. */
bool weft_program_is_sound(program_t *program, const def_t *def);
weft_error_t *weft_program_set_sound(program_t *program, const def_t *def);

/* The core signature of a `canon lift` or `canon lower`, by the address type of its memory. */
weft_error_t *weft_program_lift(program_t *program, abi_t *abi, const def_t *def,
                                const func_type_t *type, abi_func_t *func);
weft_error_t *weft_program_lower(program_t *program, abi_t *abi, const def_t *def,
                                 const func_type_t *type, abi_func_t *func);

#endif
