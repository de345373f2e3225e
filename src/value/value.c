/* Making, copying, comparing and freeing value trees. */
#include "value/value.h"

#include <string.h>

#include "support/alloc.h"

weft_resource_t *weft_resource_retain(weft_resource_t *resource) {
    resource->references++;
    return resource;
}

void weft_resource_release(weft_resource_t *resource) {
    if (resource && --resource->references == 0) resource->drop(resource);
}

/* ---- freeing ---------------------------------------------------------------------------------- */

static void clear_items(weft_value_t *items, size_t count) {
    for (size_t i = 0; i < count; i++) weft_value_clear(&items[i]);
    weft_free(items);
}

void weft_value_clear(weft_value_t *value) {
    if (!value) return;
    if (!value->borrowed) {
        switch ((weft_kind_t)value->kind) {
        case WEFT_STRING: weft_free((void *)(uintptr_t)value->of.string.ptr); break;
        case WEFT_BYTES: weft_free((void *)(uintptr_t)value->of.bytes.ptr); break;
        case WEFT_LIST:
        case WEFT_MAP:
        case WEFT_RECORD:
        case WEFT_TUPLE: clear_items(value->of.list.items, value->of.list.count); break;
        case WEFT_VARIANT:
        case WEFT_OPTION:
        case WEFT_RESULT:
            weft_value_clear(value->of.payload);
            weft_free(value->of.payload);
            break;
        case WEFT_RESOURCE: weft_resource_release(value->of.resource); break;
        default: break;
        }
    }
    *value = weft_bool(false);
}

void weft_value_vec_free(value_vec_t *values) {
    for (size_t i = 0; i < values->count; i++) weft_value_clear(&values->items[i]);
    VEC_FREE(values);
}

/* ---- making ----------------------------------------------------------------------------------- */

weft_value_t weft_value_of_vec(weft_kind_t kind, value_vec_t *values) {
    weft_value_t value = weft_items_(kind, values->items, values->count);
    value.borrowed = false;
    values->items = NULL;
    values->count = values->capacity = 0;
    return value;
}

weft_error_t *weft_value_of_case(weft_kind_t kind, uint32_t index, weft_value_t *payload,
                                 weft_value_t *value) {
    weft_value_t *moved = NULL;
    if (payload) {
        moved = weft_alloc(sizeof *moved);
        if (!moved) {
            weft_value_clear(payload);
            return weft_error_oom();
        }
        *moved = *payload;
    }
    *value = weft_case_(kind, index, moved);
    value->borrowed = false;
    return NULL;
}

/* ---- copying ---------------------------------------------------------------------------------- */

static weft_error_t *copy_bytes(const void *from, size_t len, void **copy) {
    *copy = NULL;
    if (!len) return NULL;
    *copy = weft_alloc(len);
    if (!*copy) return weft_error_oom();
    memcpy(*copy, from, len);
    return NULL;
}

static weft_error_t *copy_items(const weft_value_t *value, weft_value_t *copy) {
    value_vec_t items = {0};
    for (size_t i = 0; i < value->of.list.count; i++) {
        weft_value_t item;
        weft_error_t *error = weft_value_copy(&value->of.list.items[i], &item);
        if (!error) {
            error = VEC_PUSH(&items, item);
            if (error) weft_value_clear(&item);
        }
        if (error) {
            weft_value_vec_free(&items);
            return error;
        }
    }
    *copy = weft_value_of_vec((weft_kind_t)value->kind, &items);
    return NULL;
}

weft_error_t *weft_value_copy(const weft_value_t *value, weft_value_t *copy) {
    weft_value_t out = *value;
    void *bytes;
    out.borrowed = false;
    switch ((weft_kind_t)value->kind) {
    case WEFT_STRING:
        TRY(copy_bytes(value->of.string.ptr, value->of.string.len, &bytes));
        out.of.string.ptr = bytes;
        break;
    case WEFT_BYTES:
        TRY(copy_bytes(value->of.bytes.ptr, value->of.bytes.len, &bytes));
        out.of.bytes.ptr = bytes;
        break;
    case WEFT_LIST:
    case WEFT_MAP:
    case WEFT_RECORD:
    case WEFT_TUPLE: return copy_items(value, copy);
    case WEFT_VARIANT:
    case WEFT_OPTION:
    case WEFT_RESULT:
        if (value->of.payload) {
            weft_value_t payload;
            TRY(weft_value_copy(value->of.payload, &payload));
            return weft_value_of_case((weft_kind_t)value->kind, value->index, &payload, copy);
        }
        break;
    case WEFT_RESOURCE: weft_resource_retain(out.of.resource); break;
    default: break;
    }
    *copy = out;
    return NULL;
}

/* ---- comparing -------------------------------------------------------------------------------- */

static bool bytes_equal(const void *a, size_t a_len, const void *b, size_t b_len) {
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

/* `bytes` is a WEFT_BYTES, `list` a WEFT_LIST. */
static bool bytes_equal_list(const weft_value_t *bytes, const weft_value_t *list) {
    if (bytes->of.bytes.len != list->of.list.count) return false;
    for (size_t i = 0; i < list->of.list.count; i++) {
        const weft_value_t *item = &list->of.list.items[i];
        if (item->kind != WEFT_U8 || item->of.u8 != bytes->of.bytes.ptr[i]) return false;
    }
    return true;
}

static bool items_equal(const weft_value_t *a, const weft_value_t *b) {
    if (a->of.list.count != b->of.list.count) return false;
    for (size_t i = 0; i < a->of.list.count; i++)
        if (!weft_value_equal(&a->of.list.items[i], &b->of.list.items[i])) return false;
    return true;
}

static bool cases_equal(const weft_value_t *a, const weft_value_t *b) {
    if (a->index != b->index || !a->of.payload != !b->of.payload) return false;
    return !a->of.payload || weft_value_equal(a->of.payload, b->of.payload);
}

bool weft_value_equal(const weft_value_t *a, const weft_value_t *b) {
    if (a->kind == WEFT_BYTES && b->kind == WEFT_LIST) return bytes_equal_list(a, b);
    if (a->kind == WEFT_LIST && b->kind == WEFT_BYTES) return bytes_equal_list(b, a);
    if (a->kind != b->kind) return false;
    switch ((weft_kind_t)a->kind) {
    case WEFT_BOOL: return a->of.boolean == b->of.boolean;
    case WEFT_S8:
    case WEFT_U8: return a->of.u8 == b->of.u8;
    case WEFT_S16:
    case WEFT_U16: return a->of.u16 == b->of.u16;
    case WEFT_S32:
    case WEFT_U32:
    case WEFT_F32: /* by its bits */ return a->of.u32 == b->of.u32;
    case WEFT_S64:
    case WEFT_U64:
    case WEFT_F64: return a->of.u64 == b->of.u64;
    case WEFT_CHAR: return a->of.character == b->of.character;
    case WEFT_STRING: return weft_str_eq(a->of.string, b->of.string);
    case WEFT_BYTES:
        return bytes_equal(a->of.bytes.ptr, a->of.bytes.len, b->of.bytes.ptr, b->of.bytes.len);
    case WEFT_LIST:
    case WEFT_MAP:
    case WEFT_RECORD:
    case WEFT_TUPLE: return items_equal(a, b);
    case WEFT_VARIANT:
    case WEFT_OPTION:
    case WEFT_RESULT: return cases_equal(a, b);
    case WEFT_ENUM: return a->index == b->index;
    case WEFT_FLAGS: return a->of.flags == b->of.flags;
    case WEFT_RESOURCE: return a->of.resource == b->of.resource;
    }
    return false;
}
