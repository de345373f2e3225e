/* Whether a component follows the rules of the specification at the component level (Binary.md, Explainer.md).
 *
 * The reader has checked indices and the grammar, typing finds the types and checks what they need (sorts,
 * arguments, ascriptions). This checks the rest: labels, names and their uniqueness, annotated names against the
 * types they carry, which types a function may mention from outside, that resources do not leak, the use of
 * values, canonical options. Whether the core functions and memories under canonical definitions have the
 * right types is abi/validate.h; the bodies of core modules are an engine's matter. */
#ifndef WEFT_COMPONENT_VALIDATE_VALIDATE_H
#define WEFT_COMPONENT_VALIDATE_VALIDATE_H

#include "component/types/typing.h"

/* Parses and types every body at every depth. The first error (WEFT_INVALID, WEFT_MISMATCH, WEFT_LIMIT) has the
 * offset of the definition that is wrong. */
weft_error_t *weft_validate(type_pool_t *pool, document_t *document);

/* The first import or export of the root that mentions a type without a name on the outside; NULL: none does. For telling
 * what is wrong with a document that is not valid. */
weft_error_t *weft_validate_find_unnamed(type_pool_t *pool, document_t *document,
                                         const def_t **unnamed);

#endif
