/* Values of the component model, as a tree.
 *
 * A value says what kind it is, not which type: names of fields and cases stand in the type, so a
 * record is its fields in the type's order and a case is its index. The same tree serves every engine
 * and is read from and written as text (WAVE, JSON) by the functions that know a type.
 *
 * Ownership. A value owns what it points to, and weft_value_clear frees that, unless `borrowed` is set:
 * then what it points to is somebody else's, lives longer, and is left alone. The short makers below
 * (weft_string, weft_list, ...) give borrowed values, for arguments:
 *
 *     weft_value_t fields[2] = {weft_u32(7), weft_string("seven")};
 *     weft_value_t in[1] = {weft_record(fields, 2)};
 *
 * What weft hands out is owned and ends with weft_value_clear. weft_value_copy gives an owned copy of
 * either sort. Values may be used from any thread, by one at a time, except handles to resources,
 * which belong to the thread rules of the plugin that gave them. */
#ifndef WEFT_VALUE_H
#define WEFT_VALUE_H

#include <weft/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum weft_kind {
    WEFT_BOOL,
    WEFT_S8,
    WEFT_U8,
    WEFT_S16,
    WEFT_U16,
    WEFT_S32,
    WEFT_U32,
    WEFT_S64,
    WEFT_U64,
    WEFT_F32,
    WEFT_F64,
    WEFT_CHAR,
    WEFT_STRING,
    WEFT_LIST,    /* of.list; lists of fixed length too */
    WEFT_BYTES,   /* of.bytes; how a list<u8> comes out. A WEFT_LIST of u8 is taken as well */
    WEFT_MAP,     /* of.list: key, value, key, value, ...; count counts both */
    WEFT_RECORD,  /* of.list: the fields in the type's order */
    WEFT_TUPLE,   /* of.list */
    WEFT_VARIANT, /* index; of.payload, or NULL */
    WEFT_ENUM,    /* index */
    WEFT_OPTION,  /* index 0: none; 1: some, of.payload */
    WEFT_RESULT,  /* index 0: ok; 1: err; of.payload, or NULL */
    WEFT_FLAGS,   /* of.flags: bit n is the n-th label */
    WEFT_RESOURCE /* of.resource: a handle, owned or lent as its type says */
} weft_kind_t;

/* A handle to a resource of a running plugin; opaque, counted, never NULL in a value. */
typedef struct weft_resource weft_resource_t;

typedef struct weft_value weft_value_t;
struct weft_value {
    uint8_t kind; /* weft_kind_t */
    bool borrowed;
    uint32_t index; /* the case of a variant, enum, option or result, from 0 */
    union {
        bool boolean;
        int8_t s8;
        uint8_t u8;
        int16_t s16;
        uint16_t u16;
        int32_t s32;
        uint32_t u32;
        int64_t s64;
        uint64_t u64;
        float f32;
        double f64;
        uint32_t character; /* a Unicode scalar value */
        uint32_t flags;
        weft_str_t string; /* UTF-8 */
        weft_bytes_t bytes;
        struct {
            weft_value_t *items;
            size_t count;
        } list;
        weft_value_t *payload;
        weft_resource_t *resource;
    } of;
};

/* Frees what the value owns and leaves it a WEFT_BOOL that is false. NULL is allowed. */
WEFT_API void weft_value_clear(weft_value_t *value);

/* A deep copy that owns everything (of a handle: one more reference to the same resource). */
WEFT_API weft_error_t *weft_value_copy(const weft_value_t *value, weft_value_t *copy);

/* Same kind and same content. Floats are compared by their bits, so a NaN equals itself and 0.0 is not
 * -0.0; bytes equal a list of the same u8; handles are equal when they are one handle. */
WEFT_API bool weft_value_equal(const weft_value_t *a, const weft_value_t *b);

/* ---- makers; none allocates, those with pointers borrow ---------------------------------------- */

/* Each part is written once, so that a value can be made where it is wanted: filling all of it with zeros first made
 * compilers put it together elsewhere and copy it, which took longer than the rest of a short call. What the kind does
 * not use of `of` has no meaning. */
#define WEFT_VALUE_MAKER_(name, type, KIND, member)                                                \
    static inline weft_value_t name(type v) {                                                      \
        weft_value_t value;                                                                        \
        value.kind = (uint8_t)KIND;                                                                \
        value.borrowed = false;                                                                    \
        value.index = 0;                                                                           \
        value.of.member = v;                                                                       \
        return value;                                                                              \
    }
WEFT_VALUE_MAKER_(weft_bool, bool, WEFT_BOOL, boolean)
WEFT_VALUE_MAKER_(weft_s8, int8_t, WEFT_S8, s8)
WEFT_VALUE_MAKER_(weft_u8, uint8_t, WEFT_U8, u8)
WEFT_VALUE_MAKER_(weft_s16, int16_t, WEFT_S16, s16)
WEFT_VALUE_MAKER_(weft_u16, uint16_t, WEFT_U16, u16)
WEFT_VALUE_MAKER_(weft_s32, int32_t, WEFT_S32, s32)
WEFT_VALUE_MAKER_(weft_u32, uint32_t, WEFT_U32, u32)
WEFT_VALUE_MAKER_(weft_s64, int64_t, WEFT_S64, s64)
WEFT_VALUE_MAKER_(weft_u64, uint64_t, WEFT_U64, u64)
WEFT_VALUE_MAKER_(weft_f32, float, WEFT_F32, f32)
WEFT_VALUE_MAKER_(weft_f64, double, WEFT_F64, f64)
WEFT_VALUE_MAKER_(weft_char, uint32_t, WEFT_CHAR, character)
WEFT_VALUE_MAKER_(weft_flags, uint32_t, WEFT_FLAGS, flags)
#undef WEFT_VALUE_MAKER_

static inline weft_value_t weft_string_of(weft_str_t str) {
    weft_value_t value;
    value.kind = (uint8_t)WEFT_STRING;
    value.borrowed = true;
    value.index = 0;
    value.of.string = str;
    return value;
}

static inline weft_value_t weft_string(const char *c_string) {
    return weft_string_of(weft_str(c_string));
}

static inline weft_value_t weft_byte_list(const void *bytes, size_t len) {
    weft_value_t value;
    value.kind = (uint8_t)WEFT_BYTES;
    value.borrowed = true;
    value.index = 0;
    value.of.bytes.ptr = (const uint8_t *)bytes;
    value.of.bytes.len = len;
    return value;
}

static inline weft_value_t weft_items_(weft_kind_t kind, weft_value_t *items, size_t count) {
    weft_value_t value;
    value.kind = (uint8_t)kind;
    value.borrowed = true;
    value.index = 0;
    value.of.list.items = items;
    value.of.list.count = count;
    return value;
}

static inline weft_value_t weft_list(weft_value_t *items, size_t count) {
    return weft_items_(WEFT_LIST, items, count);
}

/* `items`: key, value, key, value, ...; `entries` pairs of them. */
static inline weft_value_t weft_map(weft_value_t *items, size_t entries) {
    return weft_items_(WEFT_MAP, items, entries * 2);
}

static inline weft_value_t weft_record(weft_value_t *fields, size_t count) {
    return weft_items_(WEFT_RECORD, fields, count);
}

static inline weft_value_t weft_tuple(weft_value_t *items, size_t count) {
    return weft_items_(WEFT_TUPLE, items, count);
}

static inline weft_value_t weft_case_(weft_kind_t kind, uint32_t index, weft_value_t *payload) {
    weft_value_t value;
    value.kind = (uint8_t)kind;
    value.borrowed = true;
    value.index = index;
    value.of.payload = payload;
    return value;
}

static inline weft_value_t weft_variant(uint32_t index, weft_value_t *payload) {
    return weft_case_(WEFT_VARIANT, index, payload);
}

static inline weft_value_t weft_enum(uint32_t index) {
    return weft_case_(WEFT_ENUM, index, (weft_value_t *)0);
}

static inline weft_value_t weft_none(void) {
    return weft_case_(WEFT_OPTION, 0, (weft_value_t *)0);
}

static inline weft_value_t weft_some(weft_value_t *payload) {
    return weft_case_(WEFT_OPTION, 1, payload);
}

/* `payload` is NULL where the type has none. */
static inline weft_value_t weft_ok(weft_value_t *payload) {
    return weft_case_(WEFT_RESULT, 0, payload);
}

static inline weft_value_t weft_err(weft_value_t *payload) {
    return weft_case_(WEFT_RESULT, 1, payload);
}

#ifdef __cplusplus
}
#endif
#endif
