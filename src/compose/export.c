/* The exports of the result. A function that goes out by itself, not in an interface, may mention types that its
 * unit exports by themselves as well: its type is written anew in terms of the result's exports of these. */
#include "component/ascribe.h"
#include "compose/compose.h"
#include "support/nearest.h"

/* ---- which ---------------------------------------------------------------------------------- */

static bool is_selected(const compose_t *compose, const unit_t *unit) {
    const compose_options_t *options = compose->options;
    for (size_t i = 0; i < options->export_count; i++)
        if (weft_str_eq(options->exports[i], unit->name)) return true;
    return false;
}

/* Whether some function or value of the unit, outside of any interface, goes out. */
static bool has_bare_export(const unit_t *unit) {
    for (uint32_t i = 0; i < unit->offer_count; i++) {
        sort_t sort = (sort_t)unit->offers[i].export_->sort;
        if (!unit->offers[i].taken && (sort == SORT_FUNC || sort == SORT_VALUE)) return true;
    }
    return false;
}

/* A type that a unit exports by itself goes out with the functions that may mention it. */
static bool is_wanted(const compose_t *compose, const unit_t *unit, const offer_t *offer) {
    if (compose->options->export_count) return is_selected(compose, unit);
    return !offer->taken || (offer->export_->sort == SORT_TYPE && has_bare_export(unit));
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
            if (!is_wanted(compose, unit, offer)) continue;
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

/* ---- making them ---------------------------------------------------------------------------- */

/* Exports come unit by unit, types of a unit before what may mention them (they do in the unit). */
static weft_error_t *build_export(compose_t *compose, ascribe_t *ascribe, offer_t *offer) {
    builder_t *b = ascribe->builder;
    def_t *source = weft_compose_offered(b, offer), *func_type = NULL, *def;
    extern_type_t type;
    TRY(b->error);
    TRY(weft_typing_def(compose->pool, source, &type));
    if (type.sort == SORT_FUNC && weft_ascribe_needed(ascribe, type.type))
        TRY(weft_ascribe_func(ascribe, type.type, &func_type));
    def = weft_build_export(b, offer->name, source);
    TRY(b->error);
    def->export_.name = offer->export_->export_.name;
    if (func_type) {
        def->export_.has_desc = true;
        def->export_.desc = (extern_desc_t){.sort = SORT_FUNC, .type = func_type};
    }
    return type.sort == SORT_TYPE ? weft_ascribe_name(ascribe, type.type, def) : NULL;
}

/* What cannot be exported is named. */
static weft_error_t *explain(const offer_t *offer, weft_error_t *error) {
    if (weft_error_code(error) != WEFT_UNSUPPORTED) return error;
    return weft_error_with_note(error, "the function '%.*s' of '%.*s' mentions it",
                                STR_ARG(offer->name), STR_ARG(offer->unit->name));
}

weft_error_t *weft_compose_export(compose_t *compose) {
    builder_t b = {.scope = compose->document->root};
    ascribe_t ascribe = {.builder = &b};
    weft_error_t *error = select_exports(compose);
    for (size_t i = 0; i < compose->exports.count && !error; i++)
        error = explain(compose->exports.items[i],
                        build_export(compose, &ascribe, compose->exports.items[i]));
    weft_ascribe_free(&ascribe);
    return error;
}
