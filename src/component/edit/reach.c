#include "component/edit/reach.h"

/* What a body, or one nested in it, takes from outside. (Also what a nested one takes from this one, which does no
 * harm.) */
static weft_error_t *visit_outer(scope_t *body, ref_visitor_t visit, void *context) {
    for (size_t i = 0; i < body->outer_aliases.count; i++)
        TRY(visit(&body->outer_aliases.items[i]->alias.target, context));
    for (def_t *def = body->first; def; def = def->next) {
        scope_t *nested = NULL;
        if (def->kind == DEF_COMPONENT) TRY(weft_component_body(def, &nested));
        else if (def->kind == DEF_TYPE) nested = def->type.body;
        else if (def->kind == DEF_CORE_MODULE_TYPE) nested = def->body;
        if (nested) TRY(visit_outer(nested, visit, context));
    }
    return NULL;
}

weft_error_t *weft_def_needs(def_t *def, ref_visitor_t visit, void *context) {
    if (def->kind != DEF_COMPONENT) return weft_def_refs(def, true, visit, context);
    scope_t *body;
    TRY(weft_component_body(def, &body));
    return visit_outer(body, visit, context);
}

static weft_error_t *add(def_t **ref, void *context) {
    reach_t *reach = context;
    if (!*ref || weft_map_get_ptr(&reach->seen, *ref)) return NULL;
    TRY(weft_map_set_ptr(&reach->seen, *ref, *ref));
    return VEC_PUSH(&reach->open, *ref);
}

weft_error_t *weft_reach_from(reach_t *reach, def_t *def) {
    weft_error_t *error = add(&def, reach);
    while (reach->open.count && !error)
        error = weft_def_needs(reach->open.items[--reach->open.count], add, reach);
    return error;
}

bool weft_reach_has(const reach_t *reach, const def_t *def) {
    return weft_map_get_ptr(&reach->seen, def) != NULL;
}

void weft_reach_free(reach_t *reach) {
    weft_map_free(&reach->seen);
    VEC_FREE(&reach->open);
}

void weft_reach_move_up(const reach_t *reach, def_t *first, def_t *place) {
    for (def_t *next, *late = first; late; late = next) {
        next = late->next;
        if (!weft_reach_has(reach, late)) continue;
        weft_def_remove(late);
        weft_def_insert(late->scope, place, late);
    }
}

weft_error_t *weft_leans_on(def_t *def, const def_t *other, bool *leans) {
    reach_t reach = {0};
    weft_error_t *error = weft_reach_from(&reach, def);
    *leans = weft_reach_has(&reach, other);
    weft_reach_free(&reach);
    return error;
}
