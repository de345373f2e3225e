/* The options of `canon lift` and `canon lower`. */
#include "runtime/direct/entity.h"
#ifndef WEFT_RUNTIME_DIRECT_OPTIONS_H
#define WEFT_RUNTIME_DIRECT_OPTIONS_H

/* Those of a `canon lift` or `canon lower`. */
weft_error_t *weft_options(frame_t *frame, const def_t *canon, options_t *options);

/* Whether they have what a function of this signature needs, and are of the types they must be, as is the core function
 * under a lift (NULL: a lower). Once for each definition, where every instance has the same functions. */
weft_error_t *weft_options_check(frame_t *frame, const def_t *canon, const options_t *options,
                                 const abi_func_t *abi, const wasmtime_func_t *lifted);

#endif
