/* Bytes as text: the type of a function with `string` in place of each `list<u8>`.
 *
 * A type that needs a name (a record, a variant) stays as it is with all that is in it, since others share it. Names of
 * types that need none are seen through: `type bytes = list<u8>` is text, too. */
#ifndef WEFT_WEAVE_PROXY_TEXT_H
#define WEFT_WEAVE_PROXY_TEXT_H

#include "component/types/typing.h"

/* `text` is `func` itself when there is nothing to replace. */
weft_error_t *weft_proxy_text(type_pool_t *pool, const ctype_t *func, const ctype_t **text);

static inline bool weft_is_bytes(const type_t *type) {
    return type->kind == TYPE_LIST && type->element->kind == TYPE_U8;
}

#endif
