/* The shape of a function as bytes: what its code depends on. Types that lead to the same code are the same here, a
 * tuple and a record of the same fields for example. */
#include "runtime/direct/fuse/code.h"

/* Longer keys would make long code; and how deep types nest while they are written down. */
enum { LONGEST = 200, DEEPEST = 40 };

static bool put(buf_t *key, const layout_t *layout, unsigned depth);

static bool put_parts(buf_t *key, const layout_t *layout, unsigned depth) {
    bool fits = true;
    weft_buf_u32(key, layout->part_count);
    for (uint32_t i = 0; i < layout->part_count && fits; i++) {
        if (layout->parts[i]) fits = put(key, layout->parts[i], depth);
        else weft_buf_byte(key, '-');
        fits &= key->len <= LONGEST;
    }
    return fits;
}

/* Variants of all kinds are one, and so are records and tuples. */
static uint8_t letter_of(type_kind_t kind) {
    switch (kind) {
    case TYPE_OPTION:
    case TYPE_RESULT: return TYPE_VARIANT;
    case TYPE_TUPLE: return TYPE_RECORD;
    default: return (uint8_t)kind;
    }
}

static bool put(buf_t *key, const layout_t *layout, unsigned depth) {
    if (depth > DEEPEST || layout->size > ABI_MAX_BYTES) return false;
    type_kind_t kind = layout->type->kind;
    weft_buf_byte(key, letter_of(kind));
    switch (kind) {
    case TYPE_LIST: return put(key, layout->element, depth + 1);
    case TYPE_FIXED_LIST:
        weft_buf_u32(key, layout->type->length);
        return put(key, layout->element, depth + 1);
    case TYPE_RECORD:
    case TYPE_TUPLE:
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT:
    case TYPE_MAP: return put_parts(key, layout, depth + 1);
    case TYPE_ENUM: weft_buf_u32(key, layout->part_count); return true;
    case TYPE_FLAGS: weft_buf_u32(key, layout->type->field_count); return true;
    default: return kind <= TYPE_STRING;
    }
}

static bool put_func(buf_t *key, const abi_func_t *func) {
    if (func->params->size > ABI_MAX_BYTES || !put_parts(key, func->params, 0)) return false;
    weft_buf_byte(key, func->result != NULL);
    return !func->result || put(key, func->result, 0);
}

/* The two sides know a type by layouts of their own, which say the same unless subtyping was at work. */
static weft_error_t *is_same(const fuse_shape_t *shape, weft_str_t caller, bool *same) {
    buf_t callee = {0};
    *same = put_func(&callee, shape->callee) && weft_str_eq(weft_buf_as_str(&callee), caller);
    bool failed = callee.failed;
    weft_buf_free(&callee);
    return failed ? weft_error_oom() : NULL;
}

weft_error_t *weft_fuse_key(const fuse_shape_t *shape, buf_t *key, bool *fits) {
    weft_buf_byte(key, (uint8_t)shape->depth);
    weft_buf_byte(key, shape->post_return);
    weft_buf_byte(key, shape->throws);
    weft_buf_byte(key, shape->caller_encoding);
    weft_buf_byte(key, shape->callee_encoding);
    size_t start = key->len;
    *fits = put_func(key, shape->caller);
    if (key->failed) return weft_error_oom();
    if (!*fits) return NULL;
    return is_same(shape, (weft_str_t){(const char *)key->data + start, key->len - start}, fits);
}
