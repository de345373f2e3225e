/* The hook functions as woven components import them.
 *
 *   weft:hooks     func(target: u32, call: u64), of a gate with a u32 verdict
 *   splicer:tier1  func(call: call-id), as the middleware declares it: a record of names, [async,] of a gate
 *                  with a bool. A function may mention a record only by a type that the component imports, so
 *                  the record comes in too.
 *   both           func() -> u64, which gives a block of call numbers */
#ifndef WEFT_WEAVE_BODY_HOOK_IMPORTS_H
#define WEFT_WEAVE_BODY_HOOK_IMPORTS_H

#include "component/edit/build.h"
#include "component/types/type.h"
#include "weave/hooks.h"

typedef struct hook_shape {
    bool by_name;                             /* told a record of names */
    bool has_id;                              /* by_name: and the number of the call */
    const func_type_t *before, *after, *gate; /* by_name: as declared; NULL: absent */
    const type_t *record;                     /* by_name */
} hook_shape_t;

/* Reads the types of the hooks of a middleware. WEFT_MISMATCH when they are not those of the contract. */
weft_error_t *weft_hook_shape(type_pool_t *pool, const hooks_t *hooks, hook_shape_t *shape);

/* The type of a hook's function as the middleware declares it. `hook` as in weft_hook_function. */
weft_error_t *weft_hook_type(type_pool_t *pool, const hooks_t *hooks, def_t *interface,
                             const char *hook, const func_type_t **type);

/* Names of the imports, unique in the component; empty: there is no such import. */
typedef struct hook_names {
    weft_str_t before, after, gate, block, type;
} hook_names_t;

/* Functions (or core functions, when lowered) and the record type. NULL: absent. */
typedef struct hook_defs {
    def_t *before, *after, *gate, *block, *type;
} hook_defs_t;

/* Imports the hooks at the beginning of a scope. */
weft_error_t *weft_import_hooks(scope_t *scope, const hook_shape_t *shape,
                                const hook_names_t *names, hook_defs_t *defs);

/* Lowers them at the builder's place. `memory` has the strings that they are told; NULL: none. */
weft_error_t *weft_lower_hooks(builder_t *b, const hook_defs_t *defs, def_t *memory,
                               hook_defs_t *lowered);

/* The record of names as a new type definition; NULL when hooks are told numbers. */
def_t *weft_hook_record(builder_t *b, const hook_shape_t *shape);

/* The lowest number above those of the hook imports that the scope has ("weft-b0" has 0). */
uint32_t weft_free_hook_number(const scope_t *scope);

#endif
