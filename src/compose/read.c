/* Reading the inputs: what each unit wants and offers. */
#include "compose/compose.h"
#include "support/version.h"

/* Equal inputs share one component, if it could be read. */
static const unit_t *find_equal(const compose_t *compose, const unit_t *unit) {
    for (const unit_t *other = compose->units; other < unit; other++) {
        if (!other->body || other->bytes.len != unit->bytes.len) continue;
        if (memcmp(other->bytes.ptr, unit->bytes.ptr, unit->bytes.len) == 0) return other;
    }
    return NULL;
}

static weft_error_t *read_component(compose_t *compose, unit_t *unit) {
    const unit_t *equal = find_equal(compose, unit);
    if (equal && equal->body) { /* one that is broken says so again */
        unit->component = equal->component;
        unit->body = equal->body;
        return NULL;
    }
    TRY(weft_component_adopt(compose->document->root, unit->bytes, &unit->component));
    unit->component->name = unit->name;
    return weft_component_body(unit->component, &unit->body);
}

static weft_error_t *add_offer(compose_t *compose, offer_t *offer) {
    offer->next_same_base = weft_map_get(&compose->offers_by_base, offer->base);
    return weft_map_set(&compose->offers_by_base, offer->base, offer);
}

static weft_error_t *read_names(compose_t *compose, unit_t *unit) {
    uint32_t wants = 0, offers = 0;
    for (def_t *def = unit->body->first; def; def = def->next) {
        wants += def->kind == DEF_IMPORT;
        offers += def->kind == DEF_EXPORT;
    }
    arena_t *arena = &compose->document->arena;
    unit->wants = ARENA_ARRAY(arena, want_t, wants);
    unit->offers = ARENA_ARRAY(arena, offer_t, offers);
    if (!unit->wants || !unit->offers) return weft_error_oom();
    for (def_t *def = unit->body->first; def; def = def->next) {
        if (def->kind == DEF_IMPORT) {
            want_t *want = &unit->wants[unit->want_count++];
            *want = (want_t){.unit = unit, .import = def, .name = def->import.name.name};
            weft_split_version(want->name, &want->base, &want->version);
        } else if (def->kind == DEF_EXPORT) {
            offer_t *offer = &unit->offers[unit->offer_count++];
            *offer = (offer_t){.unit = unit, .export_ = def, .name = def->export_.name.name};
            weft_split_version(offer->name, &offer->base, &offer->version);
            TRY(add_offer(compose, offer));
        }
    }
    return NULL;
}

static weft_error_t *read_unit(compose_t *compose, unit_t *unit) {
    TRY(read_component(compose, unit));
    return read_names(compose, unit);
}

static weft_error_t *check_name(const compose_t *compose, const unit_t *unit) {
    const unit_t *first = weft_compose_unit(compose, unit->name);
    if (first == unit) return NULL;
    weft_error_t *error =
        weft_error_new(WEFT_INVALID, "two components are named '%.*s'", STR_ARG(unit->name));
    error = weft_error_with_note(error, "the other one is %.*s", STR_ARG(first->path));
    return weft_error_with_help(error, "name one of them: NAME=%.*s", STR_ARG(unit->path));
}

weft_error_t *weft_compose_read(compose_t *compose) {
    const compose_options_t *options = compose->options;
    compose->units = ARENA_ARRAY(&compose->document->arena, unit_t, options->input_count);
    if (!compose->units) return weft_error_oom();
    weft_error_t *errors = NULL;
    for (size_t i = 0; i < options->input_count; i++) {
        const compose_input_t *input = &options->inputs[i];
        unit_t *unit = &compose->units[compose->unit_count++];
        *unit = (unit_t){.name = input->name, .path = input->path, .bytes = input->bytes};
        weft_error_t *error = check_name(compose, unit);
        if (!error) error = read_unit(compose, unit);
        if (error) errors = weft_error_join(errors, weft_error_with_file(error, unit->path));
    }
    return errors;
}
