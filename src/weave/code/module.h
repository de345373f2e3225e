/* The core module that stands between a component's functions and their callers.
 *
 * It imports everything from "" and exports each original under its own number again, woven:
 *
 *      hooks      "b" before   "a" after   "g" gate        0, 1, 2, ...   woven functions
 *      "x0", "x1", ...         drop a handle
 *      "0", "1", "2", ...     the originals          "i"   the counter of calls, for a second module
 *
 *   woven(params):
 *     first call of the instance: [counter = n()]
 *     call = ++counter
 *     b(target, call)
 *     g(target, call) -> 0 goes on, 1 drops the handles in params and returns the default,
 *                        2 traps in a function whose name says why
 *     results = original(params)
 *     a(target, call)
 *     results
 *
 * Values pass through untouched and uncopied, whatever they are. Names of imports and exports are short
 * because they cost bytes in every woven component. */
#ifndef WEFT_WEAVE_CODE_MODULE_H
#define WEFT_WEAVE_CODE_MODULE_H

#include "abi/default.h"
#include "core/emit.h"
#include "weave/code/names.h"

/* What a hook is told, apart from the number of the call (u64, the last parameter). */
typedef enum weave_family {
    WEAVE_BY_TARGET, /* weft:hooks: (target u32, call) */
    WEAVE_BY_NAME /* splicer:tier1: (interface string, function string, call), in a names module */
} weave_family_t;

typedef enum weave_counter {
    WEAVE_COUNTER_OWN,      /* a global of this module */
    WEAVE_COUNTER_EXPORTED, /* the same, exported as "i": a second module of this component imports it */
    WEAVE_COUNTER_IMPORTED /* the global of the first module */
} weave_counter_t;

/* The default value of a result that lies in memory: all zero, but for the pointers of empty strings and
 * lists, which must be aligned. See weft_abi_default. */
typedef struct weave_default {
    uint64_t size;
    const abi_pointer_t *pointers;
    uint32_t pointer_count;
} weave_default_t;

typedef struct woven_func {
    core_sig_t sig;
    uint32_t target;                        /* WEAVE_BY_TARGET */
    weave_text_t interface_name, func_name; /* WEAVE_BY_NAME */

    /* With a gate. A skipped call returns zero for a core result; where the result goes to memory, the
     * last parameter points there and `result` says what to write. The handles in its arguments are dropped. A
     * function that cannot be skipped (its result has no default) fails instead. */
    bool can_skip;
    const layout_t *args;          /* the parameters as a tuple; NULL: they hold no handle */
    bool args_in_memory;           /* the first parameter is their address */
    const weave_default_t *result; /* NULL: the result is not in memory */
    weft_str_t refusal;            /* "weft: chaos.admit refused my:app/orders#get" */
} woven_func_t;

typedef struct weave_module {
    weave_family_t family;
    bool without_id;          /* WEAVE_BY_NAME: the number of the call is left out */
    bool before, after, gate; /* which hooks there are */
    weave_counter_t counter;

    /* Done once, before the first hook call of the instance: the counter starts at what the import "n"
     * (() -> i64) returns. Two modules that share a counter must both have it, since either may be called
     * first. */
    bool takes_block;

    const type_t *const *handles; /* imports "x0", "x1", ... drop these, (i32) -> () */
    uint32_t handle_count;
    const core_size_t
        *memory; /* imported as "m": some `result` is written, or `args` are read; else NULL */
    const woven_func_t *funcs;
    uint32_t func_count;
} weave_module_t;

/* Appends the module's bytes to `out`. The same input gives the same bytes. */
weft_error_t *weft_weave_module(const weave_module_t *weave, buf_t *out);

#endif
