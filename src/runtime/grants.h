/* What a guest gets of WASI 0.2, on either engine: nothing but what the options grant. */
#ifndef WEFT_RUNTIME_GRANTS_H
#define WEFT_RUNTIME_GRANTS_H

#include <wasmtime.h>

#include <weft/runtime.h>

#include "support/error.h"

weft_error_t *weft_grants_apply(wasmtime_context_t *context, const weft_options_t *options);

#endif
