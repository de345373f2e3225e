/* Whether the core side of a component fits: the arguments of core modules, what is aliased from their instances,
 * and the core functions and memories under canonical definitions against the canonical ABI.
 *
 * What is told of core modules is what they import and export; their code is an engine's matter. References of
 * the GC proposal and the `gc` option are taken on trust. */
#ifndef WEFT_ABI_VALIDATE_H
#define WEFT_ABI_VALIDATE_H

#include "abi/func.h"
#include "component/types/typing.h"

/* After weft_validate, which makes sure of everything else. */
weft_error_t *weft_abi_validate(type_pool_t *pool, document_t *document);

#endif
