#include "weave/sites/census.h"

/* Per DEF_COMPONENT: who instantiates it, in the whole document. Of those that have been led to a clone the old entry
 * stays, and is passed over. */
typedef struct instancer {
    struct instancer *next;
    def_t *instantiate; /* NULL: it is used as a value, so anybody may */
} instancer_t;

/* Totals in their map: a map holds no NULL, and forgets nothing. */
enum { UNKNOWN = 1, FIRST_COUNT = 2 };

static weft_error_t *set_total(census_t *census, def_t *component, uint32_t count) {
    return weft_map_set_ptr(&census->totals, component,
                            (void *)((uintptr_t)count + (uintptr_t)FIRST_COUNT));
}

static weft_error_t *forget_total(census_t *census, def_t *component) {
    if (!weft_map_get_ptr(&census->totals, component)) return NULL;
    return weft_map_set_ptr(&census->totals, component, (void *)(uintptr_t)UNKNOWN);
}

/* ---- who instantiates what ---- */

static weft_error_t *count_use(census_t *census, def_t *component, def_t *instantiate) {
    component = weft_def_origin(component);
    if (component->kind != DEF_COMPONENT) return NULL;
    instancer_t *use = ARENA_NEW(&census->arena, instancer_t);
    if (!use) return weft_error_oom();
    *use = (instancer_t){weft_map_get_ptr(&census->instancers, component), instantiate};
    return weft_map_set_ptr(&census->instancers, component, use);
}

static weft_error_t *count_values(census_t *census, const named_def_t *named, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (named[i].def->sort == SORT_COMPONENT) TRY(count_use(census, named[i].def, NULL));
    return NULL;
}

static weft_error_t *count_uses(census_t *census, def_t *def) {
    if (def->kind == DEF_INSTANTIATE) {
        TRY(count_use(census, def->instantiate.target, def));
        return count_values(census, def->instantiate.args, def->instantiate.count);
    }
    if (def->kind == DEF_INLINE)
        return count_values(census, def->inline_.exports, def->inline_.count);
    if (def->kind == DEF_EXPORT && def->sort == SORT_COMPONENT) return count_use(census, def, NULL);
    return NULL;
}

static weft_error_t *take_census(census_t *census, scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        TRY(count_uses(census, def));
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(take_census(census, body));
    }
    return NULL;
}

weft_error_t *weft_census_take(census_t *census, document_t *document) {
    if (census->taken) return NULL;
    TRY(take_census(census, document->root));
    census->taken = true;
    return NULL;
}

void weft_census_free(census_t *census) {
    weft_map_free(&census->instancers);
    weft_map_free(&census->totals);
    weft_arena_free(&census->arena);
    *census = (census_t){0};
}

/* ---- how often ---- */

static weft_error_t *count_around(census_t *census, const def_t *instantiate, uint32_t *count) {
    *count = 1;
    if (!instantiate->scope->owner) return NULL;
    return weft_census_total(census, instantiate->scope->owner, count);
}

weft_error_t *weft_census_total(census_t *census, def_t *component, uint32_t *count) {
    uintptr_t known = (uintptr_t)weft_map_get_ptr(&census->totals, component);
    if (known >= FIRST_COUNT) {
        *count = (uint32_t)(known - FIRST_COUNT);
        return NULL;
    }
    uint64_t sum = 0;
    const instancer_t *use = weft_map_get_ptr(&census->instancers, component);
    for (; use; use = use->next) {
        uint32_t around = CENSUS_MANY;
        const def_t *instantiate = use->instantiate;
        if (instantiate && weft_def_origin(instantiate->instantiate.target) != component) continue;
        if (instantiate) TRY(count_around(census, instantiate, &around));
        sum += around;
    }
    *count = sum < CENSUS_MANY ? (uint32_t)sum : CENSUS_MANY;
    return set_total(census, component, *count);
}

/* ---- what changes it ---- */

/* Of the components that are defined in a body, at any depth. */
static weft_error_t *forget_nested(census_t *census, const scope_t *body) {
    for (def_t *def = body->first; def; def = def->next) {
        if (def->kind != DEF_COMPONENT) continue;
        TRY(forget_total(census, def));
        if (def->component.body) TRY(forget_nested(census, def->component.body));
    }
    return NULL;
}

weft_error_t *weft_census_add(census_t *census, def_t *instantiate) {
    def_t *component = weft_def_origin(instantiate->instantiate.target);
    if (!census->taken) return NULL;
    TRY(count_uses(census, instantiate));
    TRY(forget_total(census, component));
    return component->kind == DEF_COMPONENT && component->component.body
               ? forget_nested(census, component->component.body)
               : NULL;
}

/* A component that making the clone has moved out of a body that was cloned: what was in its place is an alias now. */
static weft_error_t *follow_moved(census_t *census, def_t *def) {
    instancer_t *uses = def->kind == DEF_ALIAS_OUTER && def->sort == SORT_COMPONENT
                            ? weft_map_get_ptr(&census->instancers, def)
                            : NULL;
    def_t *moved = weft_def_origin(def);
    if (!uses || weft_map_get_ptr(&census->instancers, moved)) return NULL;
    return weft_map_set_ptr(&census->instancers, moved, uses);
}

/* What is defined in the bodies is there twice, the total divided. Of what they use of the document around them the
 * total is what it was. */
static weft_error_t *divide_bodies(census_t *census, const clone_t *clone) {
    for (size_t i = 0; i < clone->bodies.count; i++) {
        const cloned_body_t *body = &clone->bodies.items[i];
        for (def_t *def = body->original->first; def; def = def->next) {
            TRY(follow_moved(census, def));
            if (def->kind == DEF_COMPONENT) TRY(forget_total(census, def));
        }
        for (def_t *def = body->copy->first; def; def = def->next) TRY(count_uses(census, def));
    }
    return NULL;
}

weft_error_t *weft_census_divide(census_t *census, def_t *component, const clone_t *clone,
                                 def_t *const *instantiates, size_t count) {
    uint32_t total, around;
    uint64_t moved = 0;
    TRY(weft_census_total(census, component, &total));
    for (size_t i = 0; i < count; i++) {
        TRY(count_around(census, instantiates[i], &around));
        moved += around;
        TRY(count_use(census, clone->component, instantiates[i]));
    }
    if (moved > CENSUS_MANY) moved = CENSUS_MANY;
    TRY(set_total(census, clone->component, (uint32_t)moved));
    if (total < CENSUS_MANY) TRY(set_total(census, component, total - (uint32_t)moved));
    return divide_bodies(census, clone);
}
