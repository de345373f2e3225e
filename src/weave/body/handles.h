/* The handles that arguments hold: a call that a gate skips must drop them, as the callee would have.
 *
 * Each kind of handle has a canonical built-in that drops it: `resource.drop` of a resource, `stream.drop-readable` and
 * `future.drop-readable` of a type, `error-context.drop`. A body gets one definition for each, whatever the number of
 * functions and groups; one that the guest has already is taken. Borrows are the caller's and stay so.
 *
 * Types are looked at before the body is edited, definitions are made while it is. */
#ifndef WEFT_WEAVE_BODY_HANDLES_H
#define WEFT_WEAVE_BODY_HANDLES_H

#include "component/edit/spell.h"
#include "component/types/typing.h"
#include "support/vec.h"

typedef VEC(const type_t *) handle_types_t; /* own, stream, future, error-context; each once */

/* Where a resource of the functions' types comes from. */
typedef struct resource_place {
    const resource_t *resource;
    def_t *from;         /* an import: of the resource, or of an instance that exports it */
    weft_str_t names[2]; /* under this name; the first is that of an instance between */
    uint32_t name_count;
} resource_place_t;

/* The handles of one body. All zero before; freed with weft_handles_free. */
typedef struct handles {
    handle_types_t types;
    VEC(resource_place_t) resources; /* those that `types` mention */
    map_t numbers;                   /* resource_t -> its place, plus one */
    map_t seen, mentioned; /* types that were looked into, for handles and for resources */
    /* Some handles cannot be dropped: a resource is not found, or a type is larger than any engine takes.
     * Calls that hold handles cannot be skipped then. */
    bool is_incomplete;
    map_t drops; /* type_t -> def_t: the built-ins that are there */
    spelling_t spelling;
} handles_t;

void weft_handles_free(handles_t *handles);

static inline bool weft_holds_handle(const type_t *type) {
    return type->has_own || type->has_stream_or_future || type->has_error_context;
}

/* Whether an argument of the function holds a handle that is given away. */
bool weft_handles_any(const func_type_t *func);

/* Notes the handles in a function's parameters. */
weft_error_t *weft_handles_note(handles_t *handles, const func_type_t *func);

/* Finds the resources that were noted, among the imports of the body, and the built-ins that it has. */
weft_error_t *weft_handles_find(handles_t *handles, type_pool_t *pool, scope_t *scope);

/* Appends the handle types in the parameters to `types`, unless they are there. `seen` is the caller's: all zero
 * at first, the same for all calls with the same `types`. */
weft_error_t *weft_handles_of(const func_type_t *func, map_t *seen, handle_types_t *types);

/* The core function that drops handles of a type, defined in front of the builder's place (whose scope must be
 * ordered). */
weft_error_t *weft_handles_drop(handles_t *handles, builder_t *b, const type_t *type, def_t **drop);

#endif
