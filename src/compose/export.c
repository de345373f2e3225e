/* The exports of the result. A function that goes out by itself, not in an interface, may mention types that its
 * unit exports by themselves as well: its type is written anew in terms of the result's exports of these. */
#include "component/edit/ascribe.h"
#include "component/types/typing.h"
#include "compose/compose.h"
#include "support/alloc.h"
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

/* ---- what they lean on ----------------------------------------------------------------------
 *
 * An interface may mention a named type only as it exports it itself or as the result does (Explainer.md, External
 * Visibility of Types). Types of an interface that was consumed have no name on the outside, so that interface
 * goes out as well, ahead of those that mention them. */

typedef struct lean {
    compose_t *compose;
    map_t owners; /* ctype_t* -> the consumed offer whose interface names it */
    map_t own;    /* ctype_t*: named by the interface that is looked at */
    map_t seen;   /* ctype_t* that were looked at */
    map_t added;  /* offer_t* that go out */
    VEC(offer_t *) order;
} lean_t;

static weft_error_t *type_of(compose_t *compose, offer_t *offer, extern_type_t *type) {
    builder_t b = {.scope = compose->document->root};
    def_t *def = weft_compose_offered(&b, offer);
    TRY(b.error);
    return weft_typing_def(compose->pool, def, type);
}

static weft_error_t *own_types(lean_t *lean, offer_t *offer) {
    extern_type_t type;
    if (!offer->taken || offer->export_->sort != SORT_INSTANCE) return NULL;
    TRY(type_of(lean->compose, offer, &type));
    const extern_list_t *exports = &type.type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const ctype_t *named = exports->items[i].type.type;
        if (exports->items[i].type.sort != SORT_TYPE || weft_map_get_ptr(&lean->owners, named))
            continue;
        TRY(weft_map_set_ptr(&lean->owners, named, offer));
    }
    return NULL;
}

/* A type as a part of something: by a name, or through its own parts. */
static weft_error_t *look_at(lean_t *lean, const ctype_t *type) {
    if (!type || weft_map_get_ptr(&lean->own, type) || weft_map_get_ptr(&lean->seen, type))
        return NULL;
    TRY(weft_map_set_ptr(&lean->seen, type, lean));
    offer_t *owner = weft_map_get_ptr(&lean->owners, type);
    if (owner) return VEC_PUSH(&lean->order, owner);
    if (type->kind != CTYPE_VALUE) return NULL;
    for (uint32_t i = 0; i < type->value.part_count; i++) TRY(look_at(lean, type->value.parts[i]));
    return NULL;
}

static weft_error_t *look_into(lean_t *lean, const extern_type_t *type) {
    const ctype_t *t = type->type;
    if (!t) return NULL;
    if (t->kind == CTYPE_FUNC) {
        for (uint32_t i = 0; i < t->func.type->param_count; i++)
            TRY(look_at(lean, t->func.params[i]));
        return look_at(lean, t->func.result);
    }
    for (uint32_t i = 0; t->kind == CTYPE_VALUE && i < t->value.part_count; i++)
        TRY(look_at(lean, t->value.parts[i]));
    return NULL;
}

/* Leaves the offers that the interface leans on at the end of lean->order. */
static weft_error_t *look_at_interface(lean_t *lean, offer_t *offer) {
    extern_type_t type;
    if (offer->export_->sort != SORT_INSTANCE) return NULL; /* bare ones are ascribed */
    TRY(type_of(lean->compose, offer, &type));
    const extern_list_t *exports = &type.type->instance.exports;
    weft_map_free(&lean->own);
    weft_map_free(&lean->seen);
    for (uint32_t i = 0; i < exports->count; i++)
        if (exports->items[i].type.sort == SORT_TYPE)
            TRY(weft_map_set_ptr(&lean->own, exports->items[i].type.type, lean));
    for (uint32_t i = 0; i < exports->count; i++) TRY(look_into(lean, &exports->items[i].type));
    return NULL;
}

static weft_error_t *add_offer(lean_t *lean, offer_t *offer) {
    if (weft_map_get_ptr(&lean->added, offer)) return NULL;
    TRY(weft_map_set_ptr(&lean->added, offer, offer));
    size_t first = lean->order.count;
    TRY(look_at_interface(lean, offer));
    for (size_t i = first, end = lean->order.count; i < end; i++)
        TRY(add_offer(lean, lean->order.items[i]));
    lean->order.count = first;
    for (size_t i = 0; i < lean->compose->exports.count; i++)
        if (weft_str_eq(lean->compose->exports.items[i]->name, offer->name))
            return two_exports(lean->compose->exports.items[i], offer);
    return VEC_PUSH(&lean->compose->exports, offer);
}

static weft_error_t *add_all(lean_t *lean, offer_t *const *wanted, size_t count) {
    compose_t *compose = lean->compose;
    for (size_t i = 0; i < compose->order.count; i++)
        for (uint32_t k = 0; k < compose->order.items[i]->offer_count; k++)
            TRY(own_types(lean, &compose->order.items[i]->offers[k]));
    for (size_t i = 0; i < count; i++) TRY(add_offer(lean, wanted[i]));
    return NULL;
}

static weft_error_t *add_leaned_on(compose_t *compose) {
    lean_t lean = {.compose = compose};
    offer_t **wanted = compose->exports.items;
    size_t count = compose->exports.count;
    compose->exports.items = NULL;
    compose->exports.count = compose->exports.capacity = 0;
    weft_error_t *error = add_all(&lean, wanted, count);
    weft_free(wanted);
    weft_map_free(&lean.owners);
    weft_map_free(&lean.own);
    weft_map_free(&lean.seen);
    weft_map_free(&lean.added);
    VEC_FREE(&lean.order);
    return error;
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
    if (!error) error = add_leaned_on(compose);
    for (size_t i = 0; i < compose->exports.count && !error; i++)
        error = explain(compose->exports.items[i],
                        build_export(compose, &ascribe, compose->exports.items[i]));
    weft_ascribe_free(&ascribe);
    return error;
}
