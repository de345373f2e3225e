/* The definitions of the result: imports, components, instances, exports. */
#include "component/build.h"

#include "compose/compose.h"
#include "support/alloc.h"
#include "support/nearest.h"

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

static def_t *offered(builder_t *b, offer_t *offer) {
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
        args[i] =
            weft_named(want->name, want->offer ? offered(b, want->offer) : want->leftover->import);
    }
    TRY(b->error);
    if (!unit->component->next && !unit->component->prev)
        weft_def_insert(b->scope, NULL, unit->component);
    unit->instance = weft_build_instance(b, unit->component, args, unit->want_count);
    if (unit->instance) unit->instance->name = unit->name;
    return b->error;
}

/* ---- exports -------------------------------------------------------------------------------- */

static bool is_selected(const compose_t *compose, const unit_t *unit) {
    const compose_options_t *options = compose->options;
    for (size_t i = 0; i < options->export_count; i++)
        if (weft_str_eq(options->exports[i], unit->name)) return true;
    return false;
}

static weft_error_t *unknown_unit(const compose_t *compose, weft_str_t name) {
    nearest_t nearest = {0};
    for (size_t i = 0; i < compose->unit_count; i++)
        weft_nearest_offer(&nearest, name, compose->units[i].name);
    weft_error_t *error = weft_error_new(
        WEFT_NOT_FOUND, "no component is named '%.*s', so it cannot be exported", STR_ARG(name));
    if (!nearest.best.len) return error;
    return weft_error_with_note(error, "the nearest one is '%.*s'", STR_ARG(nearest.best));
}

static weft_error_t *two_exports(const offer_t *first, const offer_t *second) {
    weft_error_t *error =
        weft_error_new(WEFT_INVALID, "two components export '%.*s', and nothing consumes it",
                       STR_ARG(second->name));
    error = weft_error_with_note(error, "they are '%.*s' and '%.*s'", STR_ARG(first->unit->name),
                                 STR_ARG(second->unit->name));
    return weft_error_with_help(error, "choose whose exports the result has: --export %.*s",
                                STR_ARG(first->unit->name));
}

static weft_error_t *select_exports(compose_t *compose) {
    weft_error_t *errors = NULL;
    map_t seen = {0};
    for (size_t i = 0; i < compose->options->export_count; i++) {
        weft_str_t name = compose->options->exports[i];
        if (!weft_compose_unit(compose, name))
            errors = weft_error_join(errors, unknown_unit(compose, name));
    }
    for (size_t i = 0; i < compose->unit_count; i++) {
        unit_t *unit = &compose->units[i];
        for (uint32_t k = 0; k < unit->offer_count; k++) {
            offer_t *offer = &unit->offers[k];
            bool wanted =
                compose->options->export_count ? is_selected(compose, unit) : !offer->taken;
            if (!wanted) continue;
            const offer_t *first = weft_map_get(&seen, offer->name);
            weft_error_t *error =
                first ? two_exports(first, offer) : weft_map_set(&seen, offer->name, offer);
            if (!error) error = VEC_PUSH(&compose->exports, offer);
            errors = weft_error_join(errors, error);
        }
    }
    weft_map_free(&seen);
    return errors;
}

static weft_error_t *build_export(builder_t *b, offer_t *offer) {
    def_t *def = weft_build_export(b, offer->name, offered(b, offer));
    if (def) def->export_.name = offer->export_->export_.name;
    return b->error;
}

/* ---- all ------------------------------------------------------------------------------------ */

weft_error_t *weft_compose_build(compose_t *compose) {
    builder_t b = {.scope = compose->document->root};
    TRY(select_exports(compose));
    TRY(build_imports(compose));
    for (size_t i = 0; i < compose->order.count; i++)
        TRY(build_unit(compose, &b, compose->order.items[i]));
    for (size_t i = 0; i < compose->exports.count; i++)
        TRY(build_export(&b, compose->exports.items[i]));
    return NULL;
}
