/* The options of `canon lift` and `canon lower`. */
#include "runtime/direct/entity.h"
#ifndef WEFT_RUNTIME_DIRECT_OPTIONS_H
#define WEFT_RUNTIME_DIRECT_OPTIONS_H

/* Those of a `canon lift` or `canon lower`. */
weft_error_t *weft_options(frame_t *frame, const def_t *canon, options_t *options);

/* Whether the options have what a function of this signature needs. */
weft_error_t *weft_options_check(frame_t *frame, const options_t *options, const abi_func_t *abi);

/* Whether the core function under a lift is of the type that the lift makes it have. */
weft_error_t *weft_options_check_core(frame_t *frame, const direct_func_t *func);

#endif
