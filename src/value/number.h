/* Decimal text of floats, whatever locale the host program has set. */
#ifndef WEFT_VALUE_NUMBER_H
#define WEFT_VALUE_NUMBER_H

#include "support/buf.h"

/* The nearest float to a decimal number as WAVE and JSON spell it; too large is infinity, too small
 * is zero. */
weft_error_t *weft_number_f32(weft_str_t text, float *number);
weft_error_t *weft_number_f64(weft_str_t text, double *number);

/* Whole numbers: an optional `-` and digits, in the range that is given. False: not that. */
bool weft_number_u64(weft_str_t text, uint64_t max, uint64_t *number);
bool weft_number_s64(weft_str_t text, int64_t min, int64_t max, int64_t *number);

/* Appends the shortest decimal digits that read back as the same float, without an exponent; `nan`,
 * `inf`, `-inf`. */
void weft_number_put_f32(buf_t *out, float number);
void weft_number_put_f64(buf_t *out, double number);

#endif
