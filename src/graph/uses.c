/* Who uses a definition: the references of a scope, turned round in one pass. */
#include "graph/resolve.h"

/* The uses of one definition, in order. */
typedef struct use_list {
    use_t *first, *last;
} use_list_t;

typedef struct collector {
    uses_t *uses;
    def_t *user;
} collector_t;

weft_error_t *weft_uses_add(uses_t *uses, def_t *user, def_t **ref) {
    use_list_t *list = weft_map_get_ptr(&uses->table, *ref);
    use_t *use = ARENA_NEW(&uses->arena, use_t);
    if (!use) return weft_error_oom();
    use->user = user;
    use->ref = ref;
    if (!list) {
        list = ARENA_NEW(&uses->arena, use_list_t);
        if (!list) return weft_error_oom();
        TRY(weft_map_set_ptr(&uses->table, *ref, list));
        list->first = use;
    } else {
        list->last->next = use;
    }
    list->last = use;
    return NULL;
}

static weft_error_t *collect(def_t **ref, void *context) {
    const collector_t *collector = context;
    return weft_uses_add(collector->uses, collector->user, ref);
}

weft_error_t *weft_scope_uses(scope_t *scope, uses_t *uses) {
    *uses = (uses_t){0};
    collector_t collector = {.uses = uses};
    for (def_t *def = scope->first; def; def = def->next) {
        collector.user = def;
        TRY(weft_def_refs(def, true, collect, &collector));
    }
    return NULL;
}

void weft_uses_free(uses_t *uses) {
    weft_map_free(&uses->table);
    weft_arena_free(&uses->arena);
}

const use_t *weft_uses_of(const uses_t *uses, const def_t *def) {
    const use_list_t *list = weft_map_get_ptr(&uses->table, def);
    return list ? list->first : NULL;
}
