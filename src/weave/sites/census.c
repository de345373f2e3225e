#include "weave/sites/census.h"

/* Per DEF_COMPONENT: who instantiates it, in the whole document. */
typedef struct instancer {
    struct instancer *next;
    def_t *instantiate; /* NULL: it is used as a value, so anybody may */
} instancer_t;

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

static weft_error_t *take_census(census_t *census, scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind == DEF_COMPONENT) {
            TRY(weft_component_body(def, &body));
            TRY(take_census(census, body));
        } else if (def->kind == DEF_INSTANTIATE) {
            TRY(count_use(census, def->instantiate.target, def));
            TRY(count_values(census, def->instantiate.args, def->instantiate.count));
        } else if (def->kind == DEF_INLINE) {
            TRY(count_values(census, def->inline_.exports, def->inline_.count));
        } else if (def->kind == DEF_EXPORT && def->sort == SORT_COMPONENT) {
            TRY(count_use(census, def, NULL));
        }
    }
    return NULL;
}

weft_error_t *weft_census_take(census_t *census, document_t *document) {
    return take_census(census, document->root);
}

void weft_census_free(census_t *census) {
    weft_map_free(&census->instancers);
    weft_map_free(&census->totals);
    weft_arena_free(&census->arena);
}

weft_error_t *weft_census_total(census_t *census, def_t *component, uint32_t *count) {
    uintptr_t known = (uintptr_t)weft_map_get_ptr(&census->totals, component);
    if (known) {
        *count = (uint32_t)(known - 1);
        return NULL;
    }
    uint64_t sum = 0;
    for (instancer_t *use = weft_map_get_ptr(&census->instancers, component); use;
         use = use->next) {
        uint32_t around = use->instantiate ? 1 : CENSUS_MANY;
        if (use->instantiate && use->instantiate->scope->owner)
            TRY(weft_census_total(census, use->instantiate->scope->owner, &around));
        sum += around;
    }
    *count = sum < CENSUS_MANY ? (uint32_t)sum : CENSUS_MANY;
    return weft_map_set_ptr(&census->totals, component, (void *)(uintptr_t)(*count + 1u));
}
