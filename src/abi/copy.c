#include "abi/copy.h"

#include "abi/text.h"

/* ---- scalars ---------------------------------------------------------------------------------- */

static uint64_t flags_mask(const layout_t *layout) {
    return (UINT64_C(1) << layout->type->field_count) - 1;
}

weft_error_t *weft_abi_scalar(const layout_t *layout, uint64_t bits, uint64_t *value) {
    *value = (uint32_t)bits;
    switch (layout->type->kind) {
    case TYPE_BOOL: *value = (uint32_t)bits != 0; return NULL;
    case TYPE_S8: *value = (uint64_t)(uint32_t)(int32_t)(int8_t)bits; return NULL;
    case TYPE_U8: *value = (uint8_t)bits; return NULL;
    case TYPE_S16: *value = (uint64_t)(uint32_t)(int32_t)(int16_t)bits; return NULL;
    case TYPE_U16: *value = (uint16_t)bits; return NULL;
    case TYPE_S64:
    case TYPE_U64:
    case TYPE_F64: *value = bits; return NULL;
    case TYPE_CHAR: return weft_abi_check_char((uint32_t)bits);
    case TYPE_FLAGS: *value &= flags_mask(layout); return NULL;
    case TYPE_ENUM: return weft_abi_check_case((uint32_t)bits, layout->part_count);
    default: return NULL;
    }
}

static weft_error_t *copy_handle(const transfer_t *transfer, const layout_t *from,
                                 const layout_t *to, uint32_t handle, uint32_t *out) {
    uint32_t rep;
    TRY(transfer->from->ops->lift_handle(transfer->from, from->type, handle, &rep));
    return transfer->to->ops->lower_handle(transfer->to, to->type, rep, out);
}

/* ---- strings and lists ------------------------------------------------------------------------ */

weft_error_t *weft_abi_copy_text(const transfer_t *transfer, uint64_t ptr, uint64_t length,
                                 uint64_t *out_ptr, uint64_t *out_length) {
    text_t text;
    TRY(weft_text_load(transfer->from, ptr, length, false, &text));
    return weft_text_store(transfer, &text, out_ptr, out_length);
}

static weft_error_t *copy_fields(const transfer_t *transfer, const layout_t *from,
                                 const layout_t *to, uint64_t from_ptr, uint64_t to_ptr) {
    for (uint32_t i = 0; i < from->part_count; i++)
        TRY(weft_abi_copy(transfer, from->parts[i], to->parts[i], from_ptr + from->offsets[i],
                          to_ptr + to->offsets[i]));
    return NULL;
}

static weft_error_t *copy_bytes(const transfer_t *transfer, uint64_t from_ptr, uint64_t to_ptr,
                                uint64_t size) {
    while (size) {
        uint64_t part = size < ABI_PACE ? size : ABI_PACE;
        memmove(weft_side_at(transfer->to, to_ptr), weft_side_at(transfer->from, from_ptr), part);
        if (part < ABI_PACE) return NULL;
        TRY(weft_side_pace(transfer->from, part));
        from_ptr += part;
        to_ptr += part;
        size -= part;
    }
    return NULL;
}

/* Elements of a list, or entries of a map. */
static weft_error_t *copy_elements(const transfer_t *transfer, const layout_t *from,
                                   const layout_t *to, uint64_t from_ptr, uint64_t to_ptr,
                                   uint64_t count) {
    if (from->element && from->element->is_plain)
        return copy_bytes(transfer, from_ptr, to_ptr, count * from->stride);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t in = from_ptr + i * from->stride, out = to_ptr + i * to->stride;
        TRY(weft_side_pace(transfer->from, from->stride));
        if (from->element) TRY(weft_abi_copy(transfer, from->element, to->element, in, out));
        else TRY(copy_fields(transfer, from, to, in, out));
    }
    return NULL;
}

static weft_error_t *copy_list(const transfer_t *transfer, const layout_t *from, const layout_t *to,
                               uint64_t ptr, uint64_t count, uint64_t *out_ptr) {
    TRY(weft_abi_check_list(transfer->from, ptr, count, from->stride, from->element_align, false));
    TRY(weft_abi_realloc(transfer, 0, 0, to->element_align, count * to->stride, out_ptr));
    return copy_elements(transfer, from, to, ptr, *out_ptr, count);
}

/* What a pointer and a length lead to: a string, a list or a map. */
static weft_error_t *copy_range(const transfer_t *transfer, const layout_t *from,
                                const layout_t *to, uint64_t ptr, uint64_t length,
                                uint64_t *out_ptr, uint64_t *out_length) {
    if (from->type->kind == TYPE_STRING)
        return weft_abi_copy_text(transfer, ptr, length, out_ptr, out_length);
    *out_length = length;
    return copy_list(transfer, from, to, ptr, length, out_ptr);
}

/* ---- in memory -------------------------------------------------------------------------------- */

static weft_error_t *copy_range_at(const transfer_t *transfer, const layout_t *from,
                                   const layout_t *to, uint64_t from_ptr, uint64_t to_ptr) {
    uint64_t ptr = weft_side_load_pointer(transfer->from, from_ptr);
    uint64_t length =
        weft_side_load_pointer(transfer->from, from_ptr + transfer->from->pointer_size);
    TRY(copy_range(transfer, from, to, ptr, length, &ptr, &length));
    weft_side_store_pointer(transfer->to, to_ptr, ptr);
    weft_side_store_pointer(transfer->to, to_ptr + transfer->to->pointer_size, length);
    return NULL;
}

static weft_error_t *copy_case(const transfer_t *transfer, const layout_t *from, const layout_t *to,
                               uint64_t from_ptr, uint64_t to_ptr) {
    uint64_t index = weft_load(weft_side_at(transfer->from, from_ptr), from->discriminant);
    TRY(weft_abi_check_case(index, from->part_count));
    weft_store(weft_side_at(transfer->to, to_ptr), to->discriminant, index);
    const layout_t *payload = from->parts[index];
    if (!payload) return NULL;
    return weft_abi_copy(transfer, payload, to->parts[index], from_ptr + from->payload,
                         to_ptr + to->payload);
}

static weft_error_t *copy_scalar(const transfer_t *transfer, const layout_t *from,
                                 uint64_t from_ptr, uint64_t to_ptr) {
    unsigned size = (unsigned)from->size;
    uint64_t value = weft_load(weft_side_at(transfer->from, from_ptr), size);
    TRY(weft_abi_scalar(from, value, &value));
    weft_store(weft_side_at(transfer->to, to_ptr), size, value);
    return NULL;
}

static weft_error_t *copy_handle_at(const transfer_t *transfer, const layout_t *from,
                                    const layout_t *to, uint64_t from_ptr, uint64_t to_ptr) {
    uint32_t handle = (uint32_t)weft_load(weft_side_at(transfer->from, from_ptr), 4);
    TRY(copy_handle(transfer, from, to, handle, &handle));
    weft_store(weft_side_at(transfer->to, to_ptr), 4, handle);
    return NULL;
}

weft_error_t *weft_abi_copy(const transfer_t *transfer, const layout_t *from, const layout_t *to,
                            uint64_t from_ptr, uint64_t to_ptr) {
    if (from->is_plain) {
        memmove(weft_side_at(transfer->to, to_ptr), weft_side_at(transfer->from, from_ptr),
                from->size);
        return NULL;
    }
    if (!from->type) return copy_fields(transfer, from, to, from_ptr, to_ptr);
    switch (from->type->kind) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP: return copy_range_at(transfer, from, to, from_ptr, to_ptr);
    case TYPE_RECORD:
    case TYPE_TUPLE: return copy_fields(transfer, from, to, from_ptr, to_ptr);
    case TYPE_FIXED_LIST:
        return copy_elements(transfer, from, to, from_ptr, to_ptr, from->type->length);
    case TYPE_VARIANT:
    case TYPE_ENUM:
    case TYPE_OPTION:
    case TYPE_RESULT: return copy_case(transfer, from, to, from_ptr, to_ptr);
    case TYPE_OWN:
    case TYPE_BORROW: return copy_handle_at(transfer, from, to, from_ptr, to_ptr);
    default: return copy_scalar(transfer, from, from_ptr, to_ptr);
    }
}

/* ---- core values ------------------------------------------------------------------------------ */

static weft_error_t *copy_flat_fields(const transfer_t *transfer, const layout_t *from,
                                      const layout_t *to, const flat_t *in, flat_t *out) {
    for (uint32_t i = 0; i < from->part_count; i++) {
        TRY(weft_abi_copy_flat(transfer, from->parts[i], to->parts[i], in, out));
        in += from->parts[i]->flat_count;
        out += to->parts[i]->flat_count;
    }
    return NULL;
}

static weft_error_t *copy_flat_case(const transfer_t *transfer, const layout_t *from,
                                    const layout_t *to, const flat_t *in, flat_t *out) {
    uint32_t index = (uint32_t)in->bits;
    uint32_t used = 1;
    TRY(weft_abi_check_case(index, from->part_count));
    out[0].bits = index;
    if (from->parts[index]) {
        TRY(weft_abi_copy_flat(transfer, from->parts[index], to->parts[index], in + 1, out + 1));
        used += to->parts[index]->flat_count;
    }
    for (; used < to->flat_count; used++) out[used].bits = 0;
    return NULL;
}

static weft_error_t *copy_flat_range(const transfer_t *transfer, const layout_t *from,
                                     const layout_t *to, const flat_t *in, flat_t *out) {
    return copy_range(transfer, from, to, weft_flat_pointer(transfer->from, in),
                      weft_flat_pointer(transfer->from, in + 1), &out[0].bits, &out[1].bits);
}

static weft_error_t *copy_flat_handle(const transfer_t *transfer, const layout_t *from,
                                      const layout_t *to, const flat_t *in, flat_t *out) {
    uint32_t handle;
    TRY(copy_handle(transfer, from, to, (uint32_t)in->bits, &handle));
    out->bits = handle;
    return NULL;
}

weft_error_t *weft_abi_copy_flat(const transfer_t *transfer, const layout_t *from,
                                 const layout_t *to, const flat_t *in, flat_t *out) {
    if (!from->type) return copy_flat_fields(transfer, from, to, in, out);
    switch (from->type->kind) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP: return copy_flat_range(transfer, from, to, in, out);
    case TYPE_RECORD:
    case TYPE_TUPLE: return copy_flat_fields(transfer, from, to, in, out);
    case TYPE_FIXED_LIST:
        for (uint32_t i = 0; i < from->type->length; i++) {
            TRY(weft_abi_copy_flat(transfer, from->element, to->element, in, out));
            in += from->element->flat_count;
            out += to->element->flat_count;
        }
        return NULL;
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: return copy_flat_case(transfer, from, to, in, out);
    case TYPE_OWN:
    case TYPE_BORROW: return copy_flat_handle(transfer, from, to, in, out);
    default: return weft_abi_scalar(from, in->bits, &out->bits);
    }
}
