/* weft-wast: runs component test scripts, as `wasm-tools json-from-wast` writes them. */
#ifndef WEFT_WAST_RUNNER_H
#define WEFT_WAST_RUNNER_H

#include <jansson.h>

#include "runtime/plugin.h"

/* The value that a script writes as JSON, as one of the type. */
weft_error_t *wast_value(const json_t *json, const type_t *type, weft_value_t *value);

/* Whether a result is what the script expects; floats may be expected as a kind of NaN. */
bool wast_matches(const json_t *expected, const type_t *type, const weft_value_t *result);

#endif
