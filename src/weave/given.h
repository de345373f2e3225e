/* What the caller gives a middleware for some of its imports, in the scope where the middleware will stand. */
#ifndef WEFT_WEAVE_GIVEN_H
#define WEFT_WEAVE_GIVEN_H

#include "component/edit/build.h"

typedef struct weave_given {
    weft_str_t import;  /* the middleware's name for it */
    def_t *from;        /* an instance, */
    weft_str_t export_; /* and which export of it; empty: `from` is what is given */
} weave_given_t;

typedef VEC(weave_given_t) weave_givens_t;

/* The import of a scope by that very name; NULL: none. */
def_t *weft_import_named(const scope_t *scope, weft_str_t name);

/* Whether something is given for an import. */
bool weft_is_given(const weave_givens_t *givens, weft_str_t import);

/* Adds what must come from the same side as what is given already: interfaces whose types the given ones use. They
 * are other exports of the same instance, else what that instance was given for them; of which none is there,
 * is left alone. `imports` is the middleware's root. */
weft_error_t *weft_given_companions(const scope_t *imports, weave_givens_t *givens);

/* The export of an instance's component by name, or by a version that goes with it; NULL: none. */
weft_error_t *weft_given_export(def_t *instance, weft_str_t name, const def_t **export_);

/* The definition that is given, at the builder's place. What it leans on and stands behind that place is moved in front
 * of it, in the order it has; WEFT_INVALID when that would be the place itself. */
weft_error_t *weft_give(builder_t *b, const weave_given_t *given, sort_t sort, def_t **def);

#endif
