/* The `config` of an injection: its values as WAVE text, sealed into the middleware (weave/config.h). */
#ifndef WEFT_SPLICE_CONFIG_H
#define WEFT_SPLICE_CONFIG_H

#include "splice/rules.h"
#include "support/buf.h"

/* Appends a middleware with the injection's values sealed in. */
weft_error_t *weft_config_apply(const inject_t *inject, weft_bytes_t middleware, buf_t *out);

#endif
