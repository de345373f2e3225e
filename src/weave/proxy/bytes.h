/* Bytes as something else: the type of a function with `string`, or `tuple<u32, u32>`, in place of each `list<u8>`.
 *
 * A type that needs a name (a record, a variant) stays as it is with all that is in it, since others share it. Names of
 * types that need none are seen through: `type bytes = list<u8>` is replaced, too. */
#ifndef WEFT_WEAVE_PROXY_BYTES_H
#define WEFT_WEAVE_PROXY_BYTES_H

#include "weave/proxy/proxy.h"

/* `replaced` is `func` itself when there is nothing to replace. */
weft_error_t *weft_proxy_replace_bytes(type_pool_t *pool, const ctype_t *func, proxy_bytes_t bytes,
                                       const ctype_t **replaced);

static inline bool weft_is_bytes(const type_t *type) {
    return type->kind == TYPE_LIST && type->element->kind == TYPE_U8;
}

#endif
