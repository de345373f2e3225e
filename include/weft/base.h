/* What every public header needs: visibility, strings, bytes. */
#ifndef WEFT_BASE_H
#define WEFT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32) && defined(WEFT_SHARED)
#ifdef WEFT_BUILDING
#define WEFT_API __declspec(dllexport)
#else
#define WEFT_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define WEFT_API __attribute__((visibility("default")))
#else
#define WEFT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A string: UTF-8, not NUL-terminated, not owned unless a function says so. */
typedef struct weft_str {
    const char *ptr;
    size_t len; /* bytes */
} weft_str_t;

/* A run of bytes, not owned unless a function says so. */
typedef struct weft_bytes {
    const uint8_t *ptr;
    size_t len;
} weft_bytes_t;

static inline weft_str_t weft_str(const char *c_string) {
    weft_str_t str = {c_string, c_string ? strlen(c_string) : 0};
    return str;
}

static inline bool weft_str_eq(weft_str_t a, weft_str_t b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Frees what a weft function handed over as "freed with weft_free". NULL is allowed. */
WEFT_API void weft_free(void *pointer);

/* A value as weft_func_call_flat takes and gives it. Of a scalar, `bits` is what wasm has: a number of at most 32 bits,
 * a bool, char, enum or flags in the low half, the high half is ignored; an f32 or f64 by its bits. Of a string or a
 * list<u8>, `bits` is the address and `length` the number of bytes. */
typedef struct weft_flat {
    uint64_t bits, length; /* the engine may write to either */
} weft_flat_t;

#ifdef __cplusplus
}
#endif
#endif
