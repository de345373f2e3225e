/* The two core modules of a proxy.
 *
 * A memory for what is passed through it, which must stand before the imports are lowered:
 *
 *   "m" the memory   "r" realloc   "p" where the free part begins
 *   "room", "f"      (PROXY_PLACES) makes room for arguments; where the part behind it begins
 *
 * and the functions that stand between the lowered imports and what is lifted. It imports all from "":
 *
 *   "m", "r", "p", "f"  the above                     "0", "1", ...    the functions
 *   "0", "1", ...    the lowered imports              "v", "i", ...    post-return, by the core result
 *   "d0", "d1", ...  drop a handle, per resource
 *
 *   function(params):                                  post-return:
 *     depth++                                            depth--
 *     bytes that came as text are none but bytes         when it is zero: p = FIRST, or f
 *     result = import(params)
 *     each borrowed handle in the params is dropped
 *
 * Arguments are passed on where they lie, and so are results: nothing is copied. What lies in the memory belongs to calls
 * that are under way; when none is, all of it is free again. So memory grows to what the largest call
 * needs and no further. */
#ifndef WEFT_WEAVE_PROXY_MODULE_H
#define WEFT_WEAVE_PROXY_MODULE_H

#include "abi/func.h"
#include "core/emit.h"

typedef struct proxy_func {
    abi_func_t lift, lower;
    bool uses_memory;  /* it has a post-return */
    bool has_borrows;  /* in its parameters */
    bool checks_bytes; /* list<u8> in its parameters are strings outside */
} proxy_func_t;

typedef struct proxy_module {
    const proxy_func_t *const *funcs;
    uint32_t func_count;
    const map_t *drops; /* resource_t -> the number of its import, plus one */
    uint32_t drop_count;
    bool has_room;
} proxy_module_t;

/* Append the modules' bytes to `out`. */
weft_error_t *weft_proxy_memory_module(bool has_room, buf_t *out);
weft_error_t *weft_proxy_func_module(const proxy_module_t *proxy, buf_t *out);

/* The export that is the post-return of a function. */
weft_str_t weft_proxy_post_return(const proxy_func_t *func);

#endif
