#include "splice/order.h"

#include "component/edit/reach.h"
#include "splice/wires.h"
#include "support/alloc.h"

/* Something that is instantiated: a definition of the document, or a place of the plan. */
typedef struct thing {
    const void *key; /* one of the two */
    def_t *def;
    const plan_place_t *place;
} thing_t;

typedef struct need {
    thing_t thing;
    const struct need *next;
} need_t;

typedef struct visit {
    thing_t thing;
    const struct visit *from;
} visit_t;

/* All that one place needs. */
typedef struct search {
    const plan_place_t *place; /* NULL: nothing was searched */
    arena_t arena;
    map_t seen; /* key -> visit_t */
    VEC(visit_t *) open;
    const visit_t *at;
} search_t;

struct order {
    arena_t arena;
    map_t needs;     /* key -> need_t, what the plan adds */
    map_t replaced;  /* arguments (named_def_t) that something wired in stands for */
    map_t nodes;     /* DEF_INSTANTIATE -> node_t, for names */
    search_t search; /* the last one: a step asks for each of its edges */
};

static thing_t thing_of_def(def_t *def) {
    return (thing_t){.key = def, .def = def};
}

static thing_t thing_of_place(const plan_place_t *place) {
    return (thing_t){.key = place, .place = place};
}

/* ---- what is known -------------------------------------------------------------------------- */

static weft_error_t *add_need(order_t *order, thing_t from, thing_t to) {
    need_t *need = ARENA_NEW(&order->arena, need_t);
    if (!need) return weft_error_oom();
    *need = (need_t){to, weft_map_get_ptr(&order->needs, from.key)};
    return weft_map_set_ptr(&order->needs, from.key, need);
}

/* The node, or the composed one around it, that stands directly at a level. */
static def_t *instance_at(const node_t *node, const node_t *level) {
    while (node->parent && node->parent != level) node = node->parent;
    return node->instance;
}

/* The consumer of an edge as it is seen from a level; key NULL: the host. */
static thing_t consumer_at(const plan_t *plan, const edge_t *edge, const node_t *level) {
    const plan_place_t *place = weft_plan_place(plan, edge);
    if (!edge->consumer) return (thing_t){0};
    if (place && place->node.parent == level) return thing_of_place(place);
    return thing_of_def(instance_at(edge->consumer, level));
}

/* Who would need the step's middleware if its hooks stood at this end. */
static thing_t user_of(const plan_t *plan, const plan_edge_t *pe, const plan_place_t *place,
                       bool provider) {
    const node_t *level = place->node.parent;
    if (!provider || pe->after) return consumer_at(plan, pe->edge, level);
    return pe->edge->provider ? thing_of_def(instance_at(pe->edge->provider, level)) : (thing_t){0};
}

/* ---- searching ------------------------------------------------------------------------------ */

static void forget_search(order_t *order) {
    search_t *search = &order->search;
    search->place = NULL;
    search->at = NULL;
    weft_map_free(&search->seen);
    VEC_FREE(&search->open);
    weft_arena_free(&search->arena);
}

static weft_error_t *look_at(search_t *search, thing_t thing) {
    if (!thing.key || weft_map_get_ptr(&search->seen, thing.key)) return NULL;
    visit_t *visit = ARENA_NEW(&search->arena, visit_t);
    if (!visit) return weft_error_oom();
    *visit = (visit_t){thing, search->at};
    TRY(weft_map_set_ptr(&search->seen, thing.key, visit));
    return VEC_PUSH(&search->open, visit);
}

static weft_error_t *look_at_ref(def_t **ref, void *context) {
    search_t *search = context;
    return *ref ? look_at(search, thing_of_def(*ref)) : NULL;
}

/* What a consumer was given by the document it needs no more where a middleware stands for that. */
static weft_error_t *look_at_def(order_t *order, def_t *def) {
    search_t *search = &order->search;
    if (def->kind != DEF_INSTANTIATE) return weft_def_needs(def, look_at_ref, search);
    TRY(look_at(search, thing_of_def(def->instantiate.target)));
    for (uint32_t i = 0; i < def->instantiate.count; i++)
        if (!weft_map_get_ptr(&order->replaced, &def->instantiate.args[i]))
            TRY(look_at(search, thing_of_def(def->instantiate.args[i].def)));
    return NULL;
}

static weft_error_t *search_from(order_t *order, const plan_place_t *place) {
    search_t *search = &order->search;
    if (search->place == place) return NULL;
    forget_search(order);
    TRY(look_at(search, thing_of_place(place)));
    for (size_t i = 0; i < search->open.count; i++) {
        search->at = search->open.items[i];
        const need_t *need = weft_map_get_ptr(&order->needs, search->at->thing.key);
        for (; need; need = need->next) TRY(look_at(search, need->thing));
        if (search->at->thing.def) TRY(look_at_def(order, search->at->thing.def));
    }
    search->place = place;
    return NULL;
}

/* "`log` -> `store` -> `front`": those on the way that have names. */
static weft_error_t *put_way(const order_t *order, const visit_t *end, buf_t *out) {
    VEC(const node_t *) nodes = {0};
    weft_error_t *error = NULL;
    for (const visit_t *visit = end; visit && !error; visit = visit->from) {
        const thing_t *thing = &visit->thing;
        const node_t *node =
            thing->place ? &thing->place->node : weft_map_get_ptr(&order->nodes, thing->def);
        if (node) error = VEC_PUSH(&nodes, node);
    }
    for (size_t i = nodes.count; i-- > 0 && !error;)
        weft_buf_printf(out, "`%.*s` -> ", STR_ARG(nodes.items[i]->path));
    VEC_FREE(&nodes);
    return error;
}

/* ---- deciding ------------------------------------------------------------------------------- */

weft_error_t *weft_order_closes(const plan_t *plan, const plan_edge_t *pe, bool provider,
                                bool *closes) {
    const plan_place_t *place = weft_plan_place_for(pe->step, pe->edge);
    *closes = false;
    if (!plan->order || !place) return NULL;
    thing_t user = user_of(plan, pe, place, provider);
    if (!user.key) return NULL;
    TRY(search_from(plan->order, place));
    *closes = weft_map_get_ptr(&plan->order->search.seen, user.key) != NULL;
    return NULL;
}

weft_error_t *weft_order_ring(const plan_t *plan, const plan_edge_t *pe, bool provider,
                              weft_error_t **ring) {
    const plan_place_t *place = weft_plan_place_for(pe->step, pe->edge);
    const node_t *user = provider ? pe->edge->provider : pe->edge->consumer;
    thing_t thing = user_of(plan, pe, place, provider);
    buf_t way = {0};
    TRY(search_from(plan->order, place));
    weft_error_t *failed =
        put_way(plan->order, weft_map_get_ptr(&plan->order->search.seen, thing.key), &way);
    if (!failed && way.failed) failed = weft_error_oom();
    if (!failed) {
        *ring = weft_yaml_error(&plan->rules->file, pe->step->inject->wires[0].node.at,
                                "with its wires `%.*s` would need itself",
                                STR_ARG(pe->step->inject->name.str));
        *ring = weft_error_with_note(*ring, "each of these needs the next: %.*s`%.*s`",
                                     STR_ARG(weft_buf_as_str(&way)), STR_ARG(place->node.path));
        *ring = weft_error_with_note(*ring, "it is put between `%.*s` and `%.*s`",
                                     STR_ARG(weft_node_name(pe->edge->consumer)),
                                     STR_ARG(weft_node_name(pe->edge->provider)));
        *ring = weft_error_with_help(*ring,
                                     "wire it to a node that does not need `%.*s`, or leave that "
                                     "edge out with `except`",
                                     STR_ARG(weft_node_name(user)));
    }
    weft_buf_free(&way);
    return failed;
}

weft_error_t *weft_order_decide(const plan_t *plan, const plan_edge_t *pe, bool provider) {
    const plan_place_t *place = weft_plan_place_for(pe->step, pe->edge);
    if (!plan->order || !place) return NULL;
    thing_t user = user_of(plan, pe, place, provider);
    if (!user.key) return NULL;
    /* the place itself does not need the user, so what it needs stays the same */
    if (plan->order->search.place != place) forget_search(plan->order);
    return add_need(plan->order, user, thing_of_place(place));
}

/* ---- what stands from the beginning --------------------------------------------------------- */

static weft_error_t *add_wires(plan_t *plan, const plan_place_t *place) {
    weave_givens_t givens = {0};
    weft_error_t *error = weft_plan_givens(plan, plan->graph, place, &givens);
    for (size_t i = 0; i < givens.count && !error; i++)
        error = add_need(plan->order, thing_of_place(place), thing_of_def(givens.items[i].from));
    VEC_FREE(&givens);
    return error;
}

static weft_error_t *add_wired(plan_t *plan, const plan_edge_t *pe, findings_t *errors) {
    bool closes;
    weft_error_t *ring;
    TRY(weft_order_closes(plan, pe, false, &closes));
    if (!closes) return weft_order_decide(plan, pe, false);
    TRY(weft_order_ring(plan, pe, false, &ring));
    weft_findings_add(errors, ring);
    return NULL;
}

static weft_error_t *note_replaced(plan_t *plan, const plan_edge_t *pe) {
    const named_def_t *arg = pe->edge->arg;
    if (!arg || !weft_plan_replaces(pe)) return NULL;
    return weft_map_set_ptr(&plan->order->replaced, arg, (void *)(uintptr_t)arg);
}

static weft_error_t *fill(plan_t *plan, findings_t *errors) {
    order_t *order = plan->order;
    for (uint32_t i = 0; i < plan->graph->node_count; i++) {
        node_t *node = &plan->graph->nodes[i];
        if (node->instance) TRY(weft_map_set_ptr(&order->nodes, node->instance, node));
    }
    for (uint32_t s = 0; s < plan->step_count; s++) {
        const plan_step_t *step = &plan->steps[s];
        for (uint32_t i = 0; i < step->place_count; i++) TRY(add_wires(plan, &step->places[i]));
        for (uint32_t i = 0; i < step->edge_count; i++) TRY(note_replaced(plan, &step->edges[i]));
    }
    for (uint32_t s = 0; s < plan->step_count; s++)
        for (uint32_t i = 0; i < plan->steps[s].edge_count; i++)
            if (plan->steps[s].edges[i].way == WAY_WIRE && !errors->count)
                TRY(add_wired(plan, &plan->steps[s].edges[i], errors));
    return NULL;
}

weft_error_t *weft_order_new(plan_t *plan, findings_t *errors) {
    bool any = false;
    for (uint32_t s = 0; s < plan->step_count; s++) any |= plan->steps[s].place_count > 0;
    if (!any) return NULL;
    plan->order = weft_alloc_zero(1, sizeof *plan->order);
    return plan->order ? fill(plan, errors) : weft_error_oom();
}

void weft_order_delete(order_t *order) {
    if (!order) return;
    forget_search(order);
    weft_map_free(&order->needs);
    weft_map_free(&order->replaced);
    weft_map_free(&order->nodes);
    weft_arena_free(&order->arena);
    weft_free(order);
}
