/* Wasmtime's errors and traps as weft's errors. */
#ifndef WEFT_RUNTIME_FAILURE_H
#define WEFT_RUNTIME_FAILURE_H

#include <wasmtime.h>

#include "support/error.h"

/* What limits the call had, for those failures that come from them. */
typedef struct failure_limits {
    weft_error_t *ended; /* why the host ended the call; NULL: it did not */
    uint64_t fuel;
} failure_limits_t;

/* Why a guest traps that an exception leaves. */
#define FAILURE_THROWN "uncaught exception propagated out of component"

/* What a call failed with: WEFT_TRAP or `ended`, with the frames as a note. Each consumes the failure, and
 * `ended`. */
weft_error_t *weft_failure_error(failure_limits_t *limits, wasmtime_error_t *failure);
weft_error_t *weft_failure_trap(failure_limits_t *limits, wasm_trap_t *trap);

/* Whether guest code ran when it came about: an exception that nobody caught is no trap for Wasmtime. */
bool weft_failure_in_guest(const wasmtime_error_t *failure);

/* Failures outside of calls: "<what>: <the cause>". Consumes the failure. */
weft_error_t *weft_failure_refusal(weft_code_t code, const char *what, wasmtime_error_t *failure);

#endif
