#include "compose/compose.h"

#include "support/alloc.h"

void weft_compose_delete(compose_t *compose) {
    if (!compose) return;
    for (size_t i = 0; i < compose->leftovers.count; i++)
        VEC_FREE(&compose->leftovers.items[i]->imports);
    VEC_FREE(&compose->order);
    VEC_FREE(&compose->leftovers);
    VEC_FREE(&compose->exports);
    weft_map_free(&compose->offers_by_base);
    weft_map_free(&compose->leftovers_by_base);
    weft_type_pool_delete(compose->pool);
    weft_document_delete(compose->document);
    weft_free(compose);
}

static weft_error_t *work(compose_t *compose) {
    TRY(weft_document_new(&compose->document));
    TRY(weft_compose_read(compose));
    TRY(weft_compose_wire(compose));
    TRY(weft_compose_leave(compose));
    TRY(weft_compose_build(compose));
    TRY(weft_compose_check(compose));
    TRY(weft_compose_export(compose));
    TRY(weft_compose_check_result(compose));
    return weft_document_stamp(compose->document);
}

weft_error_t *weft_compose_new(const compose_options_t *options, compose_t **compose) {
    compose_t *c = weft_alloc_zero(1, sizeof *c);
    if (!c) return weft_error_oom();
    c->options = options;
    weft_error_t *error = work(c);
    if (error) {
        weft_compose_delete(c);
        return error;
    }
    *compose = c;
    return NULL;
}

unit_t *weft_compose_unit(const compose_t *compose, weft_str_t name) {
    for (size_t i = 0; i < compose->unit_count; i++)
        if (weft_str_eq(compose->units[i].name, name)) return &compose->units[i];
    return NULL;
}
