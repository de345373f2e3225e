/* From a port of a node to the functions behind it.
 *
 * A *port* is an import or an export of a component body. Weaving replaces core functions, so each
 * function of a port must be traced to the definitions that name one:
 *
 *   provider   export -> instances, aliases, re-export components -> canon lift -> core function
 *   consumer   import -> aliases of its functions -> canon lower -> whoever uses the core function */
#ifndef WEFT_WEAVE_BODY_TRACE_H
#define WEFT_WEAVE_BODY_TRACE_H

#include "graph/resolve.h"

/* A reference that leads one step on: `*slot`, inside `user`, is the next definition. */
typedef struct hop {
    def_t *user;
    def_t **slot;
} hop_t;

typedef VEC(hop_t) hops_t;

/* Follows function `name` of an exported instance (or an exported function: `name` empty) inside its body
 * down to the lift. `hops` gets the references passed in that body, the port's own first; *lift is NULL
 * when the function is not lifted there (it is handed on from an import, or from a nested node). */
weft_error_t *weft_trace_lift(resolver_t *resolver, def_t *port, weft_str_t name, hops_t *hops,
                              def_t **lift);

/* A lower of an imported function. */
typedef struct lowered {
    def_t *lower;
    def_t *func;     /* what it lowers: an alias of the imported instance, or the import itself */
    weft_str_t name; /* of the function in the interface; empty: the import is a function */
} lowered_t;

typedef VEC(lowered_t) lowereds_t;

/* All lowers of the functions of an import in its body, in binary order of the functions. */
weft_error_t *weft_trace_lowers(const uses_t *uses, def_t *port, lowereds_t *lowers);

#endif
