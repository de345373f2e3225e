/* A guest's values to the host: out of its memory, or from core values. */

#include "abi/copy.h"
#include "abi/text.h"
#include "runtime/direct/call.h"
#include "runtime/direct/host_values.h"
#include "support/alloc.h"

/* ---- scalars ---------------------------------------------------------------------------------- */

void weft_value_of_bits(type_kind_t kind, uint64_t bits, weft_value_t *value) {
    float f32;
    double f64;
    switch (kind) {
    case TYPE_BOOL: *value = weft_bool(bits != 0); return;
    case TYPE_S8: *value = weft_s8((int8_t)bits); return;
    case TYPE_U8: *value = weft_u8((uint8_t)bits); return;
    case TYPE_S16: *value = weft_s16((int16_t)bits); return;
    case TYPE_U16: *value = weft_u16((uint16_t)bits); return;
    case TYPE_S32: *value = weft_s32((int32_t)bits); return;
    case TYPE_U32: *value = weft_u32((uint32_t)bits); return;
    case TYPE_S64: *value = weft_s64((int64_t)bits); return;
    case TYPE_U64: *value = weft_u64(bits); return;
    case TYPE_CHAR: *value = weft_char((uint32_t)bits); return;
    case TYPE_FLAGS: *value = weft_flags((uint32_t)bits); return;
    case TYPE_F32:
        memcpy(&f32, &bits, sizeof f32);
        *value = weft_f32(f32);
        return;
    case TYPE_F64:
        memcpy(&f64, &bits, sizeof f64);
        *value = weft_f64(f64);
        return;
    default: *value = weft_enum((uint32_t)bits); value->borrowed = false;
    }
}

static weft_error_t *lift_scalar(const layout_t *layout, uint64_t bits, weft_value_t *value) {
    TRY(weft_abi_scalar(layout, bits, &bits));
    weft_value_of_bits(layout->type->kind, bits, value);
    return NULL;
}

static weft_error_t *lift_handle(abi_side_t *abi, const layout_t *layout, uint32_t handle,
                                 weft_value_t *value) {
    const side_t *side = (const side_t *)abi;
    const type_t *type = layout->type;
    uint32_t rep;
    TRY(abi->ops->lift_handle(abi, type, handle, &rep));
    return weft_direct_resource_new(side->frame->direct,
                                    weft_frame_resource(side->frame, type->resource),
                                    type->resource->name, rep, type->kind == TYPE_OWN, value);
}

/* ---- room ------------------------------------------------------------------------------------- */

weft_error_t *weft_side_take_room(abi_side_t *abi, uint64_t bytes) {
    side_t *side = (side_t *)abi;
    if (bytes > side->room)
        return weft_abi_trap("too much data for the host: one call passes at most %llu bytes",
                             (unsigned long long)side->frame->direct->room);
    side->room -= bytes;
    return NULL;
}

/* ---- parts ------------------------------------------------------------------------------------ */

static weft_error_t *finish(weft_error_t *error, weft_kind_t kind, value_vec_t *items,
                            weft_value_t *value) {
    if (error) weft_value_vec_free(items);
    else *value = weft_value_of_vec(kind, items);
    return error;
}

/* Items are made in their places. */
static weft_error_t *load_item(abi_side_t *side, const layout_t *layout, uint64_t ptr,
                               value_vec_t *items) {
    TRY(weft_side_take_room(side, sizeof *items->items));
    if (!VEC_ROOM(items)) return weft_error_oom();
    TRY(weft_value_load(side, layout, ptr, &items->items[items->count]));
    items->count++;
    return NULL;
}

static weft_error_t *lift_item(abi_side_t *side, const layout_t *layout, const flat_t *in,
                               value_vec_t *items) {
    TRY(weft_side_take_room(side, sizeof *items->items));
    if (!VEC_ROOM(items)) return weft_error_oom();
    TRY(weft_value_lift(side, layout, in, &items->items[items->count]));
    items->count++;
    return NULL;
}

static weft_kind_t kind_of(const layout_t *layout) {
    switch (layout->type->kind) {
    case TYPE_RECORD: return WEFT_RECORD;
    case TYPE_TUPLE: return WEFT_TUPLE;
    case TYPE_MAP: return WEFT_MAP;
    case TYPE_VARIANT: return WEFT_VARIANT;
    case TYPE_OPTION: return WEFT_OPTION;
    case TYPE_RESULT: return WEFT_RESULT;
    default: return WEFT_LIST;
    }
}

/* ---- strings and lists ------------------------------------------------------------------------ */

static weft_error_t *lift_text(abi_side_t *side, uint64_t ptr, uint64_t length,
                               weft_value_t *value) {
    text_t text;
    TRY(weft_text_load(side, ptr, length, true, &text));
    TRY(weft_side_take_room(side, 2 * text.units));
    uint64_t size = weft_text_utf8_size(&text);
    char *bytes = weft_alloc((size_t)size);
    if (!bytes) return weft_error_oom();
    weft_text_utf8(&text, bytes);
    *value = weft_string_of((weft_str_t){bytes, (size_t)size});
    value->borrowed = false;
    return NULL;
}

static weft_error_t *load_bytes(abi_side_t *side, uint64_t ptr, uint64_t count,
                                weft_value_t *value) {
    TRY(weft_side_take_room(side, count));
    uint8_t *bytes = weft_alloc((size_t)count);
    if (!bytes) return weft_error_oom();
    if (count) memcpy(bytes, weft_side_at(side, ptr), (size_t)count);
    *value = weft_byte_list(bytes, (size_t)count);
    value->borrowed = false;
    return NULL;
}

static weft_error_t *load_elements(abi_side_t *side, const layout_t *layout, uint64_t ptr,
                                   uint64_t count, weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    if (layout->element && layout->element->type->kind == TYPE_U8)
        return load_bytes(side, ptr, count, value);
    for (uint64_t i = 0; i < count && !error; i++) {
        uint64_t at = ptr + i * layout->stride;
        error = weft_side_pace(side, layout->stride);
        if (!error && layout->element) error = load_item(side, layout->element, at, &items);
        for (uint32_t k = 0; !layout->element && k < layout->part_count && !error; k++)
            error = load_item(side, layout->parts[k], at + layout->offsets[k], &items);
    }
    return finish(error, kind_of(layout), &items, value);
}

static weft_error_t *lift_range(abi_side_t *side, const layout_t *layout, uint64_t ptr,
                                uint64_t length, weft_value_t *value) {
    if (layout->type->kind == TYPE_STRING) return lift_text(side, ptr, length, value);
    TRY(weft_abi_check_list(side, ptr, length, layout->stride, layout->element_align, true));
    return load_elements(side, layout, ptr, length, value);
}

/* ---- out of memory ---------------------------------------------------------------------------- */

static weft_error_t *load_fields(abi_side_t *side, const layout_t *layout, uint64_t ptr,
                                 weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < layout->part_count && !error; i++)
        error = load_item(side, layout->parts[i], ptr + layout->offsets[i], &items);
    return finish(error, kind_of(layout), &items, value);
}

static weft_error_t *load_case(abi_side_t *side, const layout_t *layout, uint64_t ptr,
                               weft_value_t *value) {
    uint64_t index = weft_load(weft_side_at(side, ptr), layout->discriminant);
    weft_value_t inner;
    TRY(weft_abi_check_case(index, layout->part_count));
    const layout_t *payload = layout->parts[index];
    if (payload) TRY(weft_side_take_room(side, sizeof inner));
    if (payload) TRY(weft_value_load(side, payload, ptr + layout->payload, &inner));
    return weft_value_of_case(kind_of(layout), (uint32_t)index, payload ? &inner : NULL, value);
}

weft_error_t *weft_value_load(abi_side_t *side, const layout_t *layout, uint64_t ptr,
                              weft_value_t *value) {
    const uint8_t *bytes = weft_side_at(side, ptr);
    switch (layout->type->kind) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP:
        return lift_range(side, layout, weft_side_load_pointer(side, ptr),
                          weft_side_load_pointer(side, ptr + side->pointer_size), value);
    case TYPE_FIXED_LIST: return load_elements(side, layout, ptr, layout->type->length, value);
    case TYPE_RECORD:
    case TYPE_TUPLE: return load_fields(side, layout, ptr, value);
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: return load_case(side, layout, ptr, value);
    case TYPE_OWN:
    case TYPE_BORROW: return lift_handle(side, layout, (uint32_t)weft_load(bytes, 4), value);
    default: return lift_scalar(layout, weft_load(bytes, (unsigned)layout->size), value);
    }
}

/* ---- from core values ------------------------------------------------------------------------- */

static weft_error_t *lift_fields(abi_side_t *side, const layout_t *layout, const flat_t *in,
                                 weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < layout->part_count && !error; i++) {
        error = lift_item(side, layout->parts[i], in, &items);
        in += layout->parts[i]->flat_count;
    }
    return finish(error, kind_of(layout), &items, value);
}

static weft_error_t *lift_fixed_list(abi_side_t *side, const layout_t *layout, const flat_t *in,
                                     weft_value_t *value) {
    value_vec_t items = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < layout->type->length && !error; i++) {
        error = lift_item(side, layout->element, in, &items);
        in += layout->element->flat_count;
    }
    return finish(error, WEFT_LIST, &items, value);
}

static weft_error_t *lift_case(abi_side_t *side, const layout_t *layout, const flat_t *in,
                               weft_value_t *value) {
    uint32_t index = (uint32_t)in->bits;
    weft_value_t inner;
    TRY(weft_abi_check_case(index, layout->part_count));
    const layout_t *payload = layout->parts[index];
    if (payload) TRY(weft_side_take_room(side, sizeof inner));
    if (payload) TRY(weft_value_lift(side, payload, in + 1, &inner));
    return weft_value_of_case(kind_of(layout), index, payload ? &inner : NULL, value);
}

weft_error_t *weft_value_lift(abi_side_t *side, const layout_t *layout, const flat_t *in,
                              weft_value_t *value) {
    switch (layout->type->kind) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP:
        return lift_range(side, layout, weft_flat_pointer(side, in),
                          weft_flat_pointer(side, in + 1), value);
    case TYPE_FIXED_LIST: return lift_fixed_list(side, layout, in, value);
    case TYPE_RECORD:
    case TYPE_TUPLE: return lift_fields(side, layout, in, value);
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: return lift_case(side, layout, in, value);
    case TYPE_OWN:
    case TYPE_BORROW: return lift_handle(side, layout, (uint32_t)in->bits, value);
    default: return lift_scalar(layout, in->bits, value);
    }
}
