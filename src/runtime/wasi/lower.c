/* Values of Wasmtime's component API into a guest: into its memory or as core values. */
#include "abi/text.h"
#include "runtime/wasi/inside.h"

static void put(abi_side_t *side, place_t at, unsigned size, uint64_t bits) {
    if (at.flat) *at.flat = (flat_t){bits, 0};
    else weft_store(weft_side_at(side, at.ptr), size, bits);
}

static void put_pointers(abi_side_t *side, place_t at, uint64_t first, uint64_t second) {
    if (at.flat) {
        at.flat[0] = (flat_t){first, 0};
        at.flat[1] = (flat_t){second, 0};
    } else {
        weft_side_store_pointer(side, at.ptr, first);
        weft_side_store_pointer(side, at.ptr + side->pointer_size, second);
    }
}

/* ---- scalars ---------------------------------------------------------------------------------- */

static weft_error_t *bits_of(const type_t *type, const host_val_t *from, uint64_t *bits) {
    uint32_t found;
    *bits = 0;
    switch (type->kind) {
    case TYPE_BOOL: *bits = from->of.boolean; return NULL;
    case TYPE_S8: *bits = (uint64_t)(uint32_t)from->of.s8; return NULL;
    case TYPE_U8: *bits = from->of.u8; return NULL;
    case TYPE_S16: *bits = (uint64_t)(uint32_t)from->of.s16; return NULL;
    case TYPE_U16: *bits = from->of.u16; return NULL;
    case TYPE_S32: *bits = (uint32_t)from->of.s32; return NULL;
    case TYPE_U32: *bits = from->of.u32; return NULL;
    case TYPE_S64: *bits = (uint64_t)from->of.s64; return NULL;
    case TYPE_U64: *bits = from->of.u64; return NULL;
    case TYPE_F32: memcpy(&found, &from->of.f32, sizeof found); break;
    case TYPE_F64: memcpy(bits, &from->of.f64, sizeof *bits); return NULL;
    case TYPE_CHAR: *bits = from->of.character; return NULL;
    case TYPE_FLAGS: TRY(weft_val_read_flags(type, from, &found)); break;
    case TYPE_ENUM: TRY(weft_val_find(type, &from->of.enumeration, &found)); break;
    default: return weft_val_unexpected();
    }
    *bits = found;
    return NULL;
}

static weft_error_t *lower_handle(wasi_t *wasi, abi_side_t *side, const type_t *type,
                                  host_val_t *from, place_t at) {
    uint32_t rep, handle;
    from->kind = WASMTIME_COMPONENT_BOOL; /* it is taken out */
    TRY(weft_wasi_keep(wasi, from->of.resource, &rep));
    TRY(side->ops->lower_handle(side, type, rep, &handle));
    put(side, at, 4, handle);
    return NULL;
}

/* ---- strings and lists ------------------------------------------------------------------------ */

static weft_error_t *too_long(void) {
    return weft_abi_trap("WASI gave more than %d bytes", ABI_MAX_BYTES);
}

static weft_error_t *lower_string(abi_side_t *side, const host_val_t *from, place_t at) {
    transfer_t transfer = {NULL, side};
    text_t text = {.host = (const uint8_t *)from->of.string.data,
                   .units = from->of.string.size,
                   .form = TEXT_UTF8};
    uint64_t ptr, length;
    if (text.units > ABI_MAX_BYTES) return too_long();
    TRY(weft_text_store(&transfer, &text, &ptr, &length));
    put_pointers(side, at, ptr, length);
    return NULL;
}

/* The bytes stay where they are while the guest's realloc runs: an instance can call nobody then. */
static weft_error_t *lower_bytes(const wasi_t *wasi, abi_side_t *side, const host_val_t *from,
                                 place_t at) {
    transfer_t transfer = {NULL, side};
    weft_bytes_t bytes;
    uint64_t ptr;
    TRY(weft_wasi_bytes(wasi->answered, from, &bytes));
    if (bytes.len > ABI_MAX_BYTES) return too_long();
    TRY(weft_abi_realloc(&transfer, 0, 0, 1, bytes.len, &ptr));
    if (bytes.len) memcpy(weft_side_at(side, ptr), bytes.ptr, bytes.len);
    put_pointers(side, at, ptr, bytes.len);
    return NULL;
}

static weft_error_t *lower_list(wasi_t *wasi, abi_side_t *side, const layout_t *layout,
                                const host_val_t *from, place_t at, bool placed) {
    transfer_t transfer = {NULL, side};
    const wasmtime_component_vallist_t *list = &from->of.list;
    uint64_t ptr, size = list->size * layout->stride;
    if (list->size > ABI_MAX_BYTES / layout->stride) return too_long();
    TRY(weft_abi_realloc(&transfer, 0, 0, layout->element_align, size, &ptr));
    for (size_t i = 0; i < list->size; i++)
        TRY(weft_wasi_lower(wasi, side, layout->element, &list->data[i],
                            (place_t){ptr + i * layout->stride, NULL}, placed));
    put_pointers(side, at, ptr, list->size);
    return NULL;
}

/* ---- parts ------------------------------------------------------------------------------------ */

/* The values of a record or a tuple, which are `stride` bytes apart. */
static weft_error_t *lower_fields(wasi_t *wasi, abi_side_t *side, const layout_t *layout,
                                  host_val_t *from, place_t at, bool placed) {
    bool record = layout->type->kind == TYPE_RECORD;
    size_t count = record ? from->of.record.size : from->of.tuple.size;
    if (count != layout->part_count) return weft_val_unexpected();
    for (uint32_t i = 0; i < count; i++) {
        place_t field = {at.ptr + layout->offsets[i], at.flat};
        host_val_t *value = record ? &from->of.record.data[i].val : &from->of.tuple.data[i];
        TRY(weft_wasi_lower(wasi, side, layout->parts[i], value, field, placed));
        if (at.flat) at.flat += layout->parts[i]->flat_count;
    }
    return NULL;
}

/* Which case it is, and its payload. */
static weft_error_t *case_of(const type_t *type, const host_val_t *from, uint32_t *index,
                             host_val_t **payload) {
    if (type->kind == TYPE_OPTION) {
        *payload = from->of.option;
        *index = *payload != NULL;
        return NULL;
    }
    if (type->kind == TYPE_RESULT) {
        *payload = from->of.result.val;
        *index = !from->of.result.is_ok;
        return NULL;
    }
    *payload = from->of.variant.val;
    return weft_val_find(type, &from->of.variant.discriminant, index);
}

static weft_error_t *lower_case(wasi_t *wasi, abi_side_t *side, const layout_t *layout,
                                const host_val_t *from, place_t at, bool placed) {
    uint32_t index;
    host_val_t *payload;
    TRY(case_of(layout->type, from, &index, &payload));
    const layout_t *part = layout->parts[index];
    place_t in = {at.ptr + layout->payload, at.flat ? at.flat + 1 : NULL};
    if (!part != !payload) return weft_val_unexpected();
    if (part) TRY(weft_wasi_lower(wasi, side, part, payload, in, placed));
    put(side, at, layout->discriminant, index);
    for (uint32_t i = 1U + (part ? part->flat_count : 0U); at.flat && i < layout->flat_count; i++)
        at.flat[i] = (flat_t){0, 0};
    return NULL;
}

weft_error_t *weft_wasi_lower(wasi_t *wasi, abi_side_t *side, const layout_t *layout,
                              host_val_t *from, place_t at, bool placed) {
    const type_t *type = layout->type;
    uint64_t bits;
    placed = weft_wasi_has_places(layout, placed);
    if (placed && weft_wasi_is_bytes(layout) && from->kind == WASMTIME_COMPONENT_TUPLE)
        return lower_bytes(wasi, side, from, at);
    if (!weft_val_fits(type->kind, from->kind)) return weft_val_unexpected();
    switch (type->kind) {
    case TYPE_STRING: return lower_string(side, from, at);
    case TYPE_LIST: return lower_list(wasi, side, layout, from, at, placed);
    case TYPE_RECORD:
    case TYPE_TUPLE: return lower_fields(wasi, side, layout, from, at, placed);
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: return lower_case(wasi, side, layout, from, at, placed);
    case TYPE_OWN: return lower_handle(wasi, side, type, from, at);
    default:
        TRY(bits_of(type, from, &bits));
        put(side, at, (unsigned)layout->size, bits);
        return NULL;
    }
}
