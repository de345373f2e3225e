/* The default value of a type in memory: zero, empty, none, the first case. Its bytes are all zero, but
 * for the pointers of empty strings and lists, which must be aligned (and are never null). */
#ifndef WEFT_ABI_DEFAULT_H
#define WEFT_ABI_DEFAULT_H

#include "abi/layout.h"
#include "support/vec.h"

typedef struct abi_pointer {
    uint64_t offset;
    uint8_t align; /* also the address to write: aligned, not null, and nothing lies there */
} abi_pointer_t;

typedef VEC(abi_pointer_t) abi_pointers_t;

/* Appends the pointers that a default value has. WEFT_UNSUPPORTED when the type has no default (it holds a
 * handle, a stream or a future in what would be there), WEFT_LIMIT when it has unreasonably many. */
weft_error_t *weft_abi_default(const layout_t *layout, abi_pointers_t *pointers);

#endif
