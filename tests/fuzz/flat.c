/* Values that are passed as core values, into the guest's memory and out of it: code for each type. The guests are not
 * tidy: what a core value has above its type's bits, and what a case leaves unused, is garbage. */
#include "fuzz/world.h"

const char *core_type_name(uint8_t type) {
    switch (type) {
    case CORE_I64: return "i64";
    case CORE_F32: return "f32";
    case CORE_F64: return "f64";
    default: return "i32";
    }
}

typedef struct place {
    buf_t *out;
    const uint8_t *flat;
    uint32_t first; /* local of flat[0] */
    const char *base;
    bool is_load;
} place_t;

/* "8", "16", "32" or "": the bits of `size` bytes in a core type. */
static const char *width(uint8_t type, uint64_t size) {
    if (size == 1) return "8";
    if (size == 2) return "16";
    return size == 4 && type == CORE_I64 ? "32" : "";
}

static void move_bits(const place_t *place, uint32_t index, uint64_t size, uint64_t offset,
                      bool exact) {
    uint8_t type = place->flat[index];
    const char *core = core_type_name(type), *bits = width(type, size);
    unsigned local = place->first + index;
    unsigned long long at = offset;
    if (!place->is_load)
        weft_buf_printf(place->out, "(%s.store%s offset=%llu (local.get $%s) (local.get %u)) ",
                        core, bits, at, place->base, local);
    else
        weft_buf_printf(place->out, "(local.set %u (%s.load%s%s offset=%llu (local.get $%s))) ",
                        local, core, exact ? bits : "", exact && *bits ? "_u" : "", at,
                        place->base);
}

static void move(const place_t *place, const layout_t *layout, uint32_t index, uint64_t offset);

static void move_parts(const place_t *place, const layout_t *layout, uint32_t index,
                       uint64_t offset) {
    for (uint32_t i = 0; i < layout->part_count; i++) {
        move(place, layout->parts[i], index, offset + layout->offsets[i]);
        index += layout->parts[i]->flat_count;
    }
}

static void move_fixed(const place_t *place, const layout_t *layout, uint32_t index,
                       uint64_t offset) {
    for (uint32_t i = 0; i < layout->type->length; i++) {
        move(place, layout->element, index, offset + i * layout->stride);
        index += layout->element->flat_count;
    }
}

static void move_cases(const place_t *place, const layout_t *layout, uint32_t index,
                       uint64_t offset) {
    const char *core = core_type_name(place->flat[index]);
    move_bits(place, index, layout->discriminant, offset, true);
    for (uint32_t i = 0; i < layout->part_count; i++) {
        if (!layout->parts[i]) continue;
        weft_buf_printf(place->out, "(if (%s.eq (local.get %u) (%s.const %u)) (then ", core,
                        (unsigned)(place->first + index), core, (unsigned)i);
        move(place, layout->parts[i], index + 1, offset + layout->payload);
        weft_buf_printf(place->out, ")) ");
    }
}

static void move(const place_t *place, const layout_t *layout, uint32_t index, uint64_t offset) {
    type_kind_t kind = layout->type ? layout->type->kind : TYPE_TUPLE;
    switch (kind) {
    case TYPE_RECORD:
    case TYPE_TUPLE: move_parts(place, layout, index, offset); return;
    case TYPE_FIXED_LIST: move_fixed(place, layout, index, offset); return;
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: move_cases(place, layout, index, offset); return;
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP:
        move_bits(place, index, 4, offset, true);
        move_bits(place, index + 1, 4, offset + 4, true);
        return;
    default: {
        bool loose = kind >= TYPE_S8 && kind <= TYPE_F32;
        move_bits(place, index, layout->size, offset, !loose);
    }
    }
}

void write_spill(buf_t *out, const layout_t *layout, const uint8_t *flat, uint32_t first,
                 const char *base) {
    place_t place = {out, flat, first, base, false};
    move(&place, layout, 0, 0);
}

void write_unspill(buf_t *out, const layout_t *layout, const uint8_t *flat, uint32_t first,
                   const char *base) {
    place_t place = {out, flat, first, base, true};
    for (uint32_t i = 0; i < layout->flat_count; i++)
        weft_buf_printf(out, "(local.set %u (%s.const -1)) ", (unsigned)(first + i),
                        core_type_name(flat[i]));
    move(&place, layout, 0, 0);
}
