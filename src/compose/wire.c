/* Which offer meets which want, and the order in which the units are instantiated. */
#include "compose/compose.h"
#include "support/nearest.h"
#include "support/version.h"

static bool same_sort(const want_t *want, const offer_t *offer) {
    return want->import->sort == offer->export_->sort;
}

static offer_t *offers_of(const compose_t *compose, const want_t *want) {
    return weft_map_get(&compose->offers_by_base, want->base);
}

/* ---- by hand -------------------------------------------------------------------------------- */

static weft_error_t *unknown_unit(const compose_t *compose, weft_str_t name) {
    nearest_t nearest = {0};
    for (size_t i = 0; i < compose->unit_count; i++)
        weft_nearest_offer(&nearest, name, compose->units[i].name);
    weft_error_t *error =
        weft_error_new(WEFT_NOT_FOUND, "no component is named '%.*s'", STR_ARG(name));
    if (nearest.best.len)
        return weft_error_with_note(error, "the nearest one is '%.*s'", STR_ARG(nearest.best));
    buf_t names = {0};
    for (size_t i = 0; i < compose->unit_count; i++)
        weft_buf_printf(&names, i ? ", %.*s" : "%.*s", STR_ARG(compose->units[i].name));
    error = weft_error_with_note(error, "there are: %.*s", STR_ARG(weft_buf_as_str(&names)));
    weft_buf_free(&names);
    return error;
}

static weft_error_t *no_such_import(const unit_t *unit, weft_str_t name) {
    nearest_t nearest = {0};
    for (uint32_t i = 0; i < unit->want_count; i++)
        weft_nearest_offer(&nearest, name,
                           memchr(name.ptr, '@', name.len) ? unit->wants[i].name
                                                           : unit->wants[i].base);
    weft_error_t *error = weft_error_new(WEFT_NOT_FOUND, "'%.*s' does not import '%.*s'",
                                         STR_ARG(unit->name), STR_ARG(name));
    if (!nearest.best.len) return error;
    return weft_error_with_note(error, "the nearest import is '%.*s'", STR_ARG(nearest.best));
}

static weft_error_t *no_such_export(const unit_t *unit, const want_t *want) {
    nearest_t nearest = {0};
    for (uint32_t i = 0; i < unit->offer_count; i++)
        weft_nearest_offer(&nearest, want->name, unit->offers[i].name);
    weft_error_t *error = weft_error_new(WEFT_NOT_FOUND, "'%.*s' does not export '%.*s'",
                                         STR_ARG(unit->name), STR_ARG(want->name));
    if (!nearest.best.len) return error;
    return weft_error_with_note(error, "the nearest export is '%.*s'", STR_ARG(nearest.best));
}

/* A unit's offer for a want: the same version, else the highest, whether it goes together or not: the types
 * will tell. */
static offer_t *offer_of_unit(const compose_t *compose, const want_t *want, const unit_t *unit) {
    offer_t *best = NULL;
    for (offer_t *offer = offers_of(compose, want); offer; offer = offer->next_same_base) {
        if (offer->unit != unit || !same_sort(want, offer)) continue;
        if (weft_str_eq(offer->version, want->version)) return offer;
        if (!best || weft_version_newer(offer->version, best->version)) best = offer;
    }
    return best;
}

static weft_error_t *wire_by_hand(compose_t *compose, const compose_wire_t *wire) {
    unit_t *unit = weft_compose_unit(compose, wire->unit);
    if (!unit) return unknown_unit(compose, wire->unit);
    const unit_t *provider = weft_compose_unit(compose, wire->provider);
    if (!provider && !weft_str_eq(wire->provider, STR_LIT("host")))
        return unknown_unit(compose, wire->provider);
    bool found = false;
    for (uint32_t i = 0; i < unit->want_count; i++) {
        want_t *want = &unit->wants[i];
        if (!weft_str_eq(want->name, wire->import) && !weft_str_eq(want->base, wire->import))
            continue;
        found = true;
        want->by_hand = true;
        want->offer = provider ? offer_of_unit(compose, want, provider) : NULL;
        if (provider && !want->offer) return no_such_export(provider, want);
    }
    return found ? NULL : no_such_import(unit, wire->import);
}

/* ---- by name -------------------------------------------------------------------------------- */

/* What meets a want, if one unit does; `rivals` is how many units do. Equal versions go before others that go
 * together; of those one unit's highest is taken. */
static offer_t *choose(const compose_t *compose, const want_t *want, bool exact, size_t *rivals) {
    offer_t *best = NULL;
    *rivals = 0;
    for (offer_t *offer = offers_of(compose, want); offer; offer = offer->next_same_base) {
        if (offer->unit == want->unit || !same_sort(want, offer)) continue;
        bool fits = exact ? weft_str_eq(offer->version, want->version)
                          : weft_version_compatible(offer->version, want->version);
        if (!fits) continue;
        if (!best || best->unit != offer->unit) ++*rivals;
        if (!best || best->unit != offer->unit || weft_version_newer(offer->version, best->version))
            best = offer;
    }
    return best;
}

static weft_error_t *ambiguous(const compose_t *compose, const want_t *want, bool exact) {
    weft_error_t *error =
        weft_error_new(WEFT_INVALID, "several components export '%.*s', which '%.*s' imports",
                       STR_ARG(want->name), STR_ARG(want->unit->name));
    /* the offers are linked last first */
    for (size_t i = 0; i < compose->unit_count; i++) {
        const unit_t *unit = &compose->units[i];
        for (uint32_t k = 0; k < unit->offer_count && unit != want->unit; k++) {
            const offer_t *offer = &unit->offers[k];
            if (!weft_str_eq(offer->base, want->base) || !same_sort(want, offer)) continue;
            bool fits = exact ? weft_str_eq(offer->version, want->version)
                              : weft_version_compatible(offer->version, want->version);
            if (fits)
                error = weft_error_with_note(error, "'%.*s' exports '%.*s'", STR_ARG(unit->name),
                                             STR_ARG(offer->name));
        }
    }
    return weft_error_with_help(error, "choose one: --wire %.*s:%.*s=NAME",
                                STR_ARG(want->unit->name), STR_ARG(want->name));
}

static weft_error_t *wire_by_name(compose_t *compose, want_t *want) {
    bool exact = true;
    size_t rivals;
    offer_t *offer = choose(compose, want, true, &rivals);
    if (!offer) {
        exact = false;
        offer = choose(compose, want, false, &rivals);
    }
    if (rivals > 1) return ambiguous(compose, want, exact);
    want->offer = offer;
    return NULL;
}

/* ---- order ---------------------------------------------------------------------------------- */

enum { NEW, OPEN, DONE };

typedef struct path {
    const struct path *back;
    const want_t *want; /* that led on from here */
} path_t;

/* "a imports x from b", one note per step of the ring that ends in `unit`. */
static weft_error_t *note_ring(weft_error_t *error, const path_t *path, const unit_t *unit) {
    if (path->want->unit != unit && path->back) error = note_ring(error, path->back, unit);
    const want_t *want = path->want;
    return weft_error_with_note(error, "'%.*s' imports '%.*s' from '%.*s'",
                                STR_ARG(want->unit->name), STR_ARG(want->name),
                                STR_ARG(want->offer->unit->name));
}

static weft_error_t *ring(const path_t *path, const unit_t *unit) {
    weft_error_t *error =
        weft_error_new(WEFT_INVALID, "the components import one another in a ring");
    error = note_ring(error, path, unit);
    return weft_error_with_help(error,
                                "leave one of these imports to the host: --wire %.*s:%.*s=host",
                                STR_ARG(path->want->unit->name), STR_ARG(path->want->name));
}

static weft_error_t *visit(compose_t *compose, unit_t *unit, const path_t *back) {
    if (unit->visited == DONE) return NULL;
    if (unit->visited == OPEN) return ring(back, unit);
    unit->visited = OPEN;
    for (uint32_t i = 0; i < unit->want_count; i++) {
        const want_t *want = &unit->wants[i];
        path_t path = {back, want};
        if (want->offer) TRY(visit(compose, want->offer->unit, &path));
    }
    unit->visited = DONE;
    return VEC_PUSH(&compose->order, unit);
}

/* ---- all ------------------------------------------------------------------------------------ */

static weft_error_t *wire_unit(compose_t *compose, unit_t *unit) {
    weft_error_t *errors = NULL;
    for (uint32_t i = 0; i < unit->want_count; i++) {
        want_t *want = &unit->wants[i];
        if (!want->by_hand) errors = weft_error_join(errors, wire_by_name(compose, want));
        if (want->offer) want->offer->taken++;
    }
    return errors;
}

weft_error_t *weft_compose_wire(compose_t *compose) {
    weft_error_t *errors = NULL;
    for (size_t i = 0; i < compose->options->wire_count; i++)
        errors = weft_error_join(errors, wire_by_hand(compose, &compose->options->wires[i]));
    if (errors) return errors;
    for (size_t i = 0; i < compose->unit_count; i++)
        errors = weft_error_join(errors, wire_unit(compose, &compose->units[i]));
    if (errors) return errors;
    for (size_t i = 0; i < compose->unit_count; i++) TRY(visit(compose, &compose->units[i], NULL));
    return NULL;
}

weft_error_t *weft_compose_near_misses(const compose_t *compose) {
    weft_error_t *errors = NULL;
    for (size_t i = 0; i < compose->unit_count; i++) {
        const unit_t *unit = &compose->units[i];
        for (uint32_t k = 0; k < unit->want_count; k++) {
            const want_t *want = &unit->wants[k];
            const offer_t *offer = offers_of(compose, want);
            if (want->offer || want->by_hand || !offer) continue;
            if (offer->unit == unit && !offer->next_same_base) continue;
            weft_error_t *error =
                weft_error_new(WEFT_MISMATCH, "'%.*s' imports '%.*s', which is left to the host",
                               STR_ARG(unit->name), STR_ARG(want->name));
            for (; offer; offer = offer->next_same_base)
                if (offer->unit != unit)
                    error = weft_error_with_note(
                        error, "'%.*s' exports '%.*s', which does not go together",
                        STR_ARG(offer->unit->name), STR_ARG(offer->name));
            errors = weft_error_join(errors, error);
        }
    }
    return errors;
}
