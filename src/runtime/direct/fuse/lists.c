/* Fused functions: strings, lists and maps. For each way that values go, three functions stand in the module beside the
 * fused one:
 *
 *   allocate(align, size) -> pointer              realloc of the receiver, while it may not leave, and the check of
 *                                                 what it gives
 *   allocate_list(pointer, count, stride, align)  checks a list, allocates as much: -> pointer
 *   pass_text(pointer, length)                    -> the new pointer, and the length in the upper half */
#include "runtime/direct/entity.h"
#include "runtime/direct/fuse/code.h"

/* Longer strings are shown to the host, which looks through ASCII faster. */
enum { LONGEST_TEXT = 4096 };

static const uint8_t four[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32};
static const uint8_t long_one[] = {CORE_I64};

void weft_fuse_declare(emit_t *module, fuse_way_t *way) {
    way->allocate = weft_emit_func(module, (core_sig_t){four, four, 2, 1});
    if (way->has_pointer)
        way->allocate_list = weft_emit_func(module, (core_sig_t){four, four, 4, 1});
    if (way->has_string)
        way->pass_text = weft_emit_func(module, (core_sig_t){four, long_one, 2, 1});
}

/* The u32 in a local as an i64. */
static void push_u64(buf_t *body, uint32_t local) {
    op_local_get(body, local);
    op_i64_extend_i32_u(body);
}

/* ---- allocate --------------------------------------------------------------------------------- */

static void set_cannot_leave(const fuse_code_t *code, fuse_i32_t value) {
    op_global_get(code->body, code->way->to_flags);
    weft_fuse_push(code, value);
    op_i32_store8(code->body, 0, offsetof(frame_flags_t, cannot_leave));
}

static void write_allocate(const fuse_code_t *code) {
    enum { ALIGN, SIZE };
    const fuse_way_t *way = code->way;
    buf_t *body = code->body;
    uint32_t made = weft_fuse_local(code, CORE_I32), before = weft_fuse_local(code, CORE_I32);
    uint32_t size = weft_fuse_local(code, CORE_I64);
    op_global_get(body, way->to_flags);
    op_i32_load8_u(body, 0, offsetof(frame_flags_t, cannot_leave));
    op_local_set(body, before);
    set_cannot_leave(code, of_const(1));
    op_i32_const(body, 0);
    op_i32_const(body, 0);
    op_local_get(body, ALIGN);
    op_local_get(body, SIZE);
    op_call(body, way->to_realloc);
    op_local_set(body, made);
    set_cannot_leave(code, of_local(before));

    push_u64(body, SIZE);
    op_local_set(body, size);
    weft_fuse_outside(code, way->to, made, size);
    op_local_get(body, made);
    op_local_get(body, ALIGN);
    op_i32_const(body, 1);
    op_i32_sub(body);
    op_i32_and(body);
    op_i32_or(body);
    op_if(body, CORE_EMPTY);
    weft_fuse_fail(code, ASK_MADE | way->back, of_local(made), of_local(ALIGN), of_local(SIZE),
                   of_const(0));
    op_end(body);
    op_local_get(body, made);
}

/* ---- allocate_list ---------------------------------------------------------------------------- */

static void write_allocate_list(const fuse_code_t *code) {
    enum { PTR, COUNT, STRIDE, ALIGN };
    const fuse_way_t *way = code->way;
    buf_t *body = code->body;
    uint32_t size = weft_fuse_local(code, CORE_I64);
    push_u64(body, COUNT);
    push_u64(body, STRIDE);
    op_i64_mul(body);
    op_local_tee(body, size);
    op_i64_const(body, ABI_MAX_BYTES);
    op_i64_gt_u(body);
    weft_fuse_outside(code, way->from, PTR, size);
    op_i32_or(body);
    op_local_get(body, PTR);
    op_local_get(body, ALIGN);
    op_i32_const(body, 1);
    op_i32_sub(body);
    op_i32_and(body);
    op_i32_or(body);
    op_if(body, CORE_EMPTY);
    weft_fuse_fail(code, ASK_LIST | way->back, of_local(PTR), of_local(COUNT), of_local(STRIDE),
                   of_local(ALIGN));
    op_end(body);
    op_local_get(body, ALIGN);
    op_local_get(body, size);
    op_i32_wrap_i64(body);
    op_call(body, way->allocate);
}

/* ---- pass_text -------------------------------------------------------------------------------- */

enum { TEXT_PTR, TEXT_LENGTH };

/* Leaves what the host answers. */
static void ask_about_text(const fuse_code_t *code, uint32_t what) {
    op_i32_const(code->body, what | code->way->back);
    op_local_get(code->body, TEXT_PTR);
    op_local_get(code->body, TEXT_LENGTH);
    op_i32_const(code->body, 0);
    op_i32_const(code->body, 0);
    op_call(code->body, code->ask);
}

/* Goes on behind the label `host` (0) unless the string is inside the memory, valid, and not long. */
static void look_at_text(const fuse_code_t *code, uint32_t size) {
    buf_t *body = code->body;
    uint32_t at = weft_fuse_local(code, CORE_I32), end = weft_fuse_local(code, CORE_I32);
    op_local_get(body, TEXT_LENGTH);
    op_i32_const(body, LONGEST_TEXT);
    op_i32_gt_u(body);
    op_br_if(body, 0);
    weft_fuse_outside(code, code->way->from, TEXT_PTR, size);
    op_br_if(body, 0);
    op_local_get(body, TEXT_PTR);
    op_local_tee(body, at);
    op_local_get(body, TEXT_LENGTH);
    op_i32_add(body);
    op_local_set(body, end);
    weft_fuse_check_utf8(code, at, end);
}

/* From UTF-8 to UTF-8 the host is at most asked to look at a string; other encodings it passes itself. */
static void write_pass_text(const fuse_code_t *code) {
    const fuse_way_t *way = code->way;
    buf_t *body = code->body;
    if (!way->is_utf8) {
        ask_about_text(code, ASK_TEXT);
        return;
    }
    uint32_t made = weft_fuse_local(code, CORE_I32), size = weft_fuse_local(code, CORE_I64);
    push_u64(body, TEXT_LENGTH);
    op_local_set(body, size);
    op_block(body, CORE_EMPTY); /* the string is good */
    op_block(body, CORE_EMPTY); /* the host is to say */
    look_at_text(code, size);
    op_br(body, 1);
    op_end(body);
    ask_about_text(code, ASK_UTF8);
    op_drop(body);
    op_end(body);
    op_i32_const(body, 1);
    op_local_get(body, TEXT_LENGTH);
    op_call(body, way->allocate);
    op_local_tee(body, made);
    op_local_get(body, TEXT_PTR);
    op_local_get(body, TEXT_LENGTH);
    op_memory_copy(body, way->to, way->from);
    push_u64(body, made);
    op_local_get(body, size);
    op_i64_const(body, 32);
    op_i64_shl(body);
    op_i64_or(body);
}

static void write_func(fuse_code_t code, uint32_t func, void (*write)(const fuse_code_t *)) {
    code.func = func;
    code.body = weft_emit_body(code.module, func);
    write(&code);
}

void weft_fuse_write(const fuse_code_t *code) {
    const fuse_way_t *way = code->way;
    write_func(*code, way->allocate, write_allocate);
    if (way->has_pointer) write_func(*code, way->allocate_list, write_allocate_list);
    if (way->has_string) write_func(*code, way->pass_text, write_pass_text);
}

/* ---- in the fused function -------------------------------------------------------------------- */

void weft_fuse_range(const fuse_code_t *code, const layout_t *layout, uint32_t ptr,
                     uint32_t length) {
    buf_t *body = code->body;
    op_local_get(body, ptr);
    op_local_get(body, length);
    if (layout->type->kind == TYPE_STRING) {
        uint32_t both = weft_fuse_local(code, CORE_I64);
        op_call(body, code->way->pass_text);
        op_local_tee(body, both);
        op_i32_wrap_i64(body);
        op_local_set(body, ptr);
        op_local_get(body, both);
        op_i64_const(body, 32);
        op_i64_shr_u(body);
        op_i32_wrap_i64(body);
        op_local_set(body, length);
        return;
    }
    uint32_t made = weft_fuse_local(code, CORE_I32);
    op_i32_const(body, (uint32_t)layout->stride);
    op_i32_const(body, layout->element_align);
    op_call(body, code->way->allocate_list);
    op_local_set(body, made);
    weft_fuse_elements(code, layout, (fuse_place_t){ptr, 0}, (fuse_place_t){made, 0},
                       of_local(length));
    op_local_get(body, made);
    op_local_set(body, ptr);
}

static void push_address(const fuse_code_t *code, fuse_place_t place) {
    op_local_get(code->body, place.local);
    if (!place.offset) return;
    op_i32_const(code->body, place.offset);
    op_i32_add(code->body);
}

static void push_size(const fuse_code_t *code, const layout_t *layout, fuse_i32_t count) {
    weft_fuse_push(code, count);
    op_i32_const(code->body, (uint32_t)layout->stride);
    op_i32_mul(code->body);
}

static void step(const fuse_code_t *code, uint32_t local, uint64_t stride) {
    op_local_get(code->body, local);
    op_i32_const(code->body, (uint32_t)stride);
    op_i32_add(code->body);
    op_local_set(code->body, local);
}

static void copy_element(const fuse_code_t *code, const layout_t *layout, uint32_t in,
                         uint32_t out) {
    if (layout->element) {
        weft_fuse_copy(code, layout->element, (fuse_place_t){in, 0}, (fuse_place_t){out, 0});
        return;
    }
    for (uint32_t i = 0; i < layout->part_count; i++)
        weft_fuse_copy(code, layout->parts[i], (fuse_place_t){in, (uint32_t)layout->offsets[i]},
                       (fuse_place_t){out, (uint32_t)layout->offsets[i]});
}

void weft_fuse_elements(const fuse_code_t *code, const layout_t *layout, fuse_place_t from,
                        fuse_place_t to, fuse_i32_t count) {
    buf_t *body = code->body;
    if (layout->element && layout->element->is_plain) {
        push_address(code, to);
        push_address(code, from);
        push_size(code, layout, count);
        op_memory_copy(body, code->way->to, code->way->from);
        return;
    }
    uint32_t in = weft_fuse_local(code, CORE_I32), out = weft_fuse_local(code, CORE_I32);
    uint32_t end = weft_fuse_local(code, CORE_I32);
    push_address(code, from);
    op_local_tee(body, in);
    push_size(code, layout, count);
    op_i32_add(body);
    op_local_set(body, end);
    push_address(code, to);
    op_local_set(body, out);
    op_block(body, CORE_EMPTY);
    op_loop(body, CORE_EMPTY);
    op_local_get(body, in);
    op_local_get(body, end);
    op_i32_eq(body);
    op_br_if(body, 1);
    copy_element(code, layout, in, out);
    step(code, in, layout->stride);
    step(code, out, layout->stride);
    op_br(body, 0);
    op_end(body);
    op_end(body);
}
