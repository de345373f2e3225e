/* The module of a shape: its imports, and the function that stands for a call. */
#include "runtime/direct/fuse/code.h"

#include "runtime/direct/entity.h"
#include "runtime/generated.h"

/* The index of what the functions import, by kind. */
typedef struct imports {
    uint32_t caller_memory, callee_memory;
    uint32_t caller_flags, callee_flags; /* those around the callee follow it */
    uint32_t ask, core, caller_realloc, callee_realloc, post_return;
} imports_t;

/* ---- parts of all functions ------------------------------------------------------------------- */

uint32_t weft_fuse_local(const fuse_code_t *code, uint8_t type) {
    return weft_emit_local(code->module, code->func, type);
}

void weft_fuse_push(const fuse_code_t *code, fuse_i32_t value) {
    if (value.is_local) op_local_get(code->body, value.value);
    else op_i32_const(code->body, value.value);
}

void weft_fuse_fail(const fuse_code_t *code, uint32_t what, fuse_i32_t a, fuse_i32_t b,
                    fuse_i32_t c, fuse_i32_t d) {
    op_i32_const(code->body, what);
    weft_fuse_push(code, a);
    weft_fuse_push(code, b);
    weft_fuse_push(code, c);
    weft_fuse_push(code, d);
    op_call(code->body, code->ask);
    op_drop(code->body);
    op_unreachable(code->body);
}

/* Both are below 2^32, so the sum does not wrap. */
void weft_fuse_outside(const fuse_code_t *code, uint32_t memory, uint32_t ptr, uint32_t size) {
    buf_t *body = code->body;
    op_local_get(body, ptr);
    op_i64_extend_i32_u(body);
    op_local_get(body, size);
    op_i64_add(body);
    op_memory_size(body, memory);
    op_i64_extend_i32_u(body);
    op_i64_const(body, 16);
    op_i64_shl(body);
    op_i64_gt_u(body);
}

void weft_fuse_check_range(const fuse_code_t *code, uint32_t memory, uint32_t side, uint32_t ptr,
                           const layout_t *layout) {
    buf_t *body = code->body;
    uint32_t size = weft_fuse_local(code, CORE_I64);
    op_i64_const(body, layout->size);
    op_local_set(body, size);
    weft_fuse_outside(code, memory, ptr, size);
    op_local_get(body, ptr);
    op_i32_const(body, layout->align - 1u);
    op_i32_and(body);
    op_i32_or(body);
    op_if(body, CORE_EMPTY);
    weft_fuse_fail(code, ASK_RANGE, of_local(ptr), of_const(layout->align),
                   of_const((uint32_t)layout->size), of_const(side));
    op_end(body);
}

/* ---- imports ---------------------------------------------------------------------------------- */

static uint32_t import_memory(emit_t *module) {
    return weft_emit_import_memory(module, STR_LIT(""), STR_LIT("memory"), (core_size_t){0});
}

static uint32_t import_flags(emit_t *module) {
    return weft_emit_import_global(module, STR_LIT(""), STR_LIT("flags"), CORE_I32, false);
}

static uint32_t import_func(emit_t *module, const char *name, core_sig_t sig) {
    return weft_emit_import_func(module, STR_LIT(""), weft_str(name), sig);
}

static imports_t import_all(emit_t *module, const fuse_shape_t *shape) {
    static const uint8_t i32[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32};
    const core_sig_t realloc = {i32, i32, 4, 1};
    const abi_func_t *callee = shape->callee, *caller = shape->caller;
    imports_t made = {0};
    import_memory(module); /* of flags: 0 */
    if (caller->needs_memory) made.caller_memory = import_memory(module);
    if (callee->needs_memory) made.callee_memory = import_memory(module);
    made.caller_flags = import_flags(module);
    made.callee_flags = import_flags(module);
    for (uint32_t i = 1; i < shape->depth; i++) import_flags(module);
    made.ask = import_func(module, "ask", weft_fuse_ask_sig());
    made.core = import_func(module, "core", weft_abi_core_sig(callee));
    if (callee->needs_realloc) made.callee_realloc = import_func(module, "realloc", realloc);
    if (caller->needs_realloc) made.caller_realloc = import_func(module, "realloc", realloc);
    if (shape->post_return)
        made.post_return =
            import_func(module, "post-return",
                        (core_sig_t){callee->core_results, NULL, callee->core_result_count, 0});
    return made;
}

/* ---- flags ------------------------------------------------------------------------------------ */

static void set_flag(const fuse_code_t *code, uint32_t flags, size_t which, bool value) {
    op_global_get(code->body, flags);
    op_i32_const(code->body, value);
    op_i32_store8(code->body, 0, which);
}

static void push_flag(const fuse_code_t *code, uint32_t flags, size_t which) {
    op_global_get(code->body, flags);
    op_i32_load8_u(code->body, 0, which);
}

static void fail(const fuse_code_t *code, uint32_t what) {
    weft_fuse_fail(code, what, of_const(0), of_const(0), of_const(0), of_const(0));
}

static void fail_if(const fuse_code_t *code, uint32_t what) {
    op_if(code->body, CORE_EMPTY);
    fail(code, what);
    op_end(code->body);
}

static void enter(const fuse_code_t *code, const fuse_shape_t *shape, const imports_t *imports) {
    push_flag(code, imports->caller_flags, offsetof(frame_flags_t, cannot_leave));
    fail_if(code, ASK_LEAVE);
    if (!shape->depth) return;
    for (uint32_t i = 0; i < shape->depth; i++) {
        push_flag(code, imports->callee_flags + i, offsetof(frame_flags_t, entered));
        if (i) op_i32_or(code->body);
    }
    fail_if(code, ASK_ENTER);
    for (uint32_t i = 0; i < shape->depth; i++)
        set_flag(code, imports->callee_flags + i, offsetof(frame_flags_t, entered), true);
}

static void leave(const fuse_code_t *code, const fuse_shape_t *shape, const imports_t *imports) {
    for (uint32_t i = 0; i < shape->depth; i++)
        set_flag(code, imports->callee_flags + i, offsetof(frame_flags_t, entered), false);
}

/* ---- the call --------------------------------------------------------------------------------- */

/* Leaves the core parameters of the callee. */
static void pass_params(const fuse_code_t *code, const fuse_shape_t *shape) {
    const layout_t *params = shape->caller->params;
    buf_t *body = code->body;
    if (!shape->caller->params_in_memory) {
        weft_fuse_flat(code, params, 0, shape->caller->core_params);
        for (uint32_t i = 0; i < params->flat_count; i++) op_local_get(body, i);
        return;
    }
    uint32_t made = weft_fuse_local(code, CORE_I32);
    weft_fuse_check_range(code, code->way->from, 0, 0, params);
    op_i32_const(body, params->align);
    op_i32_const(body, (uint32_t)params->size);
    op_call(body, code->way->allocate);
    op_local_set(body, made);
    weft_fuse_copy(code, params, (fuse_place_t){0, 0}, (fuse_place_t){made, 0});
    op_local_get(body, made);
}

/* `raw`: what the core function gave; `result`: what the caller gets, when it is flat. */
static void pass_result(const fuse_code_t *code, const fuse_shape_t *shape, uint32_t raw,
                        uint32_t result) {
    const layout_t *layout = shape->caller->result;
    uint32_t out = shape->caller->core_param_count - 1;
    if (!layout) return;
    if (!shape->caller->result_in_memory) {
        op_local_get(code->body, raw);
        op_local_set(code->body, result);
        weft_fuse_flat(code, layout, result, shape->caller->core_results);
        return;
    }
    weft_fuse_check_range(code, code->way->from, 1, raw, layout);
    weft_fuse_check_range(code, code->way->to, 0, out, layout);
    weft_fuse_copy(code, layout, (fuse_place_t){raw, 0}, (fuse_place_t){out, 0});
}

static void call_post_return(const fuse_code_t *code, const fuse_shape_t *shape,
                             const imports_t *imports, uint32_t raw) {
    if (!shape->post_return) return;
    set_flag(code, imports->callee_flags, offsetof(frame_flags_t, cannot_leave), true);
    if (shape->callee->core_result_count) op_local_get(code->body, raw);
    op_call(code->body, imports->post_return);
    set_flag(code, imports->callee_flags, offsetof(frame_flags_t, cannot_leave), false);
}

/* Exceptions end at the edge of a component (CanonicalABI.md, call_and_trap_on_throw), those of realloc too. */
static void begin_catching(const fuse_code_t *code) {
    op_block(code->body, CORE_EMPTY);
    op_try_catch_all(code->body, 0);
}

static void end_catching(const fuse_code_t *code) {
    op_return(code->body);
    op_end(code->body);
    op_end(code->body);
    fail(code, ASK_THROWN);
}

static void write_call(fuse_code_t code, const fuse_shape_t *shape, const imports_t *imports,
                       const fuse_way_t *there, const fuse_way_t *back) {
    const abi_func_t *callee = shape->callee, *caller = shape->caller;
    uint32_t raw = 0, result = 0;
    code.body = weft_emit_body(code.module, code.func);
    if (callee->core_result_count) raw = weft_fuse_local(&code, callee->core_results[0]);
    if (caller->core_result_count) result = weft_fuse_local(&code, caller->core_results[0]);
    if (shape->throws) begin_catching(&code);
    enter(&code, shape, imports);
    code.way = there;
    pass_params(&code, shape);
    op_call(code.body, imports->core);
    if (callee->core_result_count) op_local_set(code.body, raw);
    code.way = back;
    pass_result(&code, shape, raw, result);
    call_post_return(&code, shape, imports, raw);
    leave(&code, shape, imports);
    if (caller->core_result_count) op_local_get(code.body, result);
    if (shape->throws) end_catching(&code);
}

/* ---- the module ------------------------------------------------------------------------------- */

static fuse_way_t way_of(const fuse_shape_t *shape, const layout_t *layout) {
    return (fuse_way_t){.is_utf8 = shape->caller_encoding == ENCODING_UTF8 &&
                                   shape->callee_encoding == ENCODING_UTF8,
                        .has_pointer = layout && layout->has_pointer,
                        .has_string = layout && layout->has_string};
}

static void take_ways(const fuse_shape_t *shape, const imports_t *imports, fuse_way_t *there,
                      fuse_way_t *back) {
    *there = way_of(shape, shape->callee->params);
    there->from = imports->caller_memory;
    there->to = imports->callee_memory;
    there->to_flags = imports->callee_flags;
    there->to_realloc = imports->callee_realloc;
    *back = way_of(shape, shape->caller->result);
    back->back = ASK_BACK;
    back->from = imports->callee_memory;
    back->to = imports->caller_memory;
    back->to_flags = imports->caller_flags;
    back->to_realloc = imports->caller_realloc;
}

weft_error_t *weft_fuse_module(const fuse_shape_t *shape, buf_t *out) {
    emit_t module = {0};
    fuse_way_t there, back;
    imports_t imports = import_all(&module, shape);
    fuse_code_t code = {.module = &module, .ask = imports.ask};
    take_ways(shape, &imports, &there, &back);
    code.func = weft_emit_func(&module, weft_abi_core_sig(shape->caller));
    if (shape->callee->needs_realloc) weft_fuse_declare(&module, &there);
    if (shape->caller->needs_realloc) weft_fuse_declare(&module, &back);
    weft_emit_export(&module, STR_LIT(""), CORE_FUNC, code.func);
    for (uint32_t i = code.func; i < code.func + module.bodies.count; i++)
        weft_emit_name(&module, i, STR_LIT(GENERATED_NAME));
    write_call(code, shape, &imports, &there, &back);
    code.way = &there;
    if (shape->callee->needs_realloc) weft_fuse_write(&code);
    code.way = &back;
    if (shape->caller->needs_realloc) weft_fuse_write(&code);
    return weft_emit_finish(&module, out);
}

weft_error_t *weft_fuse_flags(buf_t *out) {
    emit_t module = {0};
    uint32_t memory = weft_emit_memory(&module, (core_size_t){.min = 1, .max = 1, .has_max = true});
    weft_emit_export(&module, STR_LIT(""), CORE_MEMORY, memory);
    return weft_emit_finish(&module, out);
}
