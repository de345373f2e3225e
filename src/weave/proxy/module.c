#include "weave/proxy/module.h"

#include <stdio.h>

#include "weave/code/walker.h"
#include "weave/proxy/bytes.h"

/* Where the free part begins when no call is under way: an address that is not null and aligned for everything. */
enum { FIRST = 16, ALIGN = 8 };

static const weft_str_t FROM = {"", 0};

/* ---- memory --------------------------------------------------------------------------------- */

/* Traps when the condition on the stack is not zero. */
static void trap_if(buf_t *body) {
    op_if(body, CORE_EMPTY);
    op_unreachable(body);
    op_end(body);
}

/* What to do when the condition on the stack is not zero. */
typedef void otherwise_t(buf_t *body);

static void give_null_if(buf_t *body) {
    op_if(body, CORE_EMPTY);
    op_i32_const(body, 0);
    op_return(body);
    op_end(body);
}

static void grow_to(buf_t *body, uint32_t end, uint32_t pages, otherwise_t *otherwise) {
    op_local_get(body, end);
    op_i64_const(body, 0xffff);
    op_i64_add(body);
    op_i64_const(body, 16);
    op_i64_shr_u(body);
    op_i32_wrap_i64(body);
    op_memory_size(body, 0);
    op_i32_sub(body);
    op_local_tee(body, pages);
    op_i32_const(body, 0);
    op_i32_gt_s(body);
    op_if(body, CORE_EMPTY);
    op_local_get(body, pages);
    op_memory_grow(body, 0);
    op_i32_const(body, UINT32_MAX);
    op_i32_eq(body);
    otherwise(body);
    op_end(body);
}

/* realloc(old, old_size, align, size): takes the next free bytes; what was taken last can grow where it is. Sizes with
 * the highest bit set trap: they are no list's, and a string of so many bytes would be taken for UTF-16.
 * These are its parameters and locals. */
enum { OLD, OLD_SIZE, UNUSED, SIZE, AT, END, PAGES };

/* AT and END: behind what is in use, or where the block is that was given last, which can grow in its place. */
static void find_room(buf_t *body, uint32_t free, uint32_t last) {
    op_local_get(body, OLD);
    op_global_get(body, free);
    op_local_get(body, OLD);
    op_global_get(body, last);
    op_i32_eq(body);
    op_select(body);
    op_local_set(body, AT);
    op_local_get(body, AT);
    op_i64_extend_i32_u(body);
    op_local_get(body, SIZE);
    op_i64_extend_i32_u(body);
    op_i64_add(body);
    op_i64_const(body, ALIGN); /* one more than to round up: no two share an address */
    op_i64_add(body);
    op_i64_const(body, ~(uint64_t)(ALIGN - 1));
    op_i64_and(body);
    op_local_tee(body, END);
    op_i64_const(body, 32);
    op_i64_shr_u(body);
    op_i32_wrap_i64(body);
    trap_if(body);
}

/* What was at OLD, as far as there is room for it, goes to AT. */
static void move_old(buf_t *body) {
    op_local_get(body, OLD_SIZE);
    op_i32_const(body, 0);
    op_local_get(body, AT);
    op_local_get(body, OLD);
    op_i32_ne(body);
    op_select(body);
    op_if(body, CORE_EMPTY);
    op_local_get(body, AT);
    op_local_get(body, OLD);
    op_local_get(body, OLD_SIZE);
    op_local_get(body, SIZE);
    op_local_get(body, OLD_SIZE);
    op_local_get(body, SIZE);
    op_i32_lt_u(body);
    op_select(body);
    op_memory_copy(body, 0, 0);
    op_end(body);
}

static void emit_realloc(emit_t *m, uint32_t free, uint32_t last) {
    static const uint8_t four[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32}, one = CORE_I32;
    uint32_t func = weft_emit_func(m, (core_sig_t){four, &one, 4, 1});
    weft_emit_local(m, func, CORE_I32);
    weft_emit_local(m, func, CORE_I64);
    weft_emit_local(m, func, CORE_I32);
    buf_t *body = weft_emit_body(m, func);
    op_local_get(body, SIZE);
    op_i32_const(body, 0);
    op_i32_lt_s(body);
    trap_if(body);
    find_room(body, free, last);
    grow_to(body, END, PAGES, trap_if);
    move_old(body);
    op_local_get(body, END);
    op_i32_wrap_i64(body);
    op_global_set(body, free);
    op_local_get(body, AT);
    op_global_set(body, last);
    op_local_get(body, AT);
    weft_emit_export(m, STR_LIT("r"), CORE_FUNC, func);
}

/* room(size): `size` bytes from FIRST on, where calls take nothing any more; null: there is no memory. No call is under way. */
static void emit_room(emit_t *m, uint32_t free, uint32_t first) {
    enum { WANTED, BEHIND, MORE };
    static const uint8_t one = CORE_I32;
    uint32_t func = weft_emit_func(m, (core_sig_t){&one, &one, 1, 1});
    weft_emit_local(m, func, CORE_I64);
    weft_emit_local(m, func, CORE_I32);
    buf_t *body = weft_emit_body(m, func);
    op_local_get(body, WANTED);
    op_i32_const(body, 0);
    op_i32_lt_s(body);
    trap_if(body);
    op_local_get(body, WANTED);
    op_i64_extend_i32_u(body);
    op_i64_const(body, FIRST + ALIGN - 1);
    op_i64_add(body);
    op_i64_const(body, ~(uint64_t)(ALIGN - 1));
    op_i64_and(body);
    op_local_set(body, BEHIND);
    grow_to(body, BEHIND, MORE, give_null_if);
    op_local_get(body, BEHIND);
    op_i32_wrap_i64(body);
    op_global_set(body, first);
    op_global_get(body, first);
    op_global_set(body, free);
    op_i32_const(body, FIRST);
    weft_emit_export(m, STR_LIT("room"), CORE_FUNC, func);
    weft_emit_export(m, STR_LIT("f"), CORE_GLOBAL, first);
}

weft_error_t *weft_proxy_memory_module(bool has_room, buf_t *out) {
    emit_t m = {0};
    uint32_t memory = weft_emit_memory(&m, (core_size_t){.min = 1});
    uint32_t free = weft_emit_global(&m, CORE_I32, true, FIRST);
    uint32_t last = weft_emit_global(&m, CORE_I32, true, UINT32_MAX); /* no address of ours */
    uint32_t first = has_room ? weft_emit_global(&m, CORE_I32, true, FIRST) : 0;
    weft_emit_export(&m, STR_LIT("m"), CORE_MEMORY, memory);
    weft_emit_export(&m, STR_LIT("p"), CORE_GLOBAL, free);
    emit_realloc(&m, free, last);
    if (has_room) emit_room(&m, free, first);
    return weft_emit_finish(&m, out);
}

/* ---- post-return ---------------------------------------------------------------------------- */

typedef struct post_return {
    char name[2];
    uint8_t result; /* 0: none */
} post_return_t;

static const post_return_t post_returns[] = {
    {"v", 0}, {"i", CORE_I32}, {"l", CORE_I64}, {"f", CORE_F32}, {"d", CORE_F64}};

enum { POST_RETURN_COUNT = sizeof post_returns / sizeof *post_returns };

static unsigned post_return_of(const proxy_func_t *func) {
    unsigned i = 0;
    uint8_t result = func->lift.core_result_count ? func->lift.core_results[0] : 0;
    while (post_returns[i].result != result) i++;
    return i;
}

weft_str_t weft_proxy_post_return(const proxy_func_t *func) {
    return weft_str(post_returns[post_return_of(func)].name);
}

/* ---- functions ------------------------------------------------------------------------------ */

typedef struct making {
    const proxy_module_t *proxy;
    emit_t module;
    uint32_t realloc, first_original, first_drop, first_func, not_bytes; /* functions */
    uint32_t free, first, depth;                                         /* globals */
    walker_t borrows, bytes;
} making_t;

static weft_str_t number(char space[16], const char *prefix, uint32_t k) {
    int length = snprintf(space, 16, "%s%u", prefix, k);
    return (weft_str_t){space, (size_t)length};
}

static bool uses_memory(const proxy_module_t *proxy) {
    for (uint32_t i = 0; i < proxy->func_count; i++)
        if (proxy->funcs[i]->uses_memory) return true;
    return false;
}

static void import_all(making_t *making) {
    static const uint8_t four[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32}, one = CORE_I32;
    const proxy_module_t *proxy = making->proxy;
    emit_t *m = &making->module;
    char space[16];
    if (uses_memory(proxy)) {
        weft_emit_import_memory(m, FROM, STR_LIT("m"), (core_size_t){.min = 1});
        making->realloc =
            weft_emit_import_func(m, FROM, STR_LIT("r"), (core_sig_t){four, &one, 4, 1});
        making->free = weft_emit_import_global(m, FROM, STR_LIT("p"), CORE_I32, true);
        if (proxy->has_room)
            making->first = weft_emit_import_global(m, FROM, STR_LIT("f"), CORE_I32, true);
        making->depth = weft_emit_global(m, CORE_I32, true, 0);
    }
    making->first_original = m->import_counts[CORE_FUNC];
    for (uint32_t i = 0; i < proxy->func_count; i++)
        weft_emit_import_func(m, FROM, number(space, "", i),
                              weft_abi_core_sig(&proxy->funcs[i]->lower));
    making->first_drop = m->import_counts[CORE_FUNC];
    for (uint32_t i = 0; i < proxy->drop_count; i++)
        weft_emit_import_func(m, FROM, number(space, "d", i),
                              (core_sig_t){.params = &one, .param_count = 1});
}

static void change_depth(const making_t *making, buf_t *body, uint32_t by) {
    op_global_get(body, making->depth);
    op_i32_const(body, by);
    op_i32_add(body);
    op_global_set(body, making->depth);
}

static void make_post_returns(making_t *making) {
    emit_t *m = &making->module;
    bool needed[POST_RETURN_COUNT] = {false};
    for (uint32_t i = 0; i < making->proxy->func_count; i++)
        if (making->proxy->funcs[i]->uses_memory)
            needed[post_return_of(making->proxy->funcs[i])] = true;
    for (unsigned i = 0; i < POST_RETURN_COUNT; i++) {
        const post_return_t *post_return = &post_returns[i];
        if (!needed[i]) continue;
        uint32_t func = weft_emit_func(m, (core_sig_t){.params = &post_return->result,
                                                       .param_count = post_return->result ? 1 : 0});
        buf_t *body = weft_emit_body(m, func);
        change_depth(making, body, UINT32_MAX);
        op_global_get(body, making->depth);
        op_i32_eqz(body);
        op_if(body, CORE_EMPTY);
        if (making->proxy->has_room) op_global_get(body, making->first);
        else op_i32_const(body, FIRST);
        op_global_set(body, making->free);
        op_end(body);
        weft_emit_export(m, weft_str(post_return->name), CORE_FUNC, func);
    }
}

/* A function that traps, and whose name says why. */
static void make_not_bytes(making_t *making) {
    bool needed = false;
    for (uint32_t i = 0; i < making->proxy->func_count; i++)
        needed |= making->proxy->funcs[i]->checks_bytes;
    if (!needed) return;
    making->not_bytes = weft_emit_func(&making->module, (core_sig_t){0});
    op_unreachable(weft_emit_body(&making->module, making->not_bytes));
    weft_emit_name(&making->module, making->not_bytes,
                   STR_LIT("weft: text with characters above U+00FF where bytes are passed"));
}

/* ---- what is looked for in the parameters ---- */

static bool is_borrow(const type_t *type) {
    return type->kind == TYPE_BORROW;
}

static weft_error_t *drop_borrow(walker_t *walker, const layout_t *layout, place_t place) {
    const making_t *making = walker->context;
    uintptr_t drop = (uintptr_t)weft_map_get_ptr(making->proxy->drops, layout->type->resource);
    weft_walker_read(walker, place, 0, 0, 4);
    op_call(weft_walker_body(walker), making->first_drop + (uint32_t)drop - 1);
    return NULL;
}

/* A string with characters above U+00FF is UTF-16, which is told by the highest bit of its length. */
static weft_error_t *check_bytes(walker_t *walker, const layout_t *layout, place_t place) {
    const making_t *making = walker->context;
    (void)layout;
    weft_walker_read_address(walker, place, 1, 4);
    buf_t *body = weft_walker_body(walker);
    op_i32_const(body, 0);
    op_i32_lt_s(body);
    op_if(body, CORE_EMPTY);
    op_call(body, making->not_bytes);
    op_end(body);
    return NULL;
}

static weft_error_t *walk_params(walker_t *walker, const proxy_func_t *func, uint32_t index) {
    place_t place = {.in_memory = func->lift.params_in_memory, .types = func->lift.core_params};
    return weft_walker_walk(walker, index, func->lower.params, place);
}

/* ---- */

static void call_original(making_t *making, uint32_t k, const proxy_func_t *func) {
    emit_t *m = &making->module;
    uint32_t index = making->first_func + k, result = 0;
    bool in_memory = func->lower.result_in_memory;
    if (in_memory) result = weft_emit_local(m, index, CORE_I32);
    buf_t *body = weft_emit_body(m, index);
    for (uint32_t i = 0; i < func->lift.core_param_count; i++) op_local_get(body, i);
    if (in_memory) {
        op_i32_const(body, 0);
        op_i32_const(body, 0);
        op_i32_const(body, func->lower.result->align);
        op_i32_const(body, (uint32_t)func->lower.result->size);
        op_call(body, making->realloc);
        op_local_tee(body, result);
    }
    op_call(body, making->first_original + k);
    if (in_memory) op_local_get(body, result);
}

static weft_error_t *make_func(making_t *making, uint32_t k) {
    const proxy_func_t *func = making->proxy->funcs[k];
    uint32_t index = making->first_func + k;
    if (func->uses_memory) change_depth(making, weft_emit_body(&making->module, index), 1);
    if (func->checks_bytes) TRY(walk_params(&making->bytes, func, index));
    call_original(making, k, func);
    return func->has_borrows ? walk_params(&making->borrows, func, index) : NULL;
}

static weft_error_t *make_all(making_t *making) {
    emit_t *m = &making->module;
    char space[16];
    import_all(making);
    for (uint32_t k = 0; k < making->proxy->func_count; k++) {
        uint32_t func = weft_emit_func(m, weft_abi_core_sig(&making->proxy->funcs[k]->lift));
        if (!k) making->first_func = func;
        weft_emit_export(m, number(space, "", k), CORE_FUNC, func);
    }
    make_post_returns(making);
    make_not_bytes(making);
    for (uint32_t k = 0; k < making->proxy->func_count; k++) TRY(make_func(making, k));
    return NULL;
}

weft_error_t *weft_proxy_func_module(const proxy_module_t *proxy, buf_t *out) {
    making_t making = {.proxy = proxy};
    making.borrows = (walker_t){.module = &making.module,
                                .address = CORE_I32,
                                .is_wanted = is_borrow,
                                .visit = drop_borrow,
                                .context = &making};
    making.bytes = (walker_t){.module = &making.module,
                              .address = CORE_I32,
                              .is_wanted = weft_is_bytes,
                              .visit = check_bytes,
                              .context = &making};
    weft_error_t *error = make_all(&making);
    if (error) weft_emit_free(&making.module);
    else error = weft_emit_finish(&making.module, out);
    weft_walker_free(&making.borrows);
    weft_walker_free(&making.bytes);
    return error;
}
