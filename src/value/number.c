#include "value/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/alloc.h"

/* ---- reading ---------------------------------------------------------------------------------- */

/* strtof and strtod want a NUL and obey the locale; the "C" locale needs no memory in any libc. */
static weft_error_t *read_float(weft_str_t text, float *single, double *number) {
    char small[64];
    char *copy = small;
    if (text.len >= sizeof small) {
        copy = weft_alloc(text.len + 1);
        if (!copy) return weft_error_oom();
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale) {
        if (single) *single = strtof_l(copy, NULL, c_locale);
        else *number = strtod_l(copy, NULL, c_locale);
        freelocale(c_locale);
    }
    if (copy != small) weft_free(copy);
    return c_locale ? NULL : weft_error_oom();
}

weft_error_t *weft_number_f32(weft_str_t text, float *number) {
    return read_float(text, number, NULL);
}

weft_error_t *weft_number_f64(weft_str_t text, double *number) {
    return read_float(text, NULL, number);
}

bool weft_number_u64(weft_str_t text, uint64_t max, uint64_t *number) {
    uint64_t sum = 0;
    if (!text.len) return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
        uint64_t digit = (uint64_t)(text.ptr[i] - '0');
        if (sum > (UINT64_MAX - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    if (sum > max) return false;
    *number = sum;
    return true;
}

bool weft_number_s64(weft_str_t text, int64_t min, int64_t max, int64_t *number) {
    bool negative = text.len && text.ptr[0] == '-';
    uint64_t magnitude;
    if (negative) text = (weft_str_t){text.ptr + 1, text.len - 1};
    /* The magnitude of the least number is one more than that of its opposite. */
    uint64_t limit = negative ? (uint64_t)-(min + 1) + 1 : (uint64_t)max;
    if (!weft_number_u64(text, limit, &magnitude)) return false;
    if (!negative) *number = (int64_t)magnitude;
    else *number = magnitude ? -(int64_t)(magnitude - 1) - 1 : 0;
    return true;
}

/* ---- writing ---------------------------------------------------------------------------------- */

/* Significant digits d1 d2 d3 ... and the power of ten of the first: d1.d2d3... x 10^exponent. */
typedef struct decimal {
    char digits[24];
    int count;
    int exponent;
} decimal_t;

/* `number` is finite and not negative; `precision` significant digits. */
static decimal_t decimal_of(double number, int precision) {
    char text[64];
    decimal_t decimal = {{0}, 0, 0};
    snprintf(text, sizeof text, "%.*e", precision - 1, number);
    const char *at = text;
    /* The decimal point may be any character of the locale: everything but digits is skipped. */
    for (; *at && *at != 'e'; at++)
        if (*at >= '0' && *at <= '9') decimal.digits[decimal.count++] = *at;
    if (*at == 'e') decimal.exponent = atoi(at + 1);
    while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0') decimal.count--;
    return decimal;
}

/* Written without a point, so that reading it back does not depend on the locale. */
static void decimal_text(const decimal_t *decimal, char text[64]) {
    snprintf(text, 64, "%.*se%d", decimal->count, decimal->digits,
             decimal->exponent - decimal->count + 1);
}

static void put_decimal(buf_t *out, const decimal_t *decimal) {
    int whole = decimal->exponent + 1; /* digits before the point */
    if (whole <= 0) {
        weft_buf_str(out, STR_LIT("0."));
        for (int i = whole; i < 0; i++) weft_buf_byte(out, '0');
        weft_buf_bytes(out, decimal->digits, (size_t)decimal->count);
        return;
    }
    for (int i = 0; i < whole || i < decimal->count; i++) {
        if (i == whole) weft_buf_byte(out, '.');
        weft_buf_byte(out, i < decimal->count ? (uint8_t)decimal->digits[i] : '0');
    }
}

/* Handles what is not an ordinary number; true when it did. Leaves the sign written. */
static bool put_special(buf_t *out, double number) {
    if (isnan(number)) {
        weft_buf_str(out, STR_LIT("nan"));
        return true;
    }
    if (signbit(number)) weft_buf_byte(out, '-');
    if (isinf(number)) weft_buf_str(out, STR_LIT("inf"));
    else if (fpclassify(number) == FP_ZERO) weft_buf_byte(out, '0');
    else return false;
    return true;
}

void weft_number_put_f32(buf_t *out, float number) {
    if (put_special(out, (double)number)) return;
    float magnitude = fabsf(number);
    decimal_t decimal;
    char text[64];
    for (int precision = 1; precision <= 9; precision++) {
        decimal = decimal_of((double)magnitude, precision);
        decimal_text(&decimal, text);
        float back = strtof(text, NULL);
        if (back == magnitude) break;
    }
    put_decimal(out, &decimal);
}

void weft_number_put_f64(buf_t *out, double number) {
    if (put_special(out, number)) return;
    double magnitude = fabs(number);
    decimal_t decimal;
    char text[64];
    for (int precision = 1; precision <= 17; precision++) {
        decimal = decimal_of(magnitude, precision);
        decimal_text(&decimal, text);
        double back = strtod(text, NULL);
        if (back == magnitude) break;
    }
    put_decimal(out, &decimal);
}
