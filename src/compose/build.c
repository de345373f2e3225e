/* The definitions of the result: imports, components, instances. */
#include "component/edit/build.h"

#include "compose/compose.h"

static weft_error_t *build_imports(compose_t *compose) {
    transplant_t transplant = {.to = compose->document->root};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < compose->leftovers.count && !error; i++) {
        leftover_t *left = compose->leftovers.items[i];
        error = weft_transplant_imports(&transplant, left->imports.items, left->imports.count,
                                        left->full, left->name, &left->import);
    }
    weft_transplant_free(&transplant);
    return error;
}

/* ---- units ---------------------------------------------------------------------------------- */

def_t *weft_compose_offered(builder_t *b, offer_t *offer) {
    if (!offer->alias)
        offer->alias =
            weft_build_alias(b, (sort_t)offer->export_->sort, offer->unit->instance, offer->name);
    return offer->alias;
}

static weft_error_t *build_unit(compose_t *compose, builder_t *b, unit_t *unit) {
    named_def_t *args = ARENA_ARRAY(&compose->document->arena, named_def_t, unit->want_count);
    if (!args) return weft_error_oom();
    for (uint32_t i = 0; i < unit->want_count; i++) {
        const want_t *want = &unit->wants[i];
        args[i] = weft_named(want->name, want->offer ? weft_compose_offered(b, want->offer)
                                                     : want->leftover->import);
    }
    TRY(b->error);
    if (!unit->component->next && !unit->component->prev)
        weft_def_insert(b->scope, NULL, unit->component);
    unit->instance = weft_build_instance(b, unit->component, args, unit->want_count);
    if (unit->instance) unit->instance->name = unit->name;
    return b->error;
}

/* ---- all ------------------------------------------------------------------------------------ */

weft_error_t *weft_compose_build(compose_t *compose) {
    builder_t b = {.scope = compose->document->root};
    TRY(build_imports(compose));
    for (size_t i = 0; i < compose->order.count; i++)
        TRY(build_unit(compose, &b, compose->order.items[i]));
    return NULL;
}
