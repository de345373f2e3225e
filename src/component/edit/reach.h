/* All that a definition leans on: what it refers to, what that refers to, and so on; bodies of types and what
 * nested components take with `alias outer` included.
 *
 * A definition stands behind all it leans on. Who needs it further in front moves these up with it. */
#ifndef WEFT_COMPONENT_EDIT_REACH_H
#define WEFT_COMPONENT_EDIT_REACH_H

#include "component/model.h"
#include "support/map.h"

/* All zero is empty. */
typedef struct reach {
    map_t seen;
    VEC(def_t *) open;
} reach_t;

/* Adds `def` and all it leans on. Free with weft_reach_free, also after an error. */
weft_error_t *weft_reach_from(reach_t *reach, def_t *def);
bool weft_reach_has(const reach_t *reach, const def_t *def);
void weft_reach_free(reach_t *reach);

/* What is in the reach and stands at `first` (NULL: nothing) or behind it goes in front of `place`, in the order it
 * has. `place` itself is not in the reach, or stands in front of `first`. */
void weft_reach_move_up(const reach_t *reach, def_t *first, def_t *place);

/* Whether a definition leans on another one: the type of an import, say, on a type that another import exports. */
weft_error_t *weft_leans_on(def_t *def, const def_t *other, bool *leans);

/* Calls `visit` for everything that a definition leans on at first hand. */
weft_error_t *weft_def_needs(def_t *def, ref_visitor_t visit, void *context);

#endif
