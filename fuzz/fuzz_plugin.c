/* Any component on the direct engine: it is refused, or starts, and its functions can be called, with random values. What
 * weft does itself when it runs a component rests on what its validation has seen. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/engine.h"
#include "runtime/plugin.h"

static bool has_handles(const func_type_t *type) {
    bool has = type->result && (type->result->has_own || type->result->has_borrow);
    for (uint32_t i = 0; i < type->param_count; i++)
        has |= type->params[i].type->has_own || type->params[i].type->has_borrow;
    return has;
}

static weft_error_t *call(weft_func_t *func, random_source_t *source) {
    const func_type_t *type = weft_func_type(func);
    value_vec_t args = {0};
    weft_value_t result = weft_bool(false);
    for (uint32_t i = 0; i < type->param_count; i++) {
        source->elements = 0;
        must(VEC_PUSH(&args, random_value(source, type->params[i].type)));
    }
    weft_error_t *error =
        weft_func_call(func, args.items, args.count, &result, weft_func_result_count(func));
    if (!error && type->result) must(weft_value_check(&result, type->result));
    weft_value_clear(&result);
    weft_value_vec_free(&args);
    return error;
}

static void call_all(weft_plugin_t *plugin, random_source_t *source) {
    const exported_funcs_t *exports = &plugin->program->exports;
    weft_error_t *error = NULL;
    for (size_t i = 0; i < exports->count && i < 8 && !error; i++) {
        func_query_t query = {false, exports->items[i].interface, exports->items[i].name};
        weft_func_t *func;
        if (has_handles(exports->items[i].type)) continue;
        error = weft_plugin_query(plugin, &query, &func);
        if (!error) error = call(func, source);
    }
    weft_error_delete(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    weft_options_t options = {
        .engine = WEFT_ENGINE_DIRECT, .deadline_ns = 100 * 1000 * 1000, .memory = 1 << 20};
    random_source_t source = {.state = size};
    weft_plugin_t *plugin = NULL;
    weft_error_t *error = weft_plugin_read(engine, (weft_bytes_t){data, size}, &options, &plugin);
    if (!error) plugin->direct->room = 1 << 24;
    if (!error) error = weft_plugin_start(plugin);
    if (!error) call_all(plugin, &source);
    if (error && weft_error_code(error) == WEFT_INTERNAL) must(error);
    weft_error_delete(error);
    weft_plugin_delete(plugin);
    return 0;
}
