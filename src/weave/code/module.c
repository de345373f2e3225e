#include "weave/code/module.h"

#include <stdio.h>

#include "weave/code/drop_code.h"

/* Indices in the module that is being made. */
typedef struct weaving {
    const weave_module_t *weave;
    emit_t module;
    uint32_t before, after, gate, block; /* hook functions, as far as there are any */
    uint32_t first_drop, first_original, first_woven;
    uint32_t first_call; /* the function for the first call, when there is something to do then */
    uint32_t counter;    /* global */
    uint32_t memory;
    drop_code_t drops;
    uint32_t refusal; /* the function made last that traps with a name */
    weft_str_t refusal_text;
} weaving_t;

static const weft_str_t FROM = {"", 0};

/* ---- imports -------------------------------------------------------------------------------- */

static core_sig_t hook_sig(const weave_module_t *weave, bool has_verdict) {
    static const uint8_t by_target[] = {CORE_I32, CORE_I64};
    static const uint8_t by_name[] = {CORE_I32, CORE_I32, CORE_I32, CORE_I32, CORE_I64};
    static const uint8_t verdict = CORE_I32;
    core_sig_t sig = {by_target, &verdict, 2, has_verdict};
    if (weave->family == WEAVE_BY_NAME) {
        sig.params = by_name;
        sig.param_count = weave->without_id ? 4 : 5;
    }
    return sig;
}

/* The decimal name of the k-th function. */
static weft_str_t number(char space[12], uint32_t k) {
    int length = snprintf(space, 12, "%u", k);
    return (weft_str_t){space, (size_t)length};
}

static void import_hooks(weaving_t *w) {
    static const uint8_t i64 = CORE_I64;
    const weave_module_t *weave = w->weave;
    emit_t *m = &w->module;
    core_sig_t hook = hook_sig(weave, false);
    if (weave->before) w->before = weft_emit_import_func(m, FROM, STR_LIT("b"), hook);
    if (weave->after) w->after = weft_emit_import_func(m, FROM, STR_LIT("a"), hook);
    if (weave->gate) w->gate = weft_emit_import_func(m, FROM, STR_LIT("g"), hook_sig(weave, true));
    if (weave->takes_block)
        w->block = weft_emit_import_func(m, FROM, STR_LIT("n"),
                                         (core_sig_t){.results = &i64, .result_count = 1});
}

static void import_drops(weaving_t *w) {
    static const uint8_t handle = CORE_I32;
    char space[12];
    w->first_drop = w->module.import_counts[CORE_FUNC];
    for (uint32_t i = 0; i < w->weave->handle_count; i++) {
        int length = snprintf(space, sizeof space, "x%u", i);
        weft_emit_import_func(&w->module, FROM, (weft_str_t){space, (size_t)length},
                              (core_sig_t){.params = &handle, .param_count = 1});
    }
}

static void import_originals(weaving_t *w) {
    char space[12];
    w->first_original = w->module.import_counts[CORE_FUNC];
    for (uint32_t i = 0; i < w->weave->func_count; i++)
        weft_emit_import_func(&w->module, FROM, number(space, i), w->weave->funcs[i].sig);
}

static void make_counter(weaving_t *w) {
    emit_t *m = &w->module;
    if (w->weave->counter == WEAVE_COUNTER_IMPORTED) {
        w->counter = weft_emit_import_global(m, FROM, STR_LIT("i"), CORE_I64, true);
        return;
    }
    w->counter = weft_emit_global(m, CORE_I64, true, 0);
    if (w->weave->counter == WEAVE_COUNTER_EXPORTED)
        weft_emit_export(m, STR_LIT("i"), CORE_GLOBAL, w->counter);
}

/* ---- bodies --------------------------------------------------------------------------------- */

/* The counter is zero until the first call only: it is set to a block's start there and counts up from it
 * before any hook runs. So it tells the first call without a flag of its own, across two modules too:
 * whichever is called first does it. */
static void make_first_call(weaving_t *w) {
    if (!w->weave->takes_block) return;
    w->first_call = weft_emit_func(&w->module, (core_sig_t){0});
    buf_t *body = weft_emit_body(&w->module, w->first_call);
    op_call(body, w->block);
    op_global_set(body, w->counter);
}

static void put_count(const weaving_t *w, buf_t *body, uint32_t call) {
    if (w->first_call) {
        op_global_get(body, w->counter);
        op_i64_eqz(body);
        op_if(body, CORE_EMPTY);
        op_call(body, w->first_call);
        op_end(body);
    }
    op_global_get(body, w->counter);
    op_i64_const(body, 1);
    op_i64_add(body);
    op_local_tee(body, call);
    op_global_set(body, w->counter);
}

static void put_hook(const weaving_t *w, buf_t *body, const woven_func_t *func, uint32_t call,
                     uint32_t hook) {
    if (w->weave->family == WEAVE_BY_TARGET) {
        op_i32_const(body, func->target);
    } else {
        op_i32_const(body, func->interface_name.at);
        op_i32_const(body, func->interface_name.len);
        op_i32_const(body, func->func_name.at);
        op_i32_const(body, func->func_name.len);
    }
    if (!w->weave->without_id) op_local_get(body, call);
    op_call(body, hook);
}

/* A constant of the memory's address type. */
static void put_address(buf_t *body, uint8_t type, uint64_t value) {
    if (type == CORE_I64) op_i64_const(body, value);
    else op_i32_const(body, (uint32_t)value);
}

/* Writes the default result where the last parameter points. */
static void put_default_in_memory(const weaving_t *w, buf_t *body, const woven_func_t *func) {
    const weave_default_t *result = func->result;
    uint32_t area = func->sig.param_count - 1;
    uint8_t address = func->sig.params[area];
    op_local_get(body, area);
    op_i32_const(body, 0);
    put_address(body, address, result->size);
    op_memory_fill(body, w->memory);
    for (uint32_t i = 0; i < result->pointer_count; i++) {
        op_local_get(body, area);
        put_address(body, address, result->pointers[i].align);
        if (address == CORE_I64) op_i64_store(body, w->memory, result->pointers[i].offset);
        else op_i32_store(body, w->memory, result->pointers[i].offset);
    }
}

/* Other functions may be made on the way: the body is asked for again. */
static weft_error_t *put_skip(weaving_t *w, uint32_t index, const woven_func_t *func,
                              uint32_t refuse) {
    if (!func->can_skip) {
        buf_t *body = weft_emit_body(&w->module, index);
        op_call(body, refuse);
        op_unreachable(body);
        return NULL;
    }
    if (func->args)
        TRY(weft_drop_code_put(&w->drops, index, func->args, func->args_in_memory, func->sig));
    buf_t *body = weft_emit_body(&w->module, index);
    if (func->result) put_default_in_memory(w, body, func);
    for (uint32_t i = 0; i < func->sig.result_count; i++) weft_op_zero(body, func->sig.results[i]);
    op_return(body);
    return NULL;
}

/* verdict: 0 admit, 1 skip, 2 fail; of splicer's should-block 1 is the only other value. */
static weft_error_t *put_gate(weaving_t *w, uint32_t index, const woven_func_t *func, uint32_t call,
                              uint32_t refuse) {
    bool may_fail = w->weave->family == WEAVE_BY_TARGET && func->can_skip;
    uint32_t verdict = may_fail ? weft_emit_local(&w->module, index, CORE_I32) : 0;
    buf_t *body = weft_emit_body(&w->module, index);
    put_hook(w, body, func, call, w->gate);
    if (may_fail) op_local_tee(body, verdict);
    op_if(body, CORE_EMPTY);
    if (may_fail) {
        op_local_get(body, verdict);
        op_i32_const(body, 2);
        op_i32_eq(body);
        op_if(body, CORE_EMPTY);
        op_call(body, refuse);
        op_end(body);
    }
    TRY(put_skip(w, index, func, refuse));
    op_end(weft_emit_body(&w->module, index));
    return NULL;
}

/* A function that traps, and whose name says why, stands behind the woven ones. One serves all functions
 * with the same text in a row. */
static uint32_t make_refusal(weaving_t *w, const woven_func_t *func) {
    bool is_needed = w->weave->gate && (w->weave->family == WEAVE_BY_TARGET || !func->can_skip);
    if (!is_needed) return 0;
    if (!w->refusal || !weft_str_eq(w->refusal_text, func->refusal)) {
        w->refusal_text = func->refusal;
        w->refusal = weft_emit_func(&w->module, (core_sig_t){0});
        op_unreachable(weft_emit_body(&w->module, w->refusal));
        weft_emit_name(&w->module, w->refusal, func->refusal);
    }
    return w->refusal;
}

static weft_error_t *make_woven(weaving_t *w, uint32_t k) {
    const woven_func_t *func = &w->weave->funcs[k];
    uint32_t index = w->first_woven + k, refuse = make_refusal(w, func);
    buf_t *body = weft_emit_body(&w->module, index);
    uint32_t call = weft_emit_local(&w->module, index, CORE_I64);
    put_count(w, body, call);
    if (w->weave->before) put_hook(w, body, func, call, w->before);
    if (w->weave->gate) TRY(put_gate(w, index, func, call, refuse));
    body = weft_emit_body(&w->module, index);
    for (uint32_t i = 0; i < func->sig.param_count; i++) op_local_get(body, i);
    op_call(body, w->first_original + k);
    if (w->weave->after) put_hook(w, body, func, call, w->after);
    return NULL;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void import_all(weaving_t *w) {
    const weave_module_t *weave = w->weave;
    import_hooks(w);
    import_drops(w);
    import_originals(w);
    make_counter(w);
    if (weave->memory)
        w->memory = weft_emit_import_memory(&w->module, FROM, STR_LIT("m"), *weave->memory);
}

weft_error_t *weft_weave_module(const weave_module_t *weave, buf_t *out) {
    weaving_t w = {.weave = weave};
    emit_t *m = &w.module;
    char space[12];
    import_all(&w);
    for (uint32_t k = 0; k < weave->func_count; k++) {
        uint32_t func = weft_emit_func(m, weave->funcs[k].sig);
        if (!k) w.first_woven = func;
        weft_emit_export(m, number(space, k), CORE_FUNC, func);
    }
    make_first_call(&w);
    weft_error_t *error =
        weft_drop_code_init(&w.drops, m, weave->handles, weave->handle_count, w.first_drop,
                            w.memory, weave->memory && weave->memory->is_64 ? CORE_I64 : CORE_I32);
    for (uint32_t k = 0; k < weave->func_count && !error; k++) error = make_woven(&w, k);
    weft_drop_code_free(&w.drops);
    if (!error) return weft_emit_finish(m, out);
    weft_emit_free(m);
    return error;
}
