/* Component values and the start function (Binary.md, Value Definitions and Start Definitions). Validation makes sure
 * that each value is used once, so those with handles can be passed on like the arguments of the host. */
#include "runtime/direct/direct.h"
#include "runtime/direct/frame.h"
#include "support/alloc.h"
#include "value/literal.h"

static weft_error_t *new_value(direct_t *direct, rt_t *made, weft_value_t **value) {
    direct_value_t *kept = ARENA_NEW(&direct->arena, direct_value_t);
    if (!kept) return weft_error_oom();
    kept->value = weft_bool(false); /* nothing to free */
    kept->next = direct->values;
    direct->values = kept;
    *made = (rt_t){.kind = RT_VALUE, .value = &kept->value};
    *value = &kept->value;
    return NULL;
}

void weft_values_free(direct_t *direct) {
    for (direct_value_t *kept = direct->values; kept; kept = kept->next)
        weft_value_clear(&kept->value);
    direct->values = NULL;
}

weft_error_t *weft_value_define(frame_t *frame, const def_t *def, rt_t *made) {
    weft_value_t *value;
    TRY(new_value(frame->direct, made, &value));
    return weft_literal_of(def, &frame->direct->literal_room, value);
}

weft_error_t *weft_value_start(frame_t *frame, const def_t *def, rt_t *made) {
    const direct_func_t *func;
    uint32_t count = def->start.arg_count;
    weft_value_t *result;
    TRY(weft_rt_func(weft_frame_entity(frame, def->start.func), &func));
    TRY(new_value(frame->direct, made, &result));
    weft_value_t *args = weft_alloc_zero(count, sizeof *args);
    if (!args) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++)
        args[i] = *weft_frame_entity(frame, def->start.args[i])->value;
    weft_error_t *error = weft_direct_call_inside(frame, func, args, result);
    weft_free(args); /* what they point to stays the values' */
    return error;
}
