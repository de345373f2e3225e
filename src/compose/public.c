/* <weft/compose.h> */
#include <weft/compose.h>

#include "component/public.h"
#include "compose/compose.h"
#include "support/alloc.h"

static weft_error_t *compose(const compose_options_t *options, weft_component_t **result) {
    compose_t *made;
    TRY(weft_compose_new(options, &made));
    weft_error_t *error = weft_component_of(made->document, result);
    weft_compose_delete(made);
    return error;
}

weft_error_t *weft_compose(const weft_part_t *parts, size_t part_count, const char *const *exports,
                           size_t export_count, weft_component_t **result) {
    compose_input_t *inputs = weft_alloc_zero(part_count, sizeof *inputs);
    weft_str_t *names = weft_alloc_zero(export_count, sizeof *names);
    weft_error_t *error = inputs && names ? NULL : weft_error_oom();
    for (size_t i = 0; i < part_count && !error; i++) {
        weft_str_t name = weft_str(parts[i].name);
        inputs[i] = (compose_input_t){name, name, parts[i].component->bytes};
    }
    for (size_t i = 0; i < export_count && !error; i++) names[i] = weft_str(exports[i]);
    compose_options_t options = {.inputs = inputs,
                                 .input_count = part_count,
                                 .exports = names,
                                 .export_count = export_count};
    if (!error) error = compose(&options, result);
    weft_free(inputs);
    weft_free(names);
    return error;
}
