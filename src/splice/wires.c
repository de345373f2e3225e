#include "splice/wires.h"

#include <stdio.h>

#include "weave/sites/place.h"

/* ---- seeing --------------------------------------------------------------------------------- */

static const context_t *context_of(const graph_t *graph, const node_t *level) {
    return level ? level->inside : weft_resolver_root(graph->resolver);
}

/* Whether the way from an export of a composed node leads through `export_` of `node`. */
static weft_error_t *leads_to(graph_t *graph, const context_t *outer, def_t *start,
                              const node_t *node, const def_t *export_, bool *leads) {
    const place_t *place;
    *leads = false;
    TRY(weft_resolve(graph->resolver, outer, start, &place));
    for (; place && !*leads; place = place->next)
        *leads = place->context == node->inside && place->def == export_;
    return NULL;
}

weft_error_t *weft_see(graph_t *graph, const node_t *level, const node_t *node,
                       const def_t *export_, weave_given_t *seen) {
    const context_t *around = context_of(graph, level), *outer = node->inside;
    seen->from = NULL;
    while (outer && outer->parent != around) outer = outer->parent;
    for (uint32_t i = 0; outer && i < outer->facts->export_count; i++) {
        def_t *start = outer->facts->exports[i];
        bool leads;
        if (start->sort != export_->sort) continue;
        TRY(leads_to(graph, outer, start, node, export_, &leads));
        if (!leads) continue;
        seen->from = outer->instance;
        seen->export_ = start->export_.name.name;
        if (start == export_) return NULL;
    }
    return NULL;
}

/* ---- what is given -------------------------------------------------------------------------- */

/* The middleware nearest to the consumer that is wired in on a wire and is there already. */
static const plan_edge_t *wired_in(const plan_t *plan, const plan_place_t *place,
                                   const plan_wire_t *wire) {
    for (size_t e = plan->graph->edge_count; plan->chains && e < plan->edges.count; e++) {
        const edge_t *edge = plan->edges.items[e];
        if (edge->consumer != &place->node || !weft_str_eq(edge->name, wire->name)) continue;
        for (uint32_t i = 0; i < plan->chains[e].count; i++)
            if (plan->chains[e].items[i]->instance_path.ptr) return plan->chains[e].items[i];
    }
    return NULL;
}

static weft_error_t *add_given(const plan_t *plan, graph_t *graph, const plan_place_t *place,
                               const plan_wire_t *wire, weave_givens_t *givens) {
    const plan_edge_t *between = wired_in(plan, place, wire);
    const node_t *level = place->node.parent;
    weft_str_t path = between ? between->instance_path : wire->node->path;
    weft_str_t name = between ? between->export->name : wire->export_->export_.name.name;
    const node_t *node = weft_graph_node(graph, path);
    if (level) level = weft_graph_node(graph, level->path);
    const def_t *export_ =
        node && node->inside ? weft_scope_export(node->inside->facts, name) : NULL;
    weave_given_t given = {.import = wire->name};
    if (export_ && (level || !place->node.parent))
        TRY(weft_see(graph, level, node, export_, &given));
    return VEC_PUSH(givens, given);
}

weft_error_t *weft_plan_givens(const plan_t *plan, graph_t *graph, const plan_place_t *place,
                               weave_givens_t *givens) {
    const plan_step_t *step = place->step;
    givens->count = 0;
    for (uint32_t i = 0; i < step->wire_count; i++)
        if (step->wires[i].node) TRY(add_given(plan, graph, place, &step->wires[i], givens));
    for (size_t i = 0; i < givens->count; i++)
        if (!givens->items[i].from) return NULL;
    if (!step->middleware) return NULL;
    return weft_given_companions(step->middleware->document->root, givens);
}

/* ---- places --------------------------------------------------------------------------------- */

/* What stands in the way of a place; all NULL: nothing. */
typedef struct obstacle {
    const plan_wire_t *unseen;
    const def_t *import; /* that only the host can satisfy, at the root */
} obstacle_t;

static void find_obstacle(const plan_place_t *place, const weave_givens_t *givens,
                          obstacle_t *obstacle) {
    const plan_step_t *step = place->step;
    size_t k = 0;
    for (uint32_t i = 0; i < step->wire_count && !obstacle->unseen; i++)
        if (step->wires[i].node && !givens->items[k++].from) obstacle->unseen = &step->wires[i];
    if (obstacle->unseen || !place->node.parent || !step->middleware) return;
    for (const def_t *def = step->middleware->document->root->first; def; def = def->next)
        if (def->kind == DEF_IMPORT && !weft_import_types_only(def) &&
            !weft_is_given(givens, def->import.name.name))
            obstacle->import = def;
}

static weft_error_t *try_place(const plan_t *plan, const plan_place_t *place,
                               obstacle_t *obstacle) {
    weave_givens_t givens = {0};
    *obstacle = (obstacle_t){0};
    weft_error_t *error = weft_plan_givens(plan, plan->graph, place, &givens);
    if (!error) find_obstacle(place, &givens, obstacle);
    VEC_FREE(&givens);
    return error;
}

static weft_error_t *cannot_see(const plan_t *plan, const plan_place_t *place,
                                const plan_wire_t *wire, const def_t *host_import) {
    const node_t *level = place->node.parent, *node = wire->node;
    weft_error_t *error =
        weft_yaml_error(&plan->rules->file, wire->written->node.at, "`%.*s` cannot see `%.*s`",
                        STR_ARG(place->step->inject->name.str), STR_ARG(node->path));
    if (level && (level == node || !weft_node_encloses(level, node))) {
        error = weft_error_with_note(error,
                                     "it is wired in inside `%.*s`, beside its consumer; the node "
                                     "is not in there",
                                     STR_ARG(level->path));
        return weft_error_with_help(error,
                                    "wire it to a node inside `%.*s`, or use a middleware of "
                                    "hooks, which can stand further out",
                                    STR_ARG(level->path));
    }
    if (host_import)
        error = weft_error_with_note(
            error, "it stands at the outermost level: it imports `%.*s`, which only the host has",
            STR_ARG(host_import->import.name.name));
    error = weft_error_with_note(error, "the node is inside `%.*s`, which does not export `%.*s`",
                                 STR_ARG(node->parent->path), STR_ARG(wire->name));
    return weft_error_with_help(error, "wire it to another node, or let `%.*s` export that",
                                STR_ARG(node->parent->path));
}

/* The composed node that holds the whole of the edges where hooks are called; false: there is no such edge. */
static bool find_level(const plan_step_t *step, node_t **level) {
    bool any = false;
    for (uint32_t i = 0; i < step->edge_count; i++) {
        node_t *meet = step->edges[i].edge->meet;
        if (step->edges[i].way == WAY_WIRE) continue;
        if (!any) *level = meet;
        any = true;
        while (*level && !weft_node_encloses(*level, meet)) *level = (*level)->parent;
    }
    return any;
}

/* Hooks stand as far in as they can. */
static weft_error_t *place_hooks(plan_t *plan, plan_step_t *step, weft_error_t **wrong) {
    node_t *level;
    obstacle_t obstacle;
    const def_t *host_import = NULL;
    if (!find_level(step, &level)) return NULL;
    plan_place_t *place = &step->places[step->place_count++];
    place->hooks = true;
    place->node.parent = level;
    for (;; place->node.parent = place->node.parent->parent) {
        TRY(try_place(plan, place, &obstacle));
        if (!obstacle.unseen && !obstacle.import) return NULL;
        if (obstacle.import) host_import = obstacle.import;
        if (!place->node.parent) break;
    }
    *wrong = cannot_see(plan, place, obstacle.unseen, host_import);
    return NULL;
}

static node_t *level_of(const edge_t *edge) {
    return edge->consumer ? edge->consumer->parent : NULL;
}

plan_place_t *weft_plan_place_for(const plan_step_t *step, const edge_t *edge) {
    bool wired = weft_plan_at(step, edge)->way == WAY_WIRE;
    for (uint32_t i = 0; i < step->place_count; i++) {
        plan_place_t *place = &step->places[i];
        if (wired ? !place->hooks && place->node.parent == level_of(edge) : place->hooks)
            return place;
    }
    return NULL;
}

/* What is wired in gets the interface of the edge from the edge. */
static const plan_wire_t *wire_of_edge(const plan_step_t *step, const edge_t *edge) {
    const def_t *import = weft_middleware_import(step->middleware, edge->interface);
    for (uint32_t i = 0; i < step->wire_count; i++)
        if (step->wires[i].import == import) return &step->wires[i];
    return NULL;
}

static weft_error_t *wires_edge(const plan_t *plan, const plan_step_t *step,
                                const plan_wire_t *wire) {
    weft_error_t *error = weft_yaml_error(&plan->rules->file, wire->written->interface.at,
                                          "`%.*s` gets `%.*s` from the edge that it stands on",
                                          STR_ARG(step->inject->name.str), STR_ARG(wire->name));
    return weft_error_with_help(error, "leave this wire out");
}

/* What is wired in stands beside each of its consumers. */
static weft_error_t *place_wired(plan_t *plan, plan_step_t *step, weft_error_t **wrong) {
    for (uint32_t i = 0; i < step->edge_count && !*wrong; i++) {
        const plan_edge_t *pe = &step->edges[i];
        obstacle_t obstacle;
        if (pe->way != WAY_WIRE || weft_plan_place_for(step, pe->edge)) continue;
        const plan_wire_t *wire = wire_of_edge(step, pe->edge);
        if (wire) {
            *wrong = wires_edge(plan, step, wire);
            return NULL;
        }
        plan_place_t *place = &step->places[step->place_count++];
        place->node.parent = level_of(pe->edge);
        TRY(try_place(plan, place, &obstacle));
        if (obstacle.unseen) *wrong = cannot_see(plan, place, obstacle.unseen, NULL);
    }
    return NULL;
}

static weft_error_t *name_place(plan_t *plan, plan_place_t *place) {
    const node_t *level = place->node.parent;
    weft_str_t name = place->step->name;
    place->node.name = place->node.path = name;
    place->node.has_code = true;
    if (!level) return NULL;
    size_t size = level->path.len + name.len + 2;
    char *text = ARENA_ARRAY(&plan->arena, char, size);
    if (!text) return weft_error_oom();
    snprintf(text, size, "%.*s/%.*s", STR_ARG(level->path), STR_ARG(name));
    place->node.path = weft_str(text);
    return NULL;
}

static weft_error_t *find_places(plan_t *plan, plan_step_t *step, weft_error_t **wrong) {
    step->places = ARENA_ARRAY(&plan->arena, plan_place_t, step->edge_count + 1);
    if (!step->places) return weft_error_oom();
    for (uint32_t i = 0; i <= step->edge_count; i++) step->places[i].step = step;
    TRY(place_hooks(plan, step, wrong));
    if (!*wrong) TRY(place_wired(plan, step, wrong));
    for (uint32_t i = 0; i < step->place_count && !*wrong; i++)
        TRY(name_place(plan, &step->places[i]));
    return NULL;
}

/* ---- edges ---------------------------------------------------------------------------------- */

static weft_error_t *add_edges(plan_t *plan, plan_place_t *place, const plan_wire_t *wire) {
    const place_t *from;
    edge_t *edges;
    uint32_t count;
    TRY(weft_resolve(plan->graph->resolver, wire->node->inside, wire->export_, &from));
    TRY(weft_graph_what_if(plan->graph, &place->node, wire->name, wire->import, from, &edges,
                           &count));
    for (uint32_t i = 0; i < count; i++) {
        edges[i].index = (uint32_t)plan->edges.count;
        TRY(VEC_PUSH(&plan->edges, &edges[i]));
    }
    return NULL;
}

static weft_error_t *add_all_edges(plan_t *plan, plan_step_t *step) {
    for (uint32_t i = 0; i < step->place_count; i++)
        for (uint32_t w = 0; w < step->wire_count; w++)
            if (step->wires[w].node) TRY(add_edges(plan, &step->places[i], &step->wires[w]));
    return NULL;
}

/* ---- all of it ------------------------------------------------------------------------------ */

weft_error_t *weft_plan_wires(plan_t *plan, plan_step_t *step, findings_t *errors) {
    const inject_t *inject = step->inject;
    weft_error_t *wrong = NULL;
    bool sound = true;
    step->wires = ARENA_ARRAY(&plan->arena, plan_wire_t, inject->wire_count);
    if (inject->wire_count && !step->wires) return weft_error_oom();
    for (uint32_t i = 0; i < inject->wire_count; i++) {
        plan_wire_t wire;
        TRY(weft_wire_find(plan, step, &inject->wires[i], &wire, &wrong));
        sound &= !wrong;
        if (wrong) weft_findings_add(errors, wrong);
        else step->wires[step->wire_count++] = wire;
    }
    if (!sound || !step->wire_count || !step->edge_count) return NULL;
    wrong = NULL;
    TRY(find_places(plan, step, &wrong));
    if (!wrong) return add_all_edges(plan, step);
    weft_findings_add(errors, wrong);
    return NULL;
}
