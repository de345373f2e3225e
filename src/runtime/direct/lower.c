/* The host's values into a guest: into its memory, or as core values. Values were checked against their types
 * (weft_value_check) and handles marked as given (resource.c), so what fails here is the guest's doing. */

#include "abi/text.h"
#include "runtime/direct/host_values.h"

/* ---- scalars ---------------------------------------------------------------------------------- */

uint64_t weft_value_bits(type_kind_t kind, const weft_value_t *value) {
    uint64_t bits = 0;
    switch (kind) {
    case TYPE_BOOL: return value->of.boolean;
    case TYPE_S8: return (uint64_t)(uint32_t)value->of.s8;
    case TYPE_U8: return value->of.u8;
    case TYPE_S16: return (uint64_t)(uint32_t)value->of.s16;
    case TYPE_U16: return value->of.u16;
    case TYPE_S32: return (uint32_t)value->of.s32;
    case TYPE_U32: return value->of.u32;
    case TYPE_F32: memcpy(&bits, &value->of.f32, sizeof value->of.f32); return bits;
    case TYPE_S64: return (uint64_t)value->of.s64;
    case TYPE_U64: return value->of.u64;
    case TYPE_F64: memcpy(&bits, &value->of.f64, sizeof value->of.f64); return bits;
    case TYPE_CHAR: return value->of.character;
    case TYPE_FLAGS: return value->of.flags;
    default: return value->index; /* of a case */
    }
}

static weft_error_t *lower_handle(const transfer_t *transfer, const layout_t *layout,
                                  const weft_value_t *value, uint32_t *handle) {
    const direct_resource_t *resource = (const direct_resource_t *)value->of.resource;
    return transfer->to->ops->lower_handle(transfer->to, layout->type, resource->rep, handle);
}

/* ---- strings and lists ------------------------------------------------------------------------ */

static weft_error_t *store_fields(const transfer_t *transfer, const layout_t *layout,
                                  const weft_value_t *items, uint64_t ptr) {
    for (uint32_t i = 0; i < layout->part_count; i++)
        TRY(weft_value_store(transfer, layout->parts[i], &items[i], ptr + layout->offsets[i]));
    return NULL;
}

/* Elements that are stored without calling the guest: the memory stays where it is. */
static void store_numbers(uint8_t *out, const layout_t *element, const weft_value_t *items,
                          uint64_t count) {
    unsigned size = (unsigned)element->size;
    for (uint64_t i = 0; i < count; i++)
        weft_store(out + i * size, size, weft_value_bits(element->type->kind, &items[i]));
}

static weft_error_t *store_elements(const transfer_t *transfer, const layout_t *layout,
                                    const weft_value_t *value, uint64_t count, uint64_t ptr) {
    const layout_t *element = layout->element;
    if (value->kind == WEFT_BYTES) {
        if (count) memcpy(weft_side_at(transfer->to, ptr), value->of.bytes.ptr, count);
        return NULL;
    }
    const weft_value_t *items = value->of.list.items;
    if (element && element->is_plain && element->type->kind <= TYPE_F64) {
        store_numbers(weft_side_at(transfer->to, ptr), element, items, count);
        return NULL;
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = ptr + i * layout->stride;
        TRY(weft_side_pace(transfer->to, layout->stride));
        if (element) TRY(weft_value_store(transfer, element, &items[i], at));
        else TRY(store_fields(transfer, layout, &items[2 * i], at));
    }
    return NULL;
}

static weft_error_t *lower_list(const transfer_t *transfer, const layout_t *layout,
                                const weft_value_t *value, uint64_t *ptr, uint64_t *length) {
    uint64_t count = value->kind == WEFT_BYTES ? value->of.bytes.len : value->of.list.count;
    if (value->kind == WEFT_MAP) count /= 2;
    if (count > ABI_MAX_BYTES / layout->stride)
        return weft_error_new(WEFT_LIMIT, "a list of %llu elements: lists have at most %d bytes",
                              (unsigned long long)count, ABI_MAX_BYTES);
    TRY(weft_abi_realloc(transfer, 0, 0, layout->element_align, count * layout->stride, ptr));
    *length = count;
    return store_elements(transfer, layout, value, count, *ptr);
}

static weft_error_t *lower_range(const transfer_t *transfer, const layout_t *layout,
                                 const weft_value_t *value, uint64_t *ptr, uint64_t *length) {
    if (layout->type->kind != TYPE_STRING) return lower_list(transfer, layout, value, ptr, length);
    text_t text = {.host = (const uint8_t *)value->of.string.ptr,
                   .units = value->of.string.len,
                   .form = TEXT_UTF8};
    if (text.units > ABI_MAX_BYTES)
        return weft_error_new(WEFT_LIMIT, "a string of %zu bytes: strings have at most %d",
                              value->of.string.len, ABI_MAX_BYTES);
    return weft_text_store(transfer, &text, ptr, length);
}

/* ---- into memory ------------------------------------------------------------------------------ */

static weft_error_t *store_case(const transfer_t *transfer, const layout_t *layout,
                                const weft_value_t *value, uint64_t ptr) {
    const layout_t *payload = layout->parts[value->index];
    weft_store(weft_side_at(transfer->to, ptr), layout->discriminant, value->index);
    if (!payload) return NULL;
    return weft_value_store(transfer, payload, value->of.payload, ptr + layout->payload);
}

static weft_error_t *store_range(const transfer_t *transfer, const layout_t *layout,
                                 const weft_value_t *value, uint64_t ptr) {
    uint64_t start, length;
    TRY(lower_range(transfer, layout, value, &start, &length));
    weft_side_store_pointer(transfer->to, ptr, start);
    weft_side_store_pointer(transfer->to, ptr + transfer->to->pointer_size, length);
    return NULL;
}

static weft_error_t *store_handle(const transfer_t *transfer, const layout_t *layout,
                                  const weft_value_t *value, uint64_t ptr) {
    uint32_t handle;
    TRY(lower_handle(transfer, layout, value, &handle));
    weft_store(weft_side_at(transfer->to, ptr), 4, handle);
    return NULL;
}

weft_error_t *weft_value_store(const transfer_t *transfer, const layout_t *layout,
                               const weft_value_t *value, uint64_t ptr) {
    switch (layout->type->kind) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP: return store_range(transfer, layout, value, ptr);
    case TYPE_FIXED_LIST: return store_elements(transfer, layout, value, layout->type->length, ptr);
    case TYPE_RECORD:
    case TYPE_TUPLE: return store_fields(transfer, layout, value->of.list.items, ptr);
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: return store_case(transfer, layout, value, ptr);
    case TYPE_OWN:
    case TYPE_BORROW: return store_handle(transfer, layout, value, ptr);
    default:
        weft_store(weft_side_at(transfer->to, ptr), (unsigned)layout->size,
                   weft_value_bits(layout->type->kind, value));
        return NULL;
    }
}

/* ---- as core values --------------------------------------------------------------------------- */

static weft_error_t *lower_fields(const transfer_t *transfer, const layout_t *layout,
                                  const weft_value_t *items, flat_t *out) {
    for (uint32_t i = 0; i < layout->part_count; i++) {
        TRY(weft_value_lower(transfer, layout->parts[i], &items[i], out));
        out += layout->parts[i]->flat_count;
    }
    return NULL;
}

static weft_error_t *lower_fixed_list(const transfer_t *transfer, const layout_t *layout,
                                      const weft_value_t *value, flat_t *out) {
    for (uint32_t i = 0; i < layout->type->length; i++) {
        if (value->kind == WEFT_BYTES) out->bits = value->of.bytes.ptr[i];
        else TRY(weft_value_lower(transfer, layout->element, &value->of.list.items[i], out));
        out += layout->element->flat_count;
    }
    return NULL;
}

static weft_error_t *lower_case(const transfer_t *transfer, const layout_t *layout,
                                const weft_value_t *value, flat_t *out) {
    const layout_t *payload = layout->parts[value->index];
    uint32_t used = 1;
    out[0].bits = value->index;
    if (payload) {
        TRY(weft_value_lower(transfer, payload, value->of.payload, out + 1));
        used += payload->flat_count;
    }
    for (; used < layout->flat_count; used++) out[used].bits = 0;
    return NULL;
}

static weft_error_t *lower_handle_flat(const transfer_t *transfer, const layout_t *layout,
                                       const weft_value_t *value, flat_t *out) {
    uint32_t handle;
    TRY(lower_handle(transfer, layout, value, &handle));
    out->bits = handle;
    return NULL;
}

weft_error_t *weft_value_lower(const transfer_t *transfer, const layout_t *layout,
                               const weft_value_t *value, flat_t *out) {
    switch (layout->type->kind) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP: return lower_range(transfer, layout, value, &out[0].bits, &out[1].bits);
    case TYPE_FIXED_LIST: return lower_fixed_list(transfer, layout, value, out);
    case TYPE_RECORD:
    case TYPE_TUPLE: return lower_fields(transfer, layout, value->of.list.items, out);
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: return lower_case(transfer, layout, value, out);
    case TYPE_OWN:
    case TYPE_BORROW: return lower_handle_flat(transfer, layout, value, out);
    default: out->bits = weft_value_bits(layout->type->kind, value); return NULL;
    }
}
