/* Copies of definitions, and references that are led elsewhere. */
#ifndef WEFT_COMPONENT_EDIT_COPY_H
#define WEFT_COMPONENT_EDIT_COPY_H

#include "component/model.h"

/* A definition of `into` that says the same, in no list yet. It refers to what `def` refers to; the arrays that hold
 * references are its own, so these can be changed. A body nested in it is still the one of `def`. It comes from no
 * bytes and begins no section. */
weft_error_t *weft_def_copy(scope_t *into, const def_t *def, def_t **copy);

/* Every reference of the scope's definitions to `from` leads to `to`. */
weft_error_t *weft_scope_repoint(scope_t *scope, def_t *from, def_t *to);

#endif
