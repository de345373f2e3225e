/* Values as JSON; docs/values.md has the mapping. */
#ifndef WEFT_VALUE_JSON_H
#define WEFT_VALUE_JSON_H

#include "value/value.h"

/* Reads a text that is one JSON value and nothing else as a value of the type. */
weft_error_t *weft_json_read(weft_str_t text, const type_t *type, weft_value_t *value);

/* Reads the one that starts at the byte *at of a text, which is moved behind it. */
weft_error_t *weft_json_read_at(weft_str_t text, size_t *at, const type_t *type,
                                weft_value_t *value);

/* Appends the value, which must be of the type, without line breaks. */
void weft_json_write(buf_t *out, const type_t *type, const weft_value_t *value);

/* Appends a JSON string. */
void weft_json_write_string(buf_t *out, weft_str_t str);

#endif
