/* A proxy: a component that imports interfaces and exports the same, every function lowered and lifted again.
 *
 *   (component
 *     (import "a:b/c" (instance $c ...))              imports, after the interfaces whose types they use
 *     (core module) (core instance $memory ...)       only when some function needs memory
 *     (core func $0 (canon lower (func $c "f") ...))
 *     (core module) (core instance $funcs ...)        module.h;       only for what cannot be passed straight on
 *     (func $f (canon lift (core func $funcs "0") ...))
 *     (instance $e ...)                               $f under its name, types as they were imported
 *     (export "a:b/c" (instance $e)))
 *
 * Resources keep their identity: the exported type is the imported one. What is borrowed is given back before a
 * function returns. See docs/proxy.md. */
#ifndef WEFT_WEAVE_PROXY_PROXY_H
#define WEFT_WEAVE_PROXY_PROXY_H

#include "component/types/typing.h"

/* What the exported functions have where the imported ones have `list<u8>` (not inside records and variants). */
typedef enum proxy_bytes {
    PROXY_BYTES,
    /* `string`: each byte is one character up to U+00FF. A string with other characters traps. */
    PROXY_TEXT,
    /* `tuple<u32, u32>`: where in the proxy's memory the bytes lie, and how many they are. For a host that can reach that
     * memory: the one that the proxy defines. Its function `room: func(size: u32) -> u32` says where there is room for so many
     * bytes of arguments (null: there is no memory); it is called when no other call is under way, and its place stays the same. What a result
     * lies in is kept until the next call. Nothing else that is passed on may be called `room`. */
    PROXY_PLACES
} proxy_bytes_t;

typedef struct proxy_options {
    proxy_bytes_t bytes;

    /* Of each import whether it is passed on; the others are there for the types that those use, and become
     * imports, with their types only, when they are needed. NULL: all are passed on. */
    const bool *wanted;
} proxy_options_t;

/* Makes a proxy of imports (or exports) of a component as typing found them, in their order: instances with functions and
 * types, bare functions, bare types. Of two with one name the first one counts. Appends the component's bytes to `out`.
 * What a proxy cannot pass on is WEFT_UNSUPPORTED and named. */
weft_error_t *weft_proxy_make(type_pool_t *pool, const extern_item_t *imports, uint32_t count,
                              const proxy_options_t *options, buf_t *out);

#endif
