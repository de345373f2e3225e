/* Clones of component definitions.
 *
 * Where only some instances of a component are woven, those get a copy of it. The copy costs its
 * definitions only: core modules (and nested components that take nothing from around them) are first
 * moved out to the enclosing scope, and both bodies take them in with `alias outer`. */
#ifndef WEFT_WEAVE_SITES_CLONE_H
#define WEFT_WEAVE_SITES_CLONE_H

#include "component/model.h"
#include "support/map.h"

/* A body of the clone: its own, or one nested in it. */
typedef struct cloned_body {
    scope_t *copy, *original;
} cloned_body_t;

/* A clone knows which of its definitions stands for which of the original. */
typedef struct clone {
    def_t *component; /* the new DEF_COMPONENT, behind the original in its scope */
    VEC(cloned_body_t) bodies;
    map_t copies; /* def_t * of the original -> def_t * of the copy */
} clone_t;

/* Freed with weft_clone_free. */
weft_error_t *weft_clone_component(def_t *component, clone_t *clone);
void weft_clone_free(clone_t *clone);

#endif
