/* The imports of the result: what nobody offers, once per interface and semver track, each after those whose
 * types it uses.
 *
 * The type of an import may use types of another import of its unit. If that other one is met by an offer, the
 * result imports the interface all the same, but only its types: a type cannot be taken from an instance
 * that is made inside. */
#include "compose/compose.h"
#include "support/version.h"

/* ---- grouping ------------------------------------------------------------------------------- */

static leftover_t *find_group(const compose_t *compose, const def_t *import, weft_str_t base,
                              weft_str_t version) {
    leftover_t *group = weft_map_get(&compose->leftovers_by_base, base);
    for (; group; group = group->next_same_base) {
        bool same_sort = group->imports.items[0]->sort == import->sort;
        if (same_sort && weft_version_compatible(group->version, version)) return group;
    }
    return NULL;
}

static weft_error_t *new_group(compose_t *compose, weft_str_t base, leftover_t **group) {
    *group = ARENA_NEW(&compose->document->arena, leftover_t);
    if (!*group) return weft_error_oom();
    (*group)->base = base;
    (*group)->next_same_base = weft_map_get(&compose->leftovers_by_base, base);
    TRY(VEC_PUSH(&compose->leftovers, *group));
    return weft_map_set(&compose->leftovers_by_base, base, *group);
}

static bool is_newer(weft_str_t a, weft_str_t b) {
    version_t x, y;
    return weft_version_parse(a, true, &x) && weft_version_parse(b, true, &y) &&
           weft_version_compare(&x, &y) > 0;
}

/* `import` joins the group of its name, with all its exports or with its types only. */
static weft_error_t *join(compose_t *compose, def_t *import, bool full, leftover_t **joined) {
    weft_str_t base, version;
    weft_split_version(import->import.name.name, &base, &version);
    leftover_t *group = find_group(compose, import, base, version);
    if (!group) TRY(new_group(compose, base, &group));
    *joined = group;
    for (size_t i = 0; i < group->imports.count; i++)
        if (group->imports.items[i] == import) return NULL;
    if (!group->name || is_newer(version, group->version)) {
        group->name = &import->import.name;
        group->version = version;
    }
    TRY(VEC_PUSH(&group->imports, import));
    if (full) {
        def_t *other = group->imports.items[group->full];
        group->imports.items[group->full++] = import;
        group->imports.items[group->imports.count - 1] = other;
    }
    return NULL;
}

static weft_error_t *join_left_over(compose_t *compose) {
    for (size_t i = 0; i < compose->unit_count; i++) {
        unit_t *unit = &compose->units[i];
        for (uint32_t k = 0; k < unit->want_count; k++) {
            want_t *want = &unit->wants[k];
            if (want->offer) continue;
            TRY(join(compose, want->import, true, &want->leftover));
            if (!want->leftover->asked) want->leftover->asked = want;
        }
    }
    return NULL;
}

/* ---- what types of which imports are used --------------------------------------------------- */

typedef struct walk {
    compose_t *compose;
    VEC(def_t *) stack;
    map_t seen;
} walk_t;

static weft_error_t *push_ref(def_t **ref, void *context) {
    walk_t *walk = context;
    if (weft_map_get_ptr(&walk->seen, *ref)) return NULL;
    TRY(weft_map_set_ptr(&walk->seen, *ref, *ref));
    return VEC_PUSH(&walk->stack, *ref);
}

/* Goes through all that the imports of a group refer to; the imports found there join groups with their types. */
static weft_error_t *find_used(walk_t *walk) {
    /* groups are added while this runs */
    for (size_t i = 0; i < walk->compose->leftovers.count; i++) {
        leftover_t *group = walk->compose->leftovers.items[i];
        for (size_t k = 0; k < group->imports.count; k++)
            TRY(push_ref(&group->imports.items[k], walk));
        while (walk->stack.count) {
            def_t *def = walk->stack.items[--walk->stack.count];
            leftover_t *joined;
            if (def->kind == DEF_IMPORT && def->scope->kind == SCOPE_COMPONENT)
                TRY(join(walk->compose, def, false, &joined));
            TRY(weft_def_refs(def, true, push_ref, walk));
        }
    }
    return NULL;
}

static weft_error_t *join_used(compose_t *compose) {
    walk_t walk = {.compose = compose};
    weft_error_t *error = find_used(&walk);
    VEC_FREE(&walk.stack);
    weft_map_free(&walk.seen);
    return error;
}

/* ---- order ---------------------------------------------------------------------------------- */

/* A depth-first walk with a stack of its own, since chains of types may be long: a step that is met again
 * (`back`) has everything below it done. A group counts as one place: it needs what all its imports need. */
enum { NEW, OPEN, DONE };

typedef struct step {
    def_t *def; /* or */
    leftover_t *group;
    bool back;
} step_t;

typedef struct order {
    compose_t *compose;
    map_t group_of; /* DEF_IMPORT -> leftover_t */
    map_t done;     /* def_t -> itself */
    VEC(step_t) stack;
    VEC(leftover_t *) sorted;
} order_t;

static weft_error_t *push_step(def_t **ref, void *context) {
    order_t *order = context;
    leftover_t *group = weft_map_get_ptr(&order->group_of, *ref);
    step_t step = {.def = group ? NULL : *ref, .group = group};
    if (group ? group->visited == DONE : weft_map_get_ptr(&order->done, *ref) != NULL) return NULL;
    return VEC_PUSH(&order->stack, step);
}

static weft_error_t *group_ring(const leftover_t *group) {
    return weft_error_new(
        WEFT_INVALID,
        "the components disagree about which of the imports around '%.*s' uses the types of which",
        STR_ARG(group->name->name));
}

static weft_error_t *enter_group(order_t *order, leftover_t *group) {
    if (group->visited == DONE) return NULL;
    if (group->visited == OPEN) return group_ring(group);
    group->visited = OPEN;
    TRY(VEC_PUSH(&order->stack, (step_t){.group = group, .back = true}));
    /* the first import's needs are to come first: pushed last */
    for (size_t i = group->imports.count; i-- > 0;)
        TRY(weft_def_refs(group->imports.items[i], true, push_step, order));
    return NULL;
}

static weft_error_t *take_step(order_t *order, step_t step) {
    if (step.group && step.back) {
        step.group->visited = DONE;
        return VEC_PUSH(&order->sorted, step.group);
    }
    if (step.group) return enter_group(order, step.group);
    if (weft_map_get_ptr(&order->done, step.def)) return NULL;
    TRY(weft_map_set_ptr(&order->done, step.def, step.def));
    return weft_def_refs(step.def, true, push_step, order);
}

static weft_error_t *sort(order_t *order) {
    compose_t *compose = order->compose;
    for (size_t i = 0; i < compose->leftovers.count; i++) {
        leftover_t *group = compose->leftovers.items[i];
        for (size_t k = 0; k < group->imports.count; k++)
            TRY(weft_map_set_ptr(&order->group_of, group->imports.items[k], group));
    }
    for (size_t i = 0; i < compose->leftovers.count; i++) {
        TRY(VEC_PUSH(&order->stack, (step_t){.group = compose->leftovers.items[i]}));
        while (order->stack.count) TRY(take_step(order, order->stack.items[--order->stack.count]));
    }
    memcpy(compose->leftovers.items, order->sorted.items,
           order->sorted.count * sizeof(leftover_t *));
    return NULL;
}

weft_error_t *weft_compose_leave(compose_t *compose) {
    TRY(join_left_over(compose));
    TRY(join_used(compose));
    if (!compose->leftovers.count) return NULL;
    order_t order = {.compose = compose};
    weft_error_t *error = sort(&order);
    weft_map_free(&order.group_of);
    weft_map_free(&order.done);
    VEC_FREE(&order.stack);
    VEC_FREE(&order.sorted);
    return error;
}
