/* What the imports of a component need, and of whom. */
#ifndef WEFT_RUNTIME_NEEDS_H
#define WEFT_RUNTIME_NEEDS_H

#include "component/types/typing.h"
#include "runtime/given.h"
#include "runtime/link.h"

/* Whether an import is more than types. */
bool weft_needs_provider(const extern_type_t *import);

/* Whether an import is an interface of WASI, with more than types, that neither the embedder nor another plugin serves. */
bool weft_needs_wasi(const extern_item_t *import, const given_funcs_t *given, const links_t *links);

/* An error (WEFT_NOT_FOUND) that lists the imports of a component that neither WASI nor the embedder's functions nor
 * other plugins provide; NULL when there is none. Imports without functions and resources need nobody. */
weft_error_t *weft_needs_provided(const ctype_t *component, const given_funcs_t *given,
                                  const links_t *links);

#endif
