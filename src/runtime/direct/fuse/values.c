/* Fused functions: values. What is done for each type is what abi/copy.c does for it. */
#include "runtime/direct/fuse/code.h"

/* What is plain and not larger is copied by loads and stores. */
enum { MOST_INLINE = 32 };

/* ---- scalars ---------------------------------------------------------------------------------- */

static void check_case(const fuse_code_t *code, uint32_t local, uint32_t cases) {
    op_local_get(code->body, local);
    op_i32_const(code->body, cases);
    op_i32_ge_u(code->body);
    op_if(code->body, CORE_EMPTY);
    weft_fuse_fail(code, ASK_CASE | code->way->back, of_local(local), of_const(cases), of_const(0),
                   of_const(0));
    op_end(code->body);
}

static void check_char(const fuse_code_t *code, uint32_t local) {
    buf_t *body = code->body;
    op_local_get(body, local);
    op_i32_const(body, 0xD800);
    op_i32_sub(body);
    op_i32_const(body, 0x800);
    op_i32_lt_u(body);
    op_local_get(body, local);
    op_i32_const(body, 0x110000);
    op_i32_ge_u(body);
    op_i32_or(body);
    op_if(body, CORE_EMPTY);
    weft_fuse_fail(code, ASK_CHAR | code->way->back, of_local(local), of_const(0), of_const(0),
                   of_const(0));
    op_end(body);
}

/* Whether a core value may be anything. */
static bool is_free(type_kind_t kind) {
    return kind >= TYPE_S32 && kind <= TYPE_F64;
}

/* The i32 in a local as weft_abi_scalar makes it. */
static void normalise(const fuse_code_t *code, const layout_t *layout, uint32_t local) {
    buf_t *body = code->body;
    type_kind_t kind = layout->type->kind;
    if (kind == TYPE_CHAR) {
        check_char(code, local);
        return;
    }
    if (kind == TYPE_ENUM) {
        check_case(code, local, layout->part_count);
        return;
    }
    op_local_get(body, local);
    switch (kind) {
    case TYPE_BOOL:
        op_i32_const(body, 0);
        op_i32_ne(body);
        break;
    case TYPE_S8: op_i32_extend8_s(body); break;
    case TYPE_S16: op_i32_extend16_s(body); break;
    case TYPE_U8:
    case TYPE_U16:
        op_i32_const(body, kind == TYPE_U8 ? 0xFF : 0xFFFF);
        op_i32_and(body);
        break;
    default: /* flags */
        op_i32_const(body, (uint32_t)((UINT64_C(1) << layout->type->field_count) - 1));
        op_i32_and(body);
        break;
    }
    op_local_set(body, local);
}

/* ---- in memory -------------------------------------------------------------------------------- */

static void load(const fuse_code_t *code, unsigned size, fuse_place_t from) {
    op_local_get(code->body, from.local);
    switch (size) {
    case 1: op_i32_load8_u(code->body, code->way->from, from.offset); break;
    case 2: op_i32_load16_u(code->body, code->way->from, from.offset); break;
    case 4: op_i32_load(code->body, code->way->from, from.offset); break;
    default: op_i64_load(code->body, code->way->from, from.offset); break;
    }
}

/* Behind the address and the value. */
static void store(const fuse_code_t *code, unsigned size, fuse_place_t to) {
    switch (size) {
    case 1: op_i32_store8(code->body, code->way->to, to.offset); break;
    case 2: op_i32_store16(code->body, code->way->to, to.offset); break;
    case 4: op_i32_store(code->body, code->way->to, to.offset); break;
    default: op_i64_store(code->body, code->way->to, to.offset); break;
    }
}

static void store_local(const fuse_code_t *code, unsigned size, uint32_t local, fuse_place_t to) {
    op_local_get(code->body, to.local);
    op_local_get(code->body, local);
    store(code, size, to);
}

static uint32_t load_local(const fuse_code_t *code, unsigned size, fuse_place_t from) {
    uint32_t local = weft_fuse_local(code, CORE_I32);
    load(code, size, from);
    op_local_set(code->body, local);
    return local;
}

static fuse_place_t beyond(fuse_place_t place, uint64_t offset) {
    place.offset += (uint32_t)offset;
    return place;
}

static void copy_bytes(const fuse_code_t *code, uint64_t size, fuse_place_t from, fuse_place_t to) {
    uint64_t done = 0;
    for (unsigned step = 8; step; step /= 2)
        for (; size - done >= step; done += step) {
            op_local_get(code->body, to.local);
            load(code, step, beyond(from, done));
            store(code, step, beyond(to, done));
        }
}

static void copy_many_bytes(const fuse_code_t *code, uint64_t size, fuse_place_t from,
                            fuse_place_t to) {
    op_local_get(code->body, to.local);
    op_i32_const(code->body, to.offset);
    op_i32_add(code->body);
    op_local_get(code->body, from.local);
    op_i32_const(code->body, from.offset);
    op_i32_add(code->body);
    op_i32_const(code->body, (uint32_t)size);
    op_memory_copy(code->body, code->way->to, code->way->from);
}

static void copy_range(const fuse_code_t *code, const layout_t *layout, fuse_place_t from,
                       fuse_place_t to) {
    uint32_t ptr = load_local(code, 4, from), length = load_local(code, 4, beyond(from, 4));
    weft_fuse_range(code, layout, ptr, length);
    store_local(code, 4, ptr, to);
    store_local(code, 4, length, beyond(to, 4));
}

/* ---- cases ------------------------------------------------------------------------------------ */

/* The first case with this payload: cases whose payloads are of one type share their code. */
static bool is_first(const layout_t *layout, uint32_t at) {
    for (uint32_t i = 0; i < at; i++)
        if (layout->parts[i] == layout->parts[at]) return false;
    return true;
}

/* Leaves whether the index is that of a case with the same payload as the case `at`. */
static void push_is_case(const fuse_code_t *code, const layout_t *layout, uint32_t at,
                         uint32_t index) {
    for (uint32_t i = at; i < layout->part_count; i++) {
        if (layout->parts[i] != layout->parts[at]) continue;
        op_local_get(code->body, index);
        op_i32_const(code->body, i);
        op_i32_eq(code->body);
        if (i != at) op_i32_or(code->body);
    }
}

static void copy_case(const fuse_code_t *code, const layout_t *layout, fuse_place_t from,
                      fuse_place_t to) {
    uint32_t index = load_local(code, layout->discriminant, from);
    check_case(code, index, layout->part_count);
    store_local(code, layout->discriminant, index, to);
    for (uint32_t i = 0; i < layout->part_count; i++) {
        if (!layout->parts[i] || !is_first(layout, i)) continue;
        push_is_case(code, layout, i, index);
        op_if(code->body, CORE_EMPTY);
        weft_fuse_copy(code, layout->parts[i], beyond(from, layout->payload),
                       beyond(to, layout->payload));
        op_end(code->body);
    }
}

static void copy_scalar(const fuse_code_t *code, const layout_t *layout, fuse_place_t from,
                        fuse_place_t to) {
    unsigned size = layout->type->kind == TYPE_ENUM ? layout->discriminant : (unsigned)layout->size;
    uint32_t local = load_local(code, size, from);
    normalise(code, layout, local);
    store_local(code, size, local, to);
}

void weft_fuse_copy(const fuse_code_t *code, const layout_t *layout, fuse_place_t from,
                    fuse_place_t to) {
    if (layout->is_plain) {
        if (layout->size <= MOST_INLINE) copy_bytes(code, layout->size, from, to);
        else copy_many_bytes(code, layout->size, from, to);
        return;
    }
    switch (layout->type ? layout->type->kind : TYPE_TUPLE) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP: copy_range(code, layout, from, to); return;
    case TYPE_RECORD:
    case TYPE_TUPLE:
        for (uint32_t i = 0; i < layout->part_count; i++)
            weft_fuse_copy(code, layout->parts[i], beyond(from, layout->offsets[i]),
                           beyond(to, layout->offsets[i]));
        return;
    case TYPE_FIXED_LIST:
        weft_fuse_elements(code, layout, from, to, of_const(layout->type->length));
        return;
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: copy_case(code, layout, from, to); return;
    default: copy_scalar(code, layout, from, to); return;
    }
}

/* ---- core values ------------------------------------------------------------------------------ */

/* Inside variants a core value has the type that all cases join to: an i32 may be in the lower half of an i64 (the
 * upper half is zero, and is made so). */
static uint32_t take(const fuse_code_t *code, uint32_t slot, uint8_t type) {
    if (type == CORE_I32) return slot;
    uint32_t local = weft_fuse_local(code, CORE_I32);
    op_local_get(code->body, slot);
    op_i32_wrap_i64(code->body);
    op_local_set(code->body, local);
    return local;
}

static void give(const fuse_code_t *code, uint32_t local, uint32_t slot) {
    if (local == slot) return;
    op_local_get(code->body, local);
    op_i64_extend_i32_u(code->body);
    op_local_set(code->body, slot);
}

static void flat_scalar(const fuse_code_t *code, const layout_t *layout, uint32_t slot,
                        uint8_t type) {
    bool is_free_here = is_free(layout->type->kind);
    if (is_free_here && (layout->size == 8 || type != CORE_I64)) return;
    uint32_t local = take(code, slot, type);
    if (!is_free_here) normalise(code, layout, local);
    give(code, local, slot);
}

static void flat_range(const fuse_code_t *code, const layout_t *layout, uint32_t slot,
                       const uint8_t *types) {
    uint32_t ptr = take(code, slot, types[0]), length = take(code, slot + 1, types[1]);
    weft_fuse_range(code, layout, ptr, length);
    give(code, ptr, slot);
    give(code, length, slot + 1);
}

static void clear(const fuse_code_t *code, uint32_t slot, const uint8_t *types, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        weft_op_zero(code->body, types[i]);
        op_local_set(code->body, slot + i);
    }
}

/* What a case does not use becomes zero. */
static void flat_payload(const fuse_code_t *code, const layout_t *layout, const layout_t *payload,
                         uint32_t slot, const uint8_t *types) {
    uint32_t used = payload ? payload->flat_count : 0;
    if (payload) weft_fuse_flat(code, payload, slot, types);
    clear(code, slot + used, types + used, layout->flat_count - 1u - used);
}

static void flat_case(const fuse_code_t *code, const layout_t *layout, uint32_t slot,
                      const uint8_t *types) {
    uint32_t index = take(code, slot, types[0]);
    check_case(code, index, layout->part_count);
    give(code, index, slot);
    for (uint32_t i = 0; i < layout->part_count && layout->flat_count > 1; i++) {
        if (!is_first(layout, i)) continue;
        push_is_case(code, layout, i, index);
        op_if(code->body, CORE_EMPTY);
        flat_payload(code, layout, layout->parts[i], slot + 1, types + 1);
        op_end(code->body);
    }
}

static void flat_fields(const fuse_code_t *code, const layout_t *layout, uint32_t slot,
                        const uint8_t *types) {
    for (uint32_t i = 0; i < layout->part_count; i++) {
        const layout_t *part = layout->parts[i];
        weft_fuse_flat(code, part, slot, types);
        slot += part->flat_count;
        types += part->flat_count;
    }
}

void weft_fuse_flat(const fuse_code_t *code, const layout_t *layout, uint32_t first,
                    const uint8_t *types) {
    switch (layout->type ? layout->type->kind : TYPE_TUPLE) {
    case TYPE_STRING:
    case TYPE_LIST:
    case TYPE_MAP: flat_range(code, layout, first, types); return;
    case TYPE_RECORD:
    case TYPE_TUPLE: flat_fields(code, layout, first, types); return;
    case TYPE_FIXED_LIST:
        for (uint32_t i = 0; i < layout->type->length; i++) {
            uint32_t at = i * layout->element->flat_count;
            weft_fuse_flat(code, layout->element, first + at, types + at);
        }
        return;
    case TYPE_VARIANT:
    case TYPE_OPTION:
    case TYPE_RESULT: flat_case(code, layout, first, types); return;
    default: flat_scalar(code, layout, first, types[0]); return;
    }
}
