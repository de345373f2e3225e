#include "abi/layout.h"

/* Types nest as deep as the reader lets them; this only keeps the stack safe from types made otherwise. */
enum { MAX_DEPTH = 20000 };

#define LARGEST (UINT64_C(1) << 62)

void weft_abi_free(abi_t *abi) {
    weft_map_free(&abi->layouts);
    weft_arena_free(&abi->arena);
    *abi = (abi_t){.address = abi->address};
}

/* ---- arithmetic that saturates -------------------------------------------------------------- */

static uint64_t plus(uint64_t a, uint64_t b) {
    return a > LARGEST || b > LARGEST || a + b > LARGEST ? ABI_TOO_LARGE : a + b;
}

static uint64_t times(uint64_t a, uint64_t b) {
    return a && b > LARGEST / a ? ABI_TOO_LARGE : a * b;
}

static uint64_t align_to(uint64_t offset, uint8_t align) {
    return offset > LARGEST ? ABI_TOO_LARGE : (offset + align - 1) & ~(uint64_t)(align - 1);
}

static uint8_t larger(uint8_t a, uint8_t b) {
    return a > b ? a : b;
}

/* ---- flat values ---------------------------------------------------------------------------- */

static void add_flat(layout_t *layout, uint8_t value) {
    if (layout->flat_count < ABI_MAX_FLAT_PARAMS) layout->flat[layout->flat_count] = value;
    if (layout->flat_count < ABI_TOO_MANY) layout->flat_count++;
}

static void add_flats(layout_t *layout, const layout_t *part) {
    for (uint8_t i = 0; i < part->flat_count && layout->flat_count < ABI_TOO_MANY; i++)
        add_flat(layout, i < ABI_MAX_FLAT_PARAMS ? part->flat[i] : CORE_I32);
}

/* The type that holds either of two (CanonicalABI.md, join). */
static uint8_t join(uint8_t a, uint8_t b) {
    if (a == b) return a;
    if ((a == CORE_I32 && b == CORE_F32) || (a == CORE_F32 && b == CORE_I32)) return CORE_I32;
    return CORE_I64;
}

/* A case's payload joins those of the cases before it, behind the discriminant. */
static void join_flats(layout_t *layout, const layout_t *payload) {
    for (uint8_t i = 0; i < payload->flat_count; i++) {
        uint8_t value = i < ABI_MAX_FLAT_PARAMS ? payload->flat[i] : CORE_I32;
        uint8_t at = (uint8_t)(i + 1);
        if (at >= layout->flat_count) add_flat(layout, value);
        else if (at < ABI_MAX_FLAT_PARAMS) layout->flat[at] = join(layout->flat[at], value);
    }
}

/* ---- kinds of types ------------------------------------------------------------------------- */

static void set_scalar(layout_t *layout, uint8_t size, uint8_t flat, bool is_plain) {
    layout->size = layout->align = size;
    layout->is_plain = is_plain;
    add_flat(layout, flat);
}

/* A pointer and a length: strings, lists and maps. */
static void set_range(layout_t *layout, abi_address_t address) {
    uint8_t pointer = weft_abi_pointer_size(address);
    layout->size = UINT64_C(2) * pointer;
    layout->align = pointer;
    layout->has_pointer = true;
    add_flat(layout, (uint8_t)address);
    add_flat(layout, (uint8_t)address);
}

/* CanonicalABI.md, discriminant_type */
static uint8_t discriminant_size(uint32_t cases) {
    return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4;
}

static void inherit(layout_t *layout, const layout_t *part) {
    layout->has_pointer |= part->has_pointer;
    layout->has_string |= part->has_string;
}

/* Places the parts one after another. */
static weft_error_t *set_fields(abi_t *abi, layout_t *layout) {
    uint64_t *offsets = ARENA_ARRAY(&abi->arena, uint64_t, layout->part_count);
    if (!offsets) return weft_error_oom();
    uint64_t at = 0, bytes = 0;
    layout->align = 1;
    layout->is_plain = true;
    for (uint32_t i = 0; i < layout->part_count; i++) {
        const layout_t *part = layout->parts[i];
        at = align_to(at, part->align);
        offsets[i] = at;
        at = plus(at, part->size);
        bytes = plus(bytes, part->size);
        layout->align = larger(layout->align, part->align);
        layout->is_plain &= part->is_plain;
        inherit(layout, part);
        add_flats(layout, part);
    }
    layout->size = align_to(at, layout->align);
    layout->is_plain &= layout->size == bytes;
    layout->offsets = offsets;
    return NULL;
}

/* Places the payloads of the cases one over another behind the discriminant. */
static void set_cases(layout_t *layout) {
    uint8_t payload_align = 1;
    uint64_t payload_size = 0;
    layout->discriminant = discriminant_size(layout->part_count);
    add_flat(layout, CORE_I32);
    for (uint32_t i = 0; i < layout->part_count; i++) {
        const layout_t *part = layout->parts[i];
        if (!part) continue;
        payload_align = larger(payload_align, part->align);
        if (part->size > payload_size) payload_size = part->size;
        inherit(layout, part);
        join_flats(layout, part);
    }
    layout->align = larger(layout->discriminant, payload_align);
    layout->payload = align_to(layout->discriminant, payload_align);
    layout->size = align_to(plus(layout->payload, payload_size), layout->align);
}

static void set_flags(layout_t *layout, uint32_t labels) {
    uint8_t size = labels <= 8 ? 1 : labels <= 16 ? 2 : 4;
    set_scalar(layout, size, CORE_I32, false);
}

static void set_fixed_list(layout_t *layout, uint32_t length) {
    const layout_t *element = layout->element;
    layout->size = times(element->size, length);
    layout->align = element->align;
    layout->is_plain = element->is_plain;
    inherit(layout, element);
    for (uint32_t i = 0; i < length && element->flat_count && layout->flat_count < ABI_TOO_MANY;
         i++)
        add_flats(layout, element);
}

/* ---- parts ---------------------------------------------------------------------------------- */

static weft_error_t *layout_of(abi_t *abi, const type_t *type, const layout_t **out) {
    *out = NULL;
    return type ? weft_abi_layout(abi, type, out) : NULL;
}

static weft_error_t *set_parts(abi_t *abi, layout_t *layout, const type_field_t *fields,
                               uint32_t count) {
    const layout_t **parts = ARENA_ARRAY(&abi->arena, const layout_t *, count);
    if (!parts) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) TRY(layout_of(abi, fields[i].type, &parts[i]));
    layout->parts = parts;
    layout->part_count = count;
    return NULL;
}

static weft_error_t *set_two_parts(abi_t *abi, layout_t *layout, const type_t *first,
                                   const type_t *second) {
    const type_field_t fields[] = {{.type = first}, {.type = second}};
    return set_parts(abi, layout, fields, 2);
}

static weft_error_t *set_element(abi_t *abi, layout_t *layout, const type_t *type) {
    TRY(weft_abi_layout(abi, type, &layout->element));
    layout->stride = layout->element->size;
    layout->element_align = layout->element->align;
    return NULL;
}

/* A map is a list of (key, value) tuples: the parts are those of the tuple. */
static weft_error_t *set_map(abi_t *abi, layout_t *layout, const type_t *type) {
    layout_t entry = {0};
    TRY(set_two_parts(abi, &entry, type->key, type->element));
    TRY(set_fields(abi, &entry));
    layout->parts = entry.parts;
    layout->part_count = entry.part_count;
    layout->offsets = entry.offsets;
    layout->stride = entry.size;
    layout->element_align = entry.align;
    layout->has_string = entry.has_string;
    set_range(layout, abi->address);
    return NULL;
}

static weft_error_t *set_list(abi_t *abi, layout_t *layout, const type_t *type) {
    TRY(set_element(abi, layout, type->element));
    layout->has_string = layout->element->has_string;
    set_range(layout, abi->address);
    return NULL;
}

static weft_error_t *compute(abi_t *abi, const type_t *type, layout_t *layout) {
    switch (type->kind) {
    case TYPE_BOOL: set_scalar(layout, 1, CORE_I32, false); return NULL;
    case TYPE_S8:
    case TYPE_U8: set_scalar(layout, 1, CORE_I32, true); return NULL;
    case TYPE_S16:
    case TYPE_U16: set_scalar(layout, 2, CORE_I32, true); return NULL;
    case TYPE_S32:
    case TYPE_U32: set_scalar(layout, 4, CORE_I32, true); return NULL;
    case TYPE_S64:
    case TYPE_U64: set_scalar(layout, 8, CORE_I64, true); return NULL;
    case TYPE_F32: set_scalar(layout, 4, CORE_F32, true); return NULL;
    case TYPE_F64: set_scalar(layout, 8, CORE_F64, true); return NULL;
    case TYPE_CHAR:
    case TYPE_ERROR_CONTEXT:
    case TYPE_OWN:
    case TYPE_BORROW:
    case TYPE_STREAM:
    case TYPE_FUTURE: set_scalar(layout, 4, CORE_I32, false); return NULL;
    case TYPE_STRING:
        layout->has_string = true;
        layout->stride = layout->element_align = 1;
        set_range(layout, abi->address);
        return NULL;
    case TYPE_LIST: return set_list(abi, layout, type);
    case TYPE_MAP: return set_map(abi, layout, type);
    case TYPE_FIXED_LIST:
        TRY(set_element(abi, layout, type->element));
        set_fixed_list(layout, type->length);
        return NULL;
    case TYPE_RECORD:
    case TYPE_TUPLE:
        TRY(set_parts(abi, layout, type->fields, type->field_count));
        return set_fields(abi, layout);
    case TYPE_FLAGS: set_flags(layout, type->field_count); return NULL;
    case TYPE_ENUM:
    case TYPE_VARIANT:
        TRY(set_parts(abi, layout, type->fields, type->field_count));
        set_cases(layout);
        return NULL;
    case TYPE_OPTION:
        TRY(set_two_parts(abi, layout, NULL, type->element));
        set_cases(layout);
        return NULL;
    case TYPE_RESULT:
        TRY(set_two_parts(abi, layout, type->element, type->error));
        set_cases(layout);
        return NULL;
    case TYPE_KIND_COUNT: break;
    }
    return weft_error_new(WEFT_INTERNAL, "a type of the unknown kind %d", (int)type->kind);
}

weft_error_t *weft_abi_layout(abi_t *abi, const type_t *type, const layout_t **out) {
    const layout_t *known = weft_map_get_ptr(&abi->layouts, type);
    if (!known) {
        if (type->depth > MAX_DEPTH)
            return weft_error_new(WEFT_LIMIT, "a type nested more than %d deep", MAX_DEPTH);
        layout_t *layout = ARENA_NEW(&abi->arena, layout_t);
        if (!layout) return weft_error_oom();
        layout->type = type;
        TRY(compute(abi, type, layout));
        TRY(weft_map_set_ptr(&abi->layouts, type, layout));
        known = layout;
    }
    *out = known;
    return NULL;
}

weft_error_t *weft_abi_params_layout(abi_t *abi, const func_type_t *func, const layout_t **out) {
    layout_t *layout = ARENA_NEW(&abi->arena, layout_t);
    if (!layout) return weft_error_oom();
    TRY(set_parts(abi, layout, func->params, func->param_count));
    TRY(set_fields(abi, layout));
    *out = layout;
    return NULL;
}
