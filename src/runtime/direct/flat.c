/* Calls without weft_value_t: scalars are core values, strings and byte lists an address and a length. Nothing is
 * allocated but the room for a result, which is kept for the next call. */
#include "abi/copy.h"
#include "abi/text.h"
#include "runtime/direct/call.h"
#include "runtime/direct/direct.h"
#include "runtime/direct/host_values.h"
#include "support/utf8.h"

/* ---- which functions -------------------------------------------------------------------------- */

static bool is_scalar(const layout_t *layout) {
    type_kind_t kind = layout->type->kind;
    return kind <= TYPE_CHAR || kind == TYPE_ENUM || kind == TYPE_FLAGS;
}

static bool is_bytes(const layout_t *layout) {
    if (layout->type->kind == TYPE_STRING) return true;
    return layout->type->kind == TYPE_LIST && layout->element &&
           layout->element->type->kind == TYPE_U8;
}

/* The kind of value that it is; WEFT_BOOL: none of these. */
static uint8_t number_of(const layout_t *layout) {
    switch (layout->type->kind) {
    case TYPE_S32: return WEFT_S32;
    case TYPE_U32: return WEFT_U32;
    case TYPE_S64: return WEFT_S64;
    case TYPE_U64: return WEFT_U64;
    case TYPE_F32: return WEFT_F32;
    case TYPE_F64: return WEFT_F64;
    default: return WEFT_BOOL;
    }
}

static bool are_numbers(const abi_func_t *abi, numbers_t *numbers) {
    numbers->result = abi->result ? number_of(abi->result) : WEFT_U32;
    bool all = numbers->result != WEFT_BOOL;
    for (uint32_t i = 0; i < abi->params->part_count && all; i++) {
        numbers->params[i] = number_of(abi->params->parts[i]);
        all = numbers->params[i] != WEFT_BOOL;
    }
    return all;
}

static flat_kind_t kind_of(const abi_func_t *abi) {
    flat_kind_t kind = FLAT_SCALARS;
    if (abi->params_in_memory) return FLAT_NOT;
    for (uint32_t i = 0; i <= abi->params->part_count; i++) {
        const layout_t *layout = i ? abi->params->parts[i - 1] : abi->result;
        if (!layout || is_scalar(layout)) continue;
        if (!is_bytes(layout)) return FLAT_NOT;
        kind = FLAT_BYTES;
    }
    return kind;
}

void weft_direct_flat(direct_func_t *func) {
    func->flat = kind_of(&func->abi);
    if (func->flat == FLAT_SCALARS && are_numbers(&func->abi, &func->numbers))
        func->flat = FLAT_NUMBERS;
}

/* ---- arguments -------------------------------------------------------------------------------- */

static weft_error_t *is_none(const direct_func_t *func, uint32_t param) {
    return weft_error_new(WEFT_MISMATCH, "the argument `%.*s` is none of its type",
                          STR_ARG(func->type->params[param].name));
}

static weft_str_t str_of(const flat_t *flat) {
    return (weft_str_t){(const char *)(uintptr_t)flat->bits, (size_t)flat->length};
}

static bool is_good(const layout_t *bytes, const flat_t *flat) {
    return bytes->type->kind != TYPE_STRING || weft_utf8_valid(str_of(flat));
}

static weft_error_t *lower_bytes(const transfer_t *transfer, const layout_t *layout,
                                 const flat_t *arg, flat_t *out) {
    weft_str_t bytes = str_of(arg);
    weft_value_t value = layout->type->kind == TYPE_STRING ? weft_string_of(bytes)
                                                           : weft_byte_list(bytes.ptr, bytes.len);
    return weft_value_lower(transfer, layout, &value, out);
}

/* Everything that can be wrong, before anything runs; scalars are cut to their width. */
static weft_error_t *check_args(const direct_func_t *func, flat_t *values) {
    const layout_t *params = func->abi.params;
    for (uint32_t i = 0; i < params->part_count; i++) {
        const layout_t *layout = params->parts[i];
        if (func->flat == FLAT_BYTES && is_bytes(layout)) {
            if (!is_good(layout, &values[i])) return is_none(func, i);
            continue;
        }
        weft_error_t *error = weft_abi_scalar(layout, values[i].bits, &values[i].bits);
        if (!error) continue;
        weft_error_delete(error);
        return is_none(func, i);
    }
    return NULL;
}

static weft_error_t *lower_args(const direct_func_t *func, abi_side_t *side, const flat_t *args,
                                flat_t *out) {
    const layout_t *params = func->abi.params;
    transfer_t transfer = {NULL, side};
    for (uint32_t i = 0; i < params->part_count; i++) {
        const layout_t *layout = params->parts[i];
        if (!is_bytes(layout)) {
            *out++ = args[i];
            continue;
        }
        TRY(lower_bytes(&transfer, layout, &args[i], out));
        out += 2;
    }
    return NULL;
}

/* ---- the result ------------------------------------------------------------------------------- */

static weft_error_t *take_text(abi_side_t *side, uint64_t ptr, uint64_t length, buf_t *room) {
    text_t text;
    TRY(weft_text_load(side, ptr, length, true, &text));
    size_t size = (size_t)weft_text_utf8_size(&text);
    if (!weft_buf_reserve(room, size)) return weft_error_oom();
    weft_text_utf8(&text, (char *)room->data);
    room->len = size;
    return NULL;
}

static weft_error_t *take_bytes(abi_side_t *side, uint64_t ptr, uint64_t length, buf_t *room) {
    TRY(weft_abi_check_list(side, ptr, length, 1, 1, true));
    if (!weft_buf_reserve(room, (size_t)length)) return weft_error_oom();
    if (length) memcpy(room->data, weft_side_at(side, ptr), (size_t)length);
    room->len = (size_t)length;
    return NULL;
}

/* `values` are the core results. */
static weft_error_t *take_result(const direct_func_t *func, abi_side_t *side, const flat_t *values,
                                 flat_t *result, buf_t *room) {
    const layout_t *layout = func->abi.result;
    if (!is_bytes(layout)) return weft_abi_scalar(layout, values[0].bits, &result->bits);
    uint64_t at = weft_flat_pointer(side, values);
    TRY(weft_abi_check_range(side, at, layout->align, layout->size));
    uint64_t ptr = weft_side_load_pointer(side, at);
    uint64_t length = weft_side_load_pointer(side, at + side->pointer_size);
    room->len = 0;
    room->failed = false;
    TRY(layout->type->kind == TYPE_STRING ? take_text(side, ptr, length, room)
                                          : take_bytes(side, ptr, length, room));
    *result = (flat_t){(uint64_t)(uintptr_t)room->data, room->len};
    return NULL;
}

/* ---- calls ------------------------------------------------------------------------------------ */

static weft_error_t *run_scalars(visit_t *visit, const direct_func_t *func, flat_t *values) {
    const abi_func_t *abi = &func->abi;
    uint64_t result = 0;
    size_t room = abi->core_param_count ? abi->core_param_count : 1;
    TRY(weft_frame_enter(func->frame, NULL));
    TRY(weft_core_call_in(visit, false, func->frame->direct, &func->core, values, room));
    if (abi->result && func->flat == FLAT_NUMBERS)
        result = weft_number_bits(func->numbers.result, values[0].bits);
    else if (abi->result) TRY(weft_abi_scalar(abi->result, values[0].bits, &result));
    TRY(weft_func_post_return(func, values));
    weft_frame_leave(func->frame, NULL);
    values[0].bits = result;
    return NULL;
}

/* As in direct.c, what is not the guest's fault comes back in *lack. */
static weft_error_t *run_bytes(const direct_func_t *func, flat_t *values, buf_t *room,
                               weft_error_t **lack) {
    flat_t core[ABI_MAX_FLAT_PARAMS + 1], result = {0, 0};
    side_t side;
    weft_side_begin(&side, func->frame, &func->options, NULL);
    core[0].bits = 0;
    TRY(weft_frame_enter(func->frame, NULL));
    weft_error_t *error = lower_args(func, &side.abi, values, core);
    if (weft_side_refused(&side, error)) {
        weft_frame_leave(func->frame, NULL);
        *lack = error;
        return NULL;
    }
    if (error) return error;
    TRY(weft_core_call(func->frame->direct, &func->core, core, ABI_MAX_FLAT_PARAMS + 1));
    weft_side_forget(&side.abi);
    if (func->abi.result) error = take_result(func, &side.abi, core, &result, room);
    if (error && weft_error_code(error) != WEFT_NO_MEMORY) return error;
    *lack = error;
    TRY(weft_func_post_return(func, core));
    weft_frame_leave(func->frame, NULL);
    values[0] = result;
    return NULL;
}

weft_error_t *weft_direct_call_scalars(direct_t *direct, const direct_func_t *func,
                                       flat_t *values) {
    visit_t visit;
    TRY(weft_guard_enter(&direct->guard, &visit));
    weft_error_t *error = weft_guard_check_spent(&direct->guard);
    if (!error) {
        error = run_scalars(&visit, func, values);
        if (error) weft_guard_spend(&direct->guard, error);
    }
    weft_guard_leave(&visit);
    return error;
}

/* It is visited. */
static weft_error_t *call_bytes(direct_t *direct, const direct_func_t *func, flat_t *values,
                                buf_t *room) {
    weft_error_t *lack = NULL;
    TRY(weft_guard_check_spent(&direct->guard));
    weft_error_t *error = run_bytes(func, values, room, &lack);
    if (!error) return lack;
    weft_guard_spend(&direct->guard, error);
    weft_error_delete(lack);
    return error;
}

/* As call_passed_on in direct.c. */
static weft_error_t *call_passed_on(direct_t *direct, const direct_func_t *func, flat_t *values,
                                    buf_t *room) {
    visit_t visit;
    TRY(weft_direct_enter(direct, &visit));
    weft_error_t *error = weft_direct_call_flat(func->frame->direct, func, values, room);
    weft_guard_leave(&visit);
    return error;
}

weft_error_t *weft_direct_call_checked(direct_t *direct, const direct_func_t *func, flat_t *values,
                                       buf_t *room) {
    visit_t visit;
    if (func->frame->direct != direct) return call_passed_on(direct, func, values, room);
    TRY(check_args(func, values));
    if (func->flat == FLAT_SCALARS) return weft_direct_call_scalars(direct, func, values);
    TRY(weft_guard_enter(&direct->guard, &visit));
    weft_error_t *error = call_bytes(direct, func, values, room);
    weft_guard_leave(&visit);
    return error;
}
