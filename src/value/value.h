/* What the library knows of values beyond <weft/value.h>: handles, owned makers, the check of a value
 * against a type. */
#ifndef WEFT_VALUE_VALUE_H
#define WEFT_VALUE_VALUE_H

#include <weft/value.h>

#include "component/types/type.h"
#include "support/vec.h"

/* Types may nest this deep where values are read, written or checked: those walk recursively, and
 * Wasmtime's own limit is the same. */
#define VALUE_MAX_DEPTH 100

/* A handle as every engine makes it: the engine's own struct begins with this one. The last
 * weft_resource_release calls `drop`, which frees the struct. */
struct weft_resource {
    size_t references;
    void (*drop)(weft_resource_t *resource);
    weft_str_t name; /* of the resource type, for people */
    uint32_t number; /* from 1, per plugin, in the order in which handles came out */
};

weft_resource_t *weft_resource_retain(weft_resource_t *resource);
void weft_resource_release(weft_resource_t *resource);

typedef VEC(weft_value_t) value_vec_t;

/* Clears every element and frees the array. */
void weft_value_vec_free(value_vec_t *values);

/* Moves the elements into a value of the kind (WEFT_LIST, WEFT_RECORD, ...) that owns them. */
weft_value_t weft_value_of_vec(weft_kind_t kind, value_vec_t *values);

/* Moves `payload` (NULL: none) to the heap, into an owned variant, option or result. On failure the
 * payload is cleared. */
weft_error_t *weft_value_of_case(weft_kind_t kind, uint32_t index, weft_value_t *payload,
                                 weft_value_t *value);

/* Whether the value is one of the type, all the way down: kinds, counts, case indices, flags, UTF-8 of
 * strings, range of chars. The error (WEFT_MISMATCH) names the place inside the value, as in
 * `.items[3].name`. */
weft_error_t *weft_value_check(const weft_value_t *value, const type_t *type);

/* The u8 elements of a list<u8> in either form: element `at`. */
static inline uint8_t weft_value_byte(const weft_value_t *value, size_t at) {
    return value->kind == WEFT_BYTES ? value->of.bytes.ptr[at] : value->of.list.items[at].of.u8;
}

#endif
