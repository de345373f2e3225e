/* Whether a component is valid: the one list of what there is to check. It stands here because this is the highest
 * of the rooms that have a part in it: structure and types (component), core signatures (abi), values in the file. */
#ifndef WEFT_VALUE_VALIDATE_H
#define WEFT_VALUE_VALIDATE_H

#include "component/types/typing.h"

weft_error_t *weft_validate_all(type_pool_t *pool, document_t *document);

/* The same of a file that was not read yet, nothing is kept. */
weft_error_t *weft_validate_bytes(weft_bytes_t component);

#endif
