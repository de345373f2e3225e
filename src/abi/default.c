#include "abi/default.h"

/* Fixed-length lists repeat what their element has, and a type may hold one record exponentially often;
 * each visit below pays with a byte of the value. */
enum { MAX_POINTERS = 1000, MAX_SIZE = 1 << 20 };

static weft_error_t *add(const layout_t *layout, uint64_t base, abi_pointers_t *pointers);

static weft_error_t *add_pointer(const layout_t *layout, uint64_t at, abi_pointers_t *pointers) {
    if (pointers->count == MAX_POINTERS)
        return weft_error_new(WEFT_LIMIT, "a default value with more than %d strings and lists",
                              MAX_POINTERS);
    uint8_t align = layout->element_align ? layout->element_align : 1;
    return VEC_PUSH(pointers, (abi_pointer_t){at, align});
}

static weft_error_t *add_repeated(const layout_t *layout, uint64_t base, abi_pointers_t *pointers) {
    size_t before = pointers->count;
    for (uint32_t i = 0; i < layout->type->length; i++) {
        TRY(add(layout->element, base + i * layout->stride, pointers));
        if (pointers->count == before) break; /* the element has none */
    }
    return NULL;
}

static weft_error_t *add(const layout_t *layout, uint64_t base, abi_pointers_t *pointers) {
    switch (layout->type->kind) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP: return add_pointer(layout, base, pointers);
    case TYPE_FIXED_LIST: return add_repeated(layout, base, pointers);
    case TYPE_RECORD:
    case TYPE_TUPLE:
        for (uint32_t i = 0; i < layout->part_count; i++)
            TRY(add(layout->parts[i], base + layout->offsets[i], pointers));
        return NULL;
    case TYPE_VARIANT:
    case TYPE_RESULT:
    case TYPE_ENUM:
    case TYPE_OPTION: {
        const layout_t *first = layout->part_count ? layout->parts[0] : NULL;
        return first ? add(first, base + layout->payload, pointers) : NULL;
    }
    case TYPE_OWN:
    case TYPE_BORROW:
    case TYPE_STREAM:
    case TYPE_FUTURE:
    case TYPE_ERROR_CONTEXT:
        return weft_error_new(WEFT_UNSUPPORTED, "a handle has no default value");
    default: return NULL;
    }
}

weft_error_t *weft_abi_default(const layout_t *layout, abi_pointers_t *pointers) {
    if (layout->size > MAX_SIZE)
        return weft_error_new(WEFT_LIMIT, "a default value of more than %d bytes", MAX_SIZE);
    return add(layout, 0, pointers);
}
