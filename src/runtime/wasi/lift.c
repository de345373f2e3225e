/* A guest's values as values of Wasmtime's component API, out of its memory or from core values. */
#include "abi/copy.h"
#include "abi/text.h"
#include "runtime/direct/call.h"
#include "runtime/wasi/inside.h"

static uint64_t bits_at(abi_side_t *side, place_t at, unsigned size) {
    return at.flat ? at.flat->bits : weft_load(weft_side_at(side, at.ptr), size);
}

/* The second of two core values, or of two pointers in memory. */
static void pointers_at(abi_side_t *side, place_t at, uint64_t *first, uint64_t *second) {
    if (at.flat) {
        *first = weft_flat_pointer(side, at.flat);
        *second = weft_flat_pointer(side, at.flat + 1);
    } else {
        *first = weft_side_load_pointer(side, at.ptr);
        *second = weft_side_load_pointer(side, at.ptr + side->pointer_size);
    }
}

/* ---- scalars ---------------------------------------------------------------------------------- */

#define LIFT(KIND, member, type)                                                                   \
    *out = (host_val_t){.kind = WASMTIME_COMPONENT_##KIND, .of.member = (type)bits};               \
    return NULL

static weft_error_t *lift_scalar(const layout_t *layout, uint64_t bits, host_val_t *out) {
    TRY(weft_abi_scalar(layout, bits, &bits));
    switch (layout->type->kind) {
    case TYPE_BOOL: LIFT(BOOL, boolean, bool);
    case TYPE_S8: LIFT(S8, s8, int8_t);
    case TYPE_U8: LIFT(U8, u8, uint8_t);
    case TYPE_S16: LIFT(S16, s16, int16_t);
    case TYPE_U16: LIFT(U16, u16, uint16_t);
    case TYPE_S32: LIFT(S32, s32, int32_t);
    case TYPE_U32: LIFT(U32, u32, uint32_t);
    case TYPE_S64: LIFT(S64, s64, int64_t);
    case TYPE_U64: LIFT(U64, u64, uint64_t);
    case TYPE_CHAR: LIFT(CHAR, character, uint32_t);
    case TYPE_F32:
        out->kind = WASMTIME_COMPONENT_F32;
        memcpy(&out->of.f32, &(uint32_t){(uint32_t)bits}, sizeof out->of.f32);
        return NULL;
    case TYPE_F64:
        out->kind = WASMTIME_COMPONENT_F64;
        memcpy(&out->of.f64, &bits, sizeof out->of.f64);
        return NULL;
    case TYPE_FLAGS: weft_val_flags(layout->type, (uint32_t)bits, out); return NULL;
    case TYPE_ENUM:
        out->kind = WASMTIME_COMPONENT_ENUM;
        weft_val_name(&out->of.enumeration, layout->type->fields[bits].name);
        return NULL;
    default: return weft_error_new(WEFT_INTERNAL, "a value of this type cannot pass to WASI");
    }
}

static weft_error_t *lift_handle(wasi_t *wasi, abi_side_t *side, const type_t *type,
                                 uint32_t handle, host_val_t *out) {
    uint32_t rep;
    TRY(side->ops->lift_handle(side, type, handle, &rep));
    wasi_any_t *any = type->kind == TYPE_OWN
                          ? weft_wasi_take(wasi, rep)
                          : wasmtime_component_resource_any_clone(wasi->handles.items[rep].any);
    *out = (host_val_t){.kind = WASMTIME_COMPONENT_RESOURCE, .of.resource = any};
    return NULL;
}

/* ---- strings and lists ------------------------------------------------------------------------ */

static weft_error_t *lift_string(abi_side_t *side, uint64_t ptr, uint64_t length, host_val_t *out) {
    text_t text;
    TRY(weft_text_load(side, ptr, length, true, &text));
    TRY(weft_side_take_room(side, 2 * text.units));
    out->kind = WASMTIME_COMPONENT_STRING;
    wasm_byte_vec_new_uninitialized(&out->of.string, (size_t)weft_text_utf8_size(&text));
    weft_text_utf8(&text, out->of.string.data);
    return NULL;
}

static weft_error_t *lift_bytes(wasi_t *wasi, abi_side_t *side, uint64_t ptr, uint64_t length,
                                host_val_t *out) {
    TRY(weft_abi_check_list(side, ptr, length, 1, 1, true));
    TRY(weft_side_take_room(side, length));
    weft_bytes_t bytes = {length ? weft_side_at(side, ptr) : NULL, (size_t)length};
    return weft_wasi_put_bytes(wasi, &wasi->proxy, bytes, out);
}

static weft_error_t *lift_list(wasi_t *wasi, abi_side_t *side, const layout_t *layout, uint64_t ptr,
                               uint64_t length, bool placed, host_val_t *out) {
    wasmtime_component_vallist_t *list = &out->of.list;
    TRY(weft_abi_check_list(side, ptr, length, layout->stride, layout->element_align, true));
    TRY(weft_side_take_room(side, length * sizeof *out));
    out->kind = WASMTIME_COMPONENT_LIST;
    wasmtime_component_vallist_new_uninit(list, (size_t)length);
    for (size_t i = 0; i < length; i++)
        list->data[i] = (host_val_t){.kind = WASMTIME_COMPONENT_BOOL};
    for (size_t i = 0; i < length; i++)
        TRY(weft_wasi_lift(wasi, side, layout->element, (place_t){ptr + i * layout->stride, NULL},
                           placed, &list->data[i]));
    return NULL;
}

/* ---- parts ------------------------------------------------------------------------------------ */

/* Where the next field is, after `at` for core values. */
static place_t field_at(const layout_t *layout, place_t start, uint32_t i, flat_t **flat) {
    place_t at = {start.ptr + layout->offsets[i], *flat};
    if (*flat) *flat += layout->parts[i]->flat_count;
    return at;
}

static weft_error_t *lift_record(wasi_t *wasi, abi_side_t *side, const layout_t *layout, place_t at,
                                 host_val_t *out) {
    const type_t *type = layout->type;
    wasmtime_component_valrecord_t *record = &out->of.record;
    TRY(weft_side_take_room(side, type->field_count * sizeof *record->data));
    out->kind = WASMTIME_COMPONENT_RECORD;
    wasmtime_component_valrecord_new_uninit(record, type->field_count);
    for (uint32_t i = 0; i < type->field_count; i++) {
        weft_val_name(&record->data[i].name, type->fields[i].name);
        record->data[i].val = (host_val_t){.kind = WASMTIME_COMPONENT_BOOL};
    }
    flat_t *flat = at.flat;
    for (uint32_t i = 0; i < type->field_count; i++)
        TRY(weft_wasi_lift(wasi, side, layout->parts[i], field_at(layout, at, i, &flat), false,
                           &record->data[i].val));
    return NULL;
}

static weft_error_t *lift_tuple(wasi_t *wasi, abi_side_t *side, const layout_t *layout, place_t at,
                                bool placed, host_val_t *out) {
    wasmtime_component_valtuple_t *tuple = &out->of.tuple;
    uint32_t count = layout->part_count;
    TRY(weft_side_take_room(side, count * sizeof *tuple->data));
    out->kind = WASMTIME_COMPONENT_TUPLE;
    wasmtime_component_valtuple_new_uninit(tuple, count);
    for (uint32_t i = 0; i < count; i++)
        tuple->data[i] = (host_val_t){.kind = WASMTIME_COMPONENT_BOOL};
    flat_t *flat = at.flat;
    for (uint32_t i = 0; i < count; i++)
        TRY(weft_wasi_lift(wasi, side, layout->parts[i], field_at(layout, at, i, &flat), placed,
                           &tuple->data[i]));
    return NULL;
}

static weft_error_t *lift_case(wasi_t *wasi, abi_side_t *side, const layout_t *layout, place_t at,
                               bool placed, host_val_t *out) {
    uint64_t index = bits_at(side, at, layout->discriminant);
    host_val_t inner = {.kind = WASMTIME_COMPONENT_BOOL}, *payload = NULL;
    if (at.flat) index = (uint32_t)index;
    TRY(weft_abi_check_case(index, layout->part_count));
    TRY(weft_side_take_room(side, sizeof inner));
    if (layout->parts[index]) {
        place_t in = {at.ptr + layout->payload, at.flat ? at.flat + 1 : NULL};
        weft_error_t *error = weft_wasi_lift(wasi, side, layout->parts[index], in, placed, &inner);
        if (error) {
            wasmtime_component_val_delete(&inner);
            return error;
        }
        payload = wasmtime_component_val_new(&inner);
    }
    if (layout->type->kind == TYPE_OPTION) {
        out->kind = WASMTIME_COMPONENT_OPTION;
        out->of.option = payload;
    } else if (layout->type->kind == TYPE_RESULT) {
        out->kind = WASMTIME_COMPONENT_RESULT;
        out->of.result.is_ok = index == 0;
        out->of.result.val = payload;
    } else {
        out->kind = WASMTIME_COMPONENT_VARIANT;
        weft_val_name(&out->of.variant.discriminant, layout->type->fields[index].name);
        out->of.variant.val = payload;
    }
    return NULL;
}

weft_error_t *weft_wasi_lift(wasi_t *wasi, abi_side_t *side, const layout_t *layout, place_t at,
                             bool placed, host_val_t *out) {
    uint64_t ptr, length;
    placed = weft_wasi_has_places(layout, placed);
    switch (layout->type->kind) {
    case TYPE_STRING:
        pointers_at(side, at, &ptr, &length);
        return lift_string(side, ptr, length, out);
    case TYPE_LIST:
        pointers_at(side, at, &ptr, &length);
        if (placed && weft_wasi_is_bytes(layout)) return lift_bytes(wasi, side, ptr, length, out);
        return lift_list(wasi, side, layout, ptr, length, placed, out);
    case TYPE_RECORD: return lift_record(wasi, side, layout, at, out);
    case TYPE_TUPLE: return lift_tuple(wasi, side, layout, at, placed, out);
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: return lift_case(wasi, side, layout, at, placed, out);
    case TYPE_OWN:
    case TYPE_BORROW:
        return lift_handle(wasi, side, layout->type, (uint32_t)bits_at(side, at, 4), out);
    default: return lift_scalar(layout, bits_at(side, at, (unsigned)layout->size), out);
    }
}
