#include "weave/drop_code.h"

#include "abi/side.h"

void weft_drop_code_free(drop_code_t *code) {
    weft_map_free(&code->numbers);
    weft_map_free(&code->at_address);
    weft_map_free(&code->of_flat);
}

/* ---- layouts -------------------------------------------------------------------------------- */

typedef enum shape {
    SHAPE_NONE, /* no handle in it */
    SHAPE_HANDLE,
    SHAPE_FIELDS,
    SHAPE_CASES,
    SHAPE_RANGE, /* a list: an address and a count */
    SHAPE_FIXED  /* a list of fixed length */
} shape_t;

static shape_t shape_of(const layout_t *layout) {
    const type_t *type = layout ? layout->type : NULL;
    if (!layout) return SHAPE_NONE;
    if (!type) return SHAPE_FIELDS; /* the parameters */
    if (!type->has_own && !type->has_stream_or_future && !type->has_error_context)
        return SHAPE_NONE;
    switch (type->kind) {
    case TYPE_OWN:
    case TYPE_STREAM:
    case TYPE_FUTURE:
    case TYPE_ERROR_CONTEXT: return SHAPE_HANDLE;
    case TYPE_LIST: return SHAPE_RANGE;
    case TYPE_FIXED_LIST: return SHAPE_FIXED;
    case TYPE_RECORD:
    case TYPE_TUPLE: return SHAPE_FIELDS;
    default: return SHAPE_CASES;
    }
}

/* The number of a key, plus one; 0: none. */
static uint32_t known(const map_t *numbers, const void *key) {
    return (uint32_t)(uintptr_t)weft_map_get_ptr(numbers, key);
}

static weft_error_t *remember(map_t *numbers, const void *key, uint32_t number) {
    return weft_map_set_ptr(numbers, key, (void *)((uintptr_t)number + 1));
}

static void call_of(const map_t *functions, buf_t *body, const layout_t *layout) {
    op_call(body, known(functions, layout) - 1);
}

static void drop_handle(const drop_code_t *code, buf_t *body, const type_t *type) {
    op_call(body, code->first + known(&code->numbers, type) - 1);
}

/* ---- in memory: local 0 is an address --------------------------------------------------------- */

static void put_constant(const drop_code_t *code, buf_t *body, uint64_t value) {
    if (code->address == CORE_I64) op_i64_const(body, value);
    else op_i32_const(body, (uint32_t)value);
}

static void put_address(const drop_code_t *code, buf_t *body, uint64_t offset) {
    op_local_get(body, 0);
    if (!offset) return;
    put_constant(code, body, offset);
    if (code->address == CORE_I64) op_i64_add(body);
    else op_i32_add(body);
}

static void load_word(const drop_code_t *code, buf_t *body, uint64_t offset) {
    op_local_get(body, 0);
    if (code->address == CORE_I64) op_i64_load(body, code->memory, offset);
    else op_i32_load(body, code->memory, offset);
}

/* Drops what lies at an offset from the address. */
static void drop_at(const drop_code_t *code, buf_t *body, const layout_t *layout, uint64_t offset) {
    switch (shape_of(layout)) {
    case SHAPE_NONE: return;
    case SHAPE_HANDLE:
        op_local_get(body, 0);
        op_i32_load(body, code->memory, offset);
        drop_handle(code, body, layout->type);
        return;
    case SHAPE_RANGE:
        load_word(code, body, offset);
        load_word(code, body, offset + (code->address == CORE_I64 ? 8 : 4));
        break;
    case SHAPE_FIXED:
        put_address(code, body, offset);
        put_constant(code, body, layout->type->length);
        break;
    case SHAPE_FIELDS:
    case SHAPE_CASES: put_address(code, body, offset); break;
    }
    call_of(&code->at_address, body, layout);
}

static void drop_fields(const drop_code_t *code, buf_t *body, const layout_t *layout) {
    for (uint32_t i = 0; i < layout->part_count; i++)
        drop_at(code, body, layout->parts[i], layout->offsets[i]);
}

static void put_is_case(buf_t *body, uint32_t local, uint32_t k) {
    op_local_get(body, local);
    op_i32_const(body, k);
    op_i32_eq(body);
    op_if(body, CORE_EMPTY);
}

static void load_discriminant(const drop_code_t *code, buf_t *body, const layout_t *layout) {
    op_local_get(body, 0);
    switch (layout->discriminant) {
    case 1: op_i32_load8_u(body, code->memory, 0); break;
    case 2: op_i32_load16_u(body, code->memory, 0); break;
    default: op_i32_load(body, code->memory, 0); break;
    }
}

static void drop_case(const drop_code_t *code, buf_t *body, const layout_t *layout,
                      uint32_t discriminant) {
    load_discriminant(code, body, layout);
    op_local_set(body, discriminant);
    for (uint32_t k = 0; k < layout->part_count; k++) {
        if (shape_of(layout->parts[k]) == SHAPE_NONE) continue;
        put_is_case(body, discriminant, k);
        drop_at(code, body, layout->parts[k], layout->payload);
        op_end(body);
    }
}

/* Local 1 is the number of elements. */
static void drop_elements(const drop_code_t *code, buf_t *body, const layout_t *layout) {
    bool is_64 = code->address == CORE_I64;
    if (shape_of(layout) == SHAPE_RANGE) {
        op_local_get(body, 1);
        put_constant(code, body, ABI_MAX_BYTES / layout->stride);
        if (is_64) op_i64_gt_u(body);
        else op_i32_gt_u(body);
        op_if(body, CORE_EMPTY);
        op_unreachable(body);
        op_end(body);
    }
    op_block(body, CORE_EMPTY);
    op_loop(body, CORE_EMPTY);
    op_local_get(body, 1);
    if (is_64) op_i64_eqz(body);
    else op_i32_eqz(body);
    op_br_if(body, 1);
    drop_at(code, body, layout->element, 0);
    put_address(code, body, layout->stride);
    op_local_set(body, 0);
    op_local_get(body, 1);
    put_constant(code, body, 1);
    if (is_64) op_i64_sub(body);
    else op_i32_sub(body);
    op_local_set(body, 1);
    op_br(body, 0);
    op_end(body);
    op_end(body);
}

static weft_error_t *prepare_at(drop_code_t *code, const layout_t *layout);

/* Of what a type consists of. */
static weft_error_t *prepare_parts(drop_code_t *code, const layout_t *layout) {
    if (layout->element) return prepare_at(code, layout->element);
    for (uint32_t i = 0; i < layout->part_count; i++) TRY(prepare_at(code, layout->parts[i]));
    return NULL;
}

static weft_error_t *prepare_at(drop_code_t *code, const layout_t *layout) {
    shape_t shape = shape_of(layout);
    if (shape == SHAPE_NONE || shape == SHAPE_HANDLE || known(&code->at_address, layout))
        return NULL;
    TRY(prepare_parts(code, layout));
    const uint8_t params[] = {code->address, code->address};
    bool has_count = shape == SHAPE_RANGE || shape == SHAPE_FIXED;
    uint32_t function = weft_emit_func(
        code->module, (core_sig_t){.params = params, .param_count = has_count ? 2 : 1});
    uint32_t discriminant =
        shape == SHAPE_CASES ? weft_emit_local(code->module, function, CORE_I32) : 0;
    buf_t *body = weft_emit_body(code->module, function);
    if (has_count) drop_elements(code, body, layout);
    else if (shape == SHAPE_CASES) drop_case(code, body, layout, discriminant);
    else drop_fields(code, body, layout);
    return remember(&code->at_address, layout, function);
}

/* ---- flat: locals ----------------------------------------------------------------------------- */

/* A flat value lies in a local of the type that its place is joined to (CanonicalABI.md, lift_flat_variant). */
static void get_flat(buf_t *body, const uint8_t *types, uint32_t at, uint8_t wanted) {
    op_local_get(body, at);
    if (types[at] == wanted) return;
    if (types[at] == CORE_I64 && wanted != CORE_F64) op_i32_wrap_i64(body);
    if (wanted == CORE_F32) op_f32_reinterpret_i32(body);
    if (wanted == CORE_F64) op_f64_reinterpret_i64(body);
}

/* Drops what lies in the locals from `at` on; `types` are those of all locals. */
static void drop_flat(const drop_code_t *code, buf_t *body, const layout_t *layout,
                      const uint8_t *types, uint32_t at) {
    switch (shape_of(layout)) {
    case SHAPE_NONE: return;
    case SHAPE_HANDLE:
        get_flat(body, types, at, CORE_I32);
        drop_handle(code, body, layout->type);
        return;
    case SHAPE_RANGE:
        get_flat(body, types, at, code->address);
        get_flat(body, types, at + 1, code->address);
        call_of(&code->at_address, body, layout);
        return;
    case SHAPE_FIXED:
        for (uint32_t i = 0; i < layout->type->length; i++)
            drop_flat(code, body, layout->element, types, at + i * layout->element->flat_count);
        return;
    case SHAPE_FIELDS:
        for (uint32_t i = 0; i < layout->part_count; at += layout->parts[i++]->flat_count)
            drop_flat(code, body, layout->parts[i], types, at);
        return;
    case SHAPE_CASES:
        for (uint32_t i = 0; i < layout->flat_count; i++)
            get_flat(body, types, at + i, layout->flat[i]);
        call_of(&code->of_flat, body, layout);
        return;
    }
}

static void drop_flat_case(const drop_code_t *code, buf_t *body, const layout_t *layout) {
    for (uint32_t k = 0; k < layout->part_count; k++) {
        if (shape_of(layout->parts[k]) == SHAPE_NONE) continue;
        put_is_case(body, 0, k);
        drop_flat(code, body, layout->parts[k], layout->flat, 1);
        op_end(body);
    }
}

static weft_error_t *prepare_flat(drop_code_t *code, const layout_t *layout) {
    shape_t shape = shape_of(layout);
    if (shape == SHAPE_NONE || shape == SHAPE_HANDLE) return NULL;
    if (shape == SHAPE_RANGE) return prepare_at(code, layout);
    if (shape == SHAPE_FIXED) return prepare_flat(code, layout->element);
    if (shape == SHAPE_CASES && known(&code->of_flat, layout)) return NULL;
    for (uint32_t i = 0; i < layout->part_count; i++) TRY(prepare_flat(code, layout->parts[i]));
    if (shape == SHAPE_FIELDS) return NULL;
    uint32_t function = weft_emit_func(
        code->module, (core_sig_t){.params = layout->flat, .param_count = layout->flat_count});
    drop_flat_case(code, weft_emit_body(code->module, function), layout);
    return remember(&code->of_flat, layout, function);
}

/* ---- arguments ------------------------------------------------------------------------------ */

weft_error_t *weft_drop_code_prepare(drop_code_t *code, const layout_t *args, bool in_memory) {
    while (code->numbers.count < code->type_count) {
        uint32_t i = (uint32_t)code->numbers.count;
        TRY(remember(&code->numbers, code->types[i], i));
    }
    return in_memory ? prepare_at(code, args) : prepare_flat(code, args);
}

void weft_drop_code_put(const drop_code_t *code, buf_t *body, const layout_t *args, bool in_memory,
                        core_sig_t sig) {
    if (in_memory) drop_at(code, body, args, 0);
    else drop_flat(code, body, args, sig.params, 0);
}
