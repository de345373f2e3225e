/* Values sealed into a middleware: a component generated beside it answers its import of
 * `splicer:builtin-config/get`.
 *
 *   configured middleware                          (exports what the middleware exports, imports the rest)
 *   +-------------------------------------+
 *   | values --get(key)--> middleware     |
 *   +-------------------------------------+ */
#ifndef WEFT_WEAVE_CONFIG_H
#define WEFT_WEAVE_CONFIG_H

#include "component/model.h"

typedef struct config_value {
    weft_str_t key, value; /* the value as WAVE text */
} config_value_t;

/* The middleware's import of the interface; NULL: it reads no values. */
def_t *weft_config_import(scope_t *middleware);

/* Appends the configured middleware to `out`. */
weft_error_t *weft_config_seal(weft_bytes_t middleware, const config_value_t *values, size_t count,
                               buf_t *out);

#endif
