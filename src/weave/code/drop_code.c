#include "weave/code/drop_code.h"

static bool is_dropped(const type_t *type) {
    return type->kind == TYPE_OWN || type->kind == TYPE_STREAM || type->kind == TYPE_FUTURE ||
           type->kind == TYPE_ERROR_CONTEXT;
}

static weft_error_t *drop(walker_t *walker, const layout_t *layout, place_t place) {
    const drop_code_t *code = walker->context;
    uintptr_t number = (uintptr_t)weft_map_get_ptr(&code->numbers, layout->type);
    weft_walker_read(walker, place, 0, 0, 4);
    op_call(weft_walker_body(walker), code->first + (uint32_t)number - 1);
    return NULL;
}

weft_error_t *weft_drop_code_init(drop_code_t *code, emit_t *module, const type_t *const *types,
                                  uint32_t count, uint32_t first, uint32_t memory,
                                  uint8_t address) {
    *code = (drop_code_t){.first = first,
                          .walker = {.module = module,
                                     .memory = memory,
                                     .address = address,
                                     .is_wanted = is_dropped,
                                     .visit = drop,
                                     .context = code}};
    for (uintptr_t i = 0; i < count; i++)
        TRY(weft_map_set_ptr(&code->numbers, types[i], (void *)(i + 1))); /* NOLINT: a number */
    return NULL;
}

void weft_drop_code_free(drop_code_t *code) {
    weft_walker_free(&code->walker);
    weft_map_free(&code->numbers);
}

weft_error_t *weft_drop_code_put(drop_code_t *code, uint32_t func, const layout_t *args,
                                 bool in_memory, core_sig_t sig) {
    return weft_walker_walk(&code->walker, func, args,
                            (place_t){.in_memory = in_memory, .types = sig.params});
}
