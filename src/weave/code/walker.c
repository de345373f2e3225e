#include "weave/code/walker.h"

#include "abi/side.h"

void weft_walker_free(walker_t *walker) {
    weft_map_free(&walker->holds);
    weft_map_free(&walker->funcs);
    weft_map_free(&walker->flat);
}

buf_t *weft_walker_body(const walker_t *walker) {
    return weft_emit_body(walker->module, walker->func);
}

/* ---- what holds what is looked for ---------------------------------------------------------- */

static weft_error_t *find_in(walker_t *walker, const type_t *type, bool *holds) {
    *holds = walker->is_wanted(type);
    if (*holds || type->kind == TYPE_STREAM || type->kind == TYPE_FUTURE) return NULL;
    if (type->element) TRY(weft_walker_holds(walker, type->element, holds));
    if (type->error && !*holds) TRY(weft_walker_holds(walker, type->error, holds));
    if (type->key && !*holds) TRY(weft_walker_holds(walker, type->key, holds));
    for (uint32_t i = 0; i < type->field_count && !*holds; i++)
        if (type->fields[i].type) TRY(weft_walker_holds(walker, type->fields[i].type, holds));
    return NULL;
}

weft_error_t *weft_walker_holds(walker_t *walker, const type_t *type, bool *holds) {
    enum { NO = 1, YES };
    uintptr_t known = (uintptr_t)weft_map_get_ptr(&walker->holds, type);
    *holds = known == YES;
    if (known) return NULL;
    TRY(find_in(walker, type, holds));
    known = *holds ? YES : NO;
    return weft_map_set_ptr(&walker->holds, type, (void *)known); /* NOLINT: a number */
}

/* ---- reading -------------------------------------------------------------------------------- */

void weft_walker_read(const walker_t *walker, place_t place, uint32_t slot, uint64_t offset,
                      uint8_t size) {
    buf_t *body = weft_walker_body(walker);
    if (!place.in_memory) {
        op_local_get(body, place.local + slot);
        /* in a variant an i32 may share its local with an i64 or an f64 (CanonicalABI.md, join) */
        if (place.types[place.local + slot] == CORE_I64) op_i32_wrap_i64(body);
        return;
    }
    op_local_get(body, place.local);
    offset += place.offset;
    if (size == 1) op_i32_load8_u(body, walker->memory, offset);
    else if (size == 2) op_i32_load16_u(body, walker->memory, offset);
    else op_i32_load(body, walker->memory, offset);
}

void weft_walker_read_address(const walker_t *walker, place_t place, uint32_t slot,
                              uint64_t offset) {
    if (walker->address == CORE_I32) {
        weft_walker_read(walker, place, slot, offset, 4);
        return;
    }
    buf_t *body = weft_walker_body(walker);
    op_local_get(body, place.local + (place.in_memory ? 0 : slot));
    if (place.in_memory) op_i64_load(body, walker->memory, place.offset + offset);
}

static void push_address(const walker_t *walker, uint64_t value) {
    buf_t *body = weft_walker_body(walker);
    if (walker->address == CORE_I64) op_i64_const(body, value);
    else op_i32_const(body, (uint32_t)value);
}

static void add_address(const walker_t *walker, uint32_t local, uint64_t value) {
    buf_t *body = weft_walker_body(walker);
    op_local_get(body, local);
    if (!value) return;
    push_address(walker, value);
    if (walker->address == CORE_I64) op_i64_add(body);
    else op_i32_add(body);
}

static place_t move(place_t place, uint32_t slots, uint64_t bytes) {
    if (place.in_memory) place.offset += bytes;
    else place.local += slots;
    return place;
}

/* ---- parts ---------------------------------------------------------------------------------- */

static weft_error_t *walk(walker_t *walker, const layout_t *layout, place_t place);
static weft_error_t *call_elements(walker_t *walker, const layout_t *layout);

static weft_error_t *walk_fields(walker_t *walker, const layout_t *layout, place_t place) {
    uint32_t slots = 0;
    for (uint32_t i = 0; i < layout->part_count; i++) {
        TRY(walk(walker, layout->parts[i], move(place, slots, layout->offsets[i])));
        slots += layout->parts[i]->flat_count;
    }
    return NULL;
}

static weft_error_t *walk_cases(walker_t *walker, const layout_t *layout, place_t place) {
    for (uint32_t i = 0; i < layout->part_count; i++) {
        bool holds = false;
        if (layout->parts[i]) TRY(weft_walker_holds(walker, layout->parts[i]->type, &holds));
        if (!holds) continue;
        weft_walker_read(walker, place, 0, 0, layout->discriminant);
        buf_t *body = weft_walker_body(walker);
        op_i32_const(body, i);
        op_i32_eq(body);
        op_if(body, CORE_EMPTY);
        place_t payload = move(place, 1, layout->payload);
        payload.in_case = true;
        TRY(walk(walker, layout->parts[i], payload));
        op_end(weft_walker_body(walker));
    }
    return NULL;
}

static weft_error_t *walk_fixed_list(walker_t *walker, const layout_t *layout, place_t place) {
    if (place.in_memory) {
        add_address(walker, place.local, place.offset);
        push_address(walker, layout->type->length);
        return call_elements(walker, layout);
    }
    for (uint32_t i = 0; i < layout->type->length; i++)
        TRY(walk(walker, layout->element, move(place, i * layout->element->flat_count, 0)));
    return NULL;
}

static weft_error_t *walk_list(walker_t *walker, const layout_t *layout, place_t place) {
    uint8_t size = weft_abi_pointer_size((abi_address_t)walker->address);
    weft_walker_read_address(walker, place, 0, 0);
    weft_walker_read_address(walker, place, 1, size);
    return call_elements(walker, layout);
}

static weft_error_t *walk_parts(walker_t *walker, const layout_t *layout, place_t place) {
    if (!layout->type) return walk_fields(walker, layout, place);
    switch (layout->type->kind) {
    case TYPE_RECORD:
    case TYPE_TUPLE: return walk_fields(walker, layout, place);
    case TYPE_FIXED_LIST: return walk_fixed_list(walker, layout, place);
    case TYPE_LIST:
    case TYPE_MAP: return walk_list(walker, layout, place);
    default: return walk_cases(walker, layout, place);
    }
}

/* ---- functions ------------------------------------------------------------------------------ */

/* Makes the function that visits a type, its body by `fill`, and calls it; what it takes is on the stack. */
static weft_error_t *call_made(walker_t *walker, const layout_t *layout, map_t *funcs,
                               core_sig_t sig,
                               weft_error_t *(*fill)(walker_t *, const layout_t *)) {
    uintptr_t known = (uintptr_t)weft_map_get_ptr(funcs, layout);
    if (!known) {
        uint32_t made = weft_emit_func(walker->module, sig);
        uint32_t caller = walker->func;
        known = (uintptr_t)made + 1;
        walker->func = made;
        TRY(weft_map_set_ptr(funcs, layout, (void *)known)); /* NOLINT: a number */
        TRY(fill(walker, layout));
        walker->func = caller;
    }
    op_call(weft_walker_body(walker), (uint32_t)(known - 1));
    return NULL;
}

static weft_error_t *call_in_memory(walker_t *walker, const layout_t *layout, uint32_t param_count,
                                    weft_error_t *(*fill)(walker_t *, const layout_t *)) {
    const uint8_t params[2] = {walker->address, walker->address};
    return call_made(walker, layout, &walker->funcs,
                     (core_sig_t){.params = params, .param_count = param_count}, fill);
}

static weft_error_t *fill_value(walker_t *walker, const layout_t *layout) {
    return walk_parts(walker, layout, (place_t){.in_memory = true});
}

static weft_error_t *fill_flat(walker_t *walker, const layout_t *layout) {
    return walk_cases(walker, layout, (place_t){.types = layout->flat});
}

/* From the type that the case's place is joined to (CanonicalABI.md, lift_flat_variant). */
static void push_flat(const walker_t *walker, uint32_t local, uint8_t given, uint8_t wanted) {
    buf_t *body = weft_walker_body(walker);
    op_local_get(body, local);
    if (given == wanted) return;
    if (given == CORE_I64 && wanted != CORE_F64) op_i32_wrap_i64(body);
    if (wanted == CORE_F32) op_f32_reinterpret_i32(body);
    if (wanted == CORE_F64) op_f64_reinterpret_i64(body);
}

/* A variant inside a variant: in place its code would be repeated for each case that leads to it. */
static weft_error_t *call_flat(walker_t *walker, const layout_t *layout, place_t place) {
    for (uint32_t i = 0; i < layout->flat_count; i++)
        push_flat(walker, place.local + i, place.types[place.local + i], layout->flat[i]);
    return call_made(walker, layout, &walker->flat,
                     (core_sig_t){.params = layout->flat, .param_count = layout->flat_count},
                     fill_flat);
}

/* More elements than the ABI takes. */
static void check_count(const walker_t *walker, const layout_t *layout, uint32_t count) {
    buf_t *body = weft_walker_body(walker);
    if (layout->type->kind == TYPE_FIXED_LIST) return;
    op_local_get(body, count);
    push_address(walker, ABI_MAX_BYTES / layout->stride);
    if (walker->address == CORE_I64) op_i64_gt_u(body);
    else op_i32_gt_u(body);
    op_if(body, CORE_EMPTY);
    op_unreachable(body);
    op_end(body);
}

static weft_error_t *fill_elements(walker_t *walker, const layout_t *layout) {
    enum { AT, COUNT };
    place_t place = {.in_memory = true, .local = AT};
    bool is_64 = walker->address == CORE_I64;
    buf_t *body = weft_walker_body(walker);
    check_count(walker, layout, COUNT);
    op_block(body, CORE_EMPTY);
    op_loop(body, CORE_EMPTY);
    op_local_get(body, COUNT);
    if (is_64) op_i64_eqz(body);
    else op_i32_eqz(body);
    op_br_if(body, 1);
    if (layout->element) TRY(walk(walker, layout->element, place));
    else TRY(walk_fields(walker, layout, place)); /* a map's key and value */
    add_address(walker, AT, layout->stride);
    body = weft_walker_body(walker);
    op_local_set(body, AT);
    add_address(walker, COUNT, is_64 ? UINT64_MAX : UINT32_MAX); /* minus one */
    op_local_set(body, COUNT);
    op_br(body, 0);
    op_end(body);
    op_end(body);
    return NULL;
}

static weft_error_t *call_elements(walker_t *walker, const layout_t *layout) {
    return call_in_memory(walker, layout, 2, fill_elements);
}

static bool is_variant(const layout_t *layout) {
    type_kind_t kind = layout->type->kind;
    return kind == TYPE_VARIANT || kind == TYPE_OPTION || kind == TYPE_RESULT;
}

/* Lists have a function anyway, for their elements. */
static bool is_list(const layout_t *layout) {
    return layout->type->kind == TYPE_LIST || layout->type->kind == TYPE_MAP ||
           layout->type->kind == TYPE_FIXED_LIST;
}

static weft_error_t *walk(walker_t *walker, const layout_t *layout, place_t place) {
    bool holds;
    TRY(weft_walker_holds(walker, layout->type, &holds));
    if (!holds) return NULL;
    if (walker->is_wanted(layout->type)) return walker->visit(walker, layout, place);
    if (place.in_case && !place.in_memory && is_variant(layout))
        return call_flat(walker, layout, place);
    if (!place.in_memory || is_list(layout)) return walk_parts(walker, layout, place);
    add_address(walker, place.local, place.offset);
    return call_in_memory(walker, layout, 1, fill_value);
}

weft_error_t *weft_walker_walk(walker_t *walker, uint32_t func, const layout_t *layout,
                               place_t place) {
    walker->func = func;
    return layout->type ? walk(walker, layout, place) : walk_fields(walker, layout, place);
}
