/* Whether a component can suspend: wait for something in the middle of a call. Known from its built-ins and imports, so
 * a component that could but never does is among those that can. */
#ifndef WEFT_SPLICE_SUSPEND_H
#define WEFT_SPLICE_SUSPEND_H

#include "component/model.h"

/* *how: the built-in or import by which it can ("waitable-set.wait"); NULL: it cannot. */
weft_error_t *weft_can_suspend(scope_t *component, weft_str_t *how);

/* Whether a component has async functions anywhere, which a host must call by its async interface. */
weft_error_t *weft_is_async(scope_t *component, bool *is_async);

#endif
