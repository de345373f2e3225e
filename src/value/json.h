/* Values as JSON; docs/values.md has the mapping. */
#ifndef WEFT_VALUE_JSON_H
#define WEFT_VALUE_JSON_H

#include "value/value.h"

/* Reads one JSON value as a value of the type. Errors of JSON itself have a line and a column, errors of
 * the value name the place inside it. */
weft_error_t *weft_json_read(weft_str_t text, const type_t *type, weft_value_t *value);

/* Reads a JSON array of arguments: one for each parameter, fewer are accepted. */
weft_error_t *weft_json_read_args(weft_str_t text, const type_field_t *params, uint32_t count,
                                  value_vec_t *args);

/* Appends the value, which must be of the type, without line breaks. */
void weft_json_write(buf_t *out, const type_t *type, const weft_value_t *value);

/* Appends a JSON string. */
void weft_json_write_string(buf_t *out, weft_str_t str);

#endif
