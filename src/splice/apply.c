#include "splice/apply.h"

#include <stdio.h>

#include "splice/wires.h"
#include "support/alloc.h"
#include "weave/weave.h"
#include "weave/wire.h"

/* A port of a node: what makes two sites the same. */
typedef struct site_key {
    const context_t *node;
    const def_t *port;
} site_key_t;

/* The document changes under way. What the plan knows of it, nodes and ports, is found again by path and name
 * in a graph of the document as it is. */
typedef struct work {
    plan_t *plan;
    type_pool_t *pool;
    weaver_t *weaver;
    graph_t *graph; /* NULL: none that will do; not owned when it is the plan's */
    census_t census;
    bool wired; /* something was wired in */
    VEC(weave_site_t) sites;
    map_t known_sites; /* of site_key_t, which lives in `keys` */
    arena_t keys;
    VEC(wire_edge_t) edges;
    weave_givens_t givens;
} work_t;

static weft_error_t *need_graph(work_t *work) {
    return work->graph ? NULL : weft_graph_new(work->plan->graph->document, &work->graph);
}

static bool has_wires(const plan_t *plan) {
    for (uint32_t s = 0; s < plan->step_count; s++)
        if (plan->steps[s].place_count) return true;
    return false;
}

static void forget_graph(work_t *work) {
    if (work->graph != work->plan->graph) weft_graph_delete(work->graph);
    if (work->weaver) weft_weaver_forget(work->weaver);
    weft_census_free(&work->census);
    work->graph = NULL;
}

/* Nodes and ports are what and where they were after a job. What it put there only wires look for. */
static void forget_for_wires(work_t *work) {
    if (has_wires(work->plan)) forget_graph(work);
}

static weft_error_t *lost(const plan_edge_t *pe) {
    return weft_error_new(WEFT_INTERNAL, "the edge of `%.*s` to `%.*s` cannot be found again",
                          STR_ARG(weft_node_name(pe->edge->consumer)),
                          STR_ARG(pe->edge->interface));
}

/* A middleware with resources of its own in several interfaces has trouble when it stands for some of them only. */
static weft_error_t *explain(const plan_step_t *step, weft_error_t *error) {
    if (!step->middleware || !step->middleware->joined) return error;
    error = weft_error_with_note(error, "it has resources of its own in several interfaces");
    return weft_error_with_help(error,
                                "let the rule select all interfaces that share them, for all "
                                "who have them from one provider, at one level");
}

/* Bugs and lack of memory stay what they are. */
static weft_error_t *at_step(const plan_t *plan, const plan_step_t *step, weft_error_t *error) {
    weft_code_t code = weft_error_code(error);
    if (!error || code == WEFT_NO_MEMORY || code == WEFT_INTERNAL) return error;
    return weft_plan_error(plan, step, explain(step, error));
}

/* ---- wiring in ------------------------------------------------------------------------------ */

/* The consumer's edge in the graph as it is; by now a middleware may be its provider. */
static edge_t *find_edge(const graph_t *graph, const plan_edge_t *pe) {
    const node_t *consumer = NULL;
    if (pe->edge->consumer) {
        consumer = weft_graph_node(graph, pe->edge->consumer->path);
        if (!consumer) return NULL;
    }
    const edge_list_t *list = consumer ? &consumer->consumes : &graph->host_consumes;
    for (uint32_t i = 0; i < list->count; i++)
        if (weft_str_eq(list->items[i]->name, pe->edge->name)) return list->items[i];
    return NULL;
}

/* Each instance of a middleware has a name of its own. */
static weft_error_t *name_instance(work_t *work, plan_step_t *step, weft_str_t *name) {
    weft_str_t base = step->name;
    uint32_t n = ++step->instance_count;
    if (n == 1) {
        *name = base;
        return NULL;
    }
    char *text = ARENA_ARRAY(&work->plan->arena, char, base.len + 16);
    if (!text) return weft_error_oom();
    snprintf(text, base.len + 16, "%.*s-%u", STR_ARG(base), n);
    *name = weft_str(text);
    return NULL;
}

/* The path of a node at a level. */
static weft_error_t *path_at(work_t *work, const node_t *parent, weft_str_t name,
                             weft_str_t *path) {
    if (!parent) {
        *path = name;
        return NULL;
    }
    size_t size = parent->path.len + name.len + 2;
    char *text = ARENA_ARRAY(&work->plan->arena, char, size);
    if (!text) return weft_error_oom();
    snprintf(text, size, "%.*s/%.*s", STR_ARG(parent->path), STR_ARG(name));
    *path = weft_str(text);
    return NULL;
}

/* What the instances of a step on an edge are given for its wires; nothing when it has none. */
static weft_error_t *find_givens(work_t *work, const plan_edge_t *pe, plan_place_t **place) {
    *place = weft_plan_place_for(pe->step, pe->edge);
    work->givens.count = 0;
    if (!*place) return NULL;
    TRY(weft_plan_givens(work->plan, work->graph, *place, &work->givens));
    for (size_t i = 0; i < work->givens.count; i++)
        if (!work->givens.items[i].from) return lost(pe);
    return NULL;
}

static weft_error_t *note_instance(plan_place_t *place, weft_str_t path) {
    return place ? VEC_PUSH(&place->instances, path) : NULL;
}

/* On an edge of the composition; those before `first` are wired. */
static weft_error_t *wire_between(work_t *work, plan_edge_t *first, wire_job_t *job) {
    const plan_edge_t *end = first->step->edges + first->step->edge_count;
    work->edges.count = 0;
    for (plan_edge_t *pe = first; pe < end; pe++) {
        if (pe->way != WAY_WIRE || !weft_plan_same_wiring(pe, first)) continue;
        edge_t *edge = find_edge(work->graph, pe);
        if (!edge) return lost(pe);
        pe->instance_path = first->instance_path;
        const def_t *import = weft_middleware_import(pe->step->middleware, pe->edge->interface);
        weft_str_t name = import ? import->import.name.name : STR_LIT("");
        TRY(VEC_PUSH(&work->edges, (wire_edge_t){edge, name, pe->export->name}));
    }
    job->edges = work->edges.items;
    job->edge_count = work->edges.count;
    job->together = first->step->middleware->joined;
    return weft_wire_in(work->graph, job);
}

static weft_error_t *give_once(weft_str_t name, const weave_given_t *given,
                               weave_givens_t *givens) {
    for (size_t i = 0; i < givens->count; i++) {
        const weave_given_t *other = &givens->items[i];
        if (!weft_str_eq(other->import, given->import)) continue;
        bool same = other->from == given->from && weft_str_eq(other->export_, given->export_);
        return same ? NULL : weft_wire_differs(name, given->import);
    }
    return VEC_PUSH(givens, *given);
}

/* Adds what the wire gives now to the middleware at its other end; it is for the import of the one that comes between. */
static weft_error_t *take_from_wire(work_t *work, const plan_edge_t *pe, weft_str_t import,
                                    weave_givens_t *givens) {
    weave_givens_t all = {0};
    const plan_place_t *place = weft_plan_place(work->plan, pe->edge);
    weft_error_t *error = weft_plan_givens(work->plan, work->graph, place, &all);
    for (size_t i = 0; i < all.count && !error; i++) {
        weave_given_t given = all.items[i];
        if (!weft_str_eq(given.import, pe->edge->name)) continue;
        given.import = import;
        error = give_once(pe->step->name, &given, givens);
    }
    VEC_FREE(&all);
    return error;
}

static weft_error_t *take_from_wires(work_t *work, const plan_edge_t *first,
                                     weave_givens_t *givens) {
    const middleware_t *m = first->step->middleware;
    const plan_edge_t *end = first->step->edges + first->step->edge_count;
    for (const plan_edge_t *pe = first; pe < end; pe++) {
        const def_t *import = weft_middleware_import(m, pe->edge->interface);
        if (!import || pe->way != WAY_WIRE || !weft_plan_same_wiring(pe, first)) continue;
        TRY(take_from_wire(work, pe, import->import.name.name, givens));
    }
    return weft_given_companions(m->document->root, givens);
}

/* On a wire: the middleware at its other end is put there later, and takes this one then. */
static weft_error_t *wire_ahead(work_t *work, plan_edge_t *first, const plan_place_t *wire,
                                wire_job_t *job) {
    const node_t *level = wire->node.parent;
    weave_givens_t givens = {0};
    if (level) level = weft_graph_node(work->graph, level->path);
    if (!level && wire->node.parent) return lost(first);
    weft_error_t *error = take_from_wires(work, first, &givens);
    for (size_t i = 0; i < job->given_count && !error; i++)
        error = VEC_PUSH(&givens, job->givens[i]);
    job->givens = givens.items;
    job->given_count = givens.count;
    scope_t *scope = level ? level->inside->scope : work->graph->document->root;
    if (!error) error = weft_wire_ahead(scope, job);
    VEC_FREE(&givens);
    return error;
}

/* One instance for all edges that share it. */
static weft_error_t *wire_group(work_t *work, plan_edge_t *first) {
    plan_step_t *step = first->step;
    const edge_t *edge = first->edge;
    plan_place_t *place, *wire = weft_plan_place(work->plan, edge);
    weft_str_t name, path;
    TRY(need_graph(work));
    TRY(name_instance(work, step, &name));
    TRY(path_at(work, edge->consumer ? edge->consumer->parent : NULL, name, &path));
    TRY(find_givens(work, first, &place));
    wire_job_t job = {.name = name,
                      .middleware = step->middleware->bytes,
                      .givens = work->givens.items,
                      .given_count = work->givens.count,
                      .census = &work->census};
    weft_error_t *error = NULL;
    if (wire) error = wire_ahead(work, first, wire, &job);
    first->instance_path = path;
    for (uint32_t i = 0; wire && i < step->edge_count; i++)
        if (weft_plan_same_wiring(&step->edges[i], first)) step->edges[i].instance_path = path;
    if (!wire) error = wire_between(work, first, &job);
    work->wired = true;
    forget_for_wires(work);
    return error ? error : note_instance(place, path);
}

static weft_error_t *wire_step(work_t *work, plan_step_t *step) {
    for (uint32_t i = 0; i < step->edge_count; i++)
        if (step->edges[i].way == WAY_WIRE && !step->edges[i].instance_path.ptr)
            TRY(wire_group(work, &step->edges[i]));
    return NULL;
}

/* The host takes what an export of the root gives: nothing compares that with what the provider gave. All it gave
 * must still be there; of which types is the middleware's business, as resources may be its own. */
static weft_error_t *check_for_host(work_t *work, const plan_edge_t *pe,
                                    const extern_type_t *wired) {
    extern_type_t provided;
    if (!pe->edge->given || pe->edge->sort != SORT_INSTANCE) return NULL;
    TRY(weft_typing_def(work->pool, pe->edge->given, &provided));
    const extern_list_t *exports = &provided.type->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        const extern_item_t *same = weft_instance_type_find(wired->type, item->name);
        if (!same || same->type.sort != item->type.sort)
            return weft_error_new(WEFT_MISMATCH,
                                  "its %.*s has no %s \"%.*s\", which the host gets now",
                                  STR_ARG(pe->edge->interface), weft_sort_words(item->type.sort),
                                  STR_ARG(item->name));
    }
    return NULL;
}

/* Types are compared by typing what was made: the instance of the middleware against what it is given, then
 * the consumer against the middleware. */
static weft_error_t *check_wired(work_t *work, const plan_edge_t *pe) {
    extern_type_t type;
    TRY(need_graph(work));
    const node_t *wired = weft_graph_node(work->graph, pe->instance_path); /* if it has code */
    if (wired) TRY(weft_typing_def(work->pool, wired->instance, &type));
    if (weft_plan_place(work->plan, pe->edge)) return NULL; /* its consumer is there later */
    const edge_t *edge = find_edge(work->graph, pe);
    if (!edge || !edge->wanted) return lost(pe);
    def_t *user = edge->consumer ? edge->consumer->instance : edge->wanted;
    TRY(weft_typing_def(work->pool, user, &type));
    return edge->consumer ? NULL : check_for_host(work, pe, &type);
}

static weft_error_t *does_not_fit(const plan_t *plan, const plan_edge_t *pe, weft_error_t *reason) {
    weft_str_t from = weft_node_name(pe->edge->consumer), to = weft_node_name(pe->edge->provider);
    weft_error_t *error = weft_yaml_error(
        &plan->rules->file, pe->step->inject->at, "`%.*s` does not fit between `%.*s` and `%.*s`",
        STR_ARG(pe->step->inject->name.str), STR_ARG(from), STR_ARG(to));
    return explain(pe->step, weft_error_because(error, reason));
}

/* On a wire: the consumers are those that the wire is one of, which are there by now. */
static weft_error_t *check_ahead(work_t *work, const plan_edge_t *pe) {
    const plan_place_t *place = weft_plan_place(work->plan, pe->edge);
    extern_type_t type;
    if (!place) return NULL;
    TRY(need_graph(work));
    for (size_t i = 0; i < place->instances.count; i++) {
        const node_t *user = weft_graph_node(work->graph, place->instances.items[i]);
        if (!user) return lost(pe);
        TRY(weft_typing_def(work->pool, user->instance, &type));
    }
    return NULL;
}

typedef weft_error_t *(*check_t)(work_t *work, const plan_edge_t *pe);

static weft_error_t *check_all_wired(work_t *work, check_t check, const apply_options_t *options,
                                     findings_t *warnings) {
    plan_t *plan = work->plan;
    findings_t errors = {0};
    weft_error_t *fatal = NULL;
    for (uint32_t s = 0; s < plan->step_count && !fatal; s++) {
        for (uint32_t i = 0; i < plan->steps[s].edge_count && !fatal; i++) {
            const plan_edge_t *pe = &plan->steps[s].edges[i];
            weft_error_t *error = pe->way == WAY_WIRE ? check(work, pe) : NULL;
            if (!error) continue;
            weft_code_t code = weft_error_code(error);
            if (code != WEFT_MISMATCH && code != WEFT_INVALID && code != WEFT_NOT_FOUND)
                fatal = error;
            else if (check == check_ahead && errors.count)
                weft_error_delete(
                    error); /* that of the first wire is told: the instance is wrong */
            else
                weft_findings_add(options->skip_type_check ? warnings : &errors,
                                  does_not_fit(plan, pe, error));
        }
    }
    weft_findings_add(&errors, fatal);
    return weft_findings_take(&errors);
}

/* Steps from the last to the first: each is put in front of those nearer to the provider. */
static weft_error_t *wire_all(work_t *work, const apply_options_t *options, findings_t *warnings) {
    plan_t *plan = work->plan;
    for (uint32_t s = plan->step_count; s-- > 0;)
        TRY(at_step(plan, &plan->steps[s], wire_step(work, &plan->steps[s])));
    if (!work->wired) return NULL;
    forget_graph(work);
    weft_typing_forget_edits(plan->graph->document);
    return check_all_wired(work, check_wired, options, warnings);
}

/* ---- weaving -------------------------------------------------------------------------------- */

/* The path of the node at the end of the segment where the hook is woven. The consumer of a wire is several nodes; `i`
 * counts them. False: no more. */
static bool find_node(const plan_t *plan, const plan_edge_t *pe, size_t i, weft_str_t *path) {
    const plan_edge_t *wired = pe->way == WAY_PROVIDER ? pe->after : pe->before;
    const node_t *end = pe->way == WAY_PROVIDER ? pe->edge->provider : pe->edge->consumer;
    const plan_place_t *place = weft_plan_place(plan, pe->edge);
    if (!wired && place && end == &place->node) {
        if (i < place->instances.count) *path = place->instances.items[i];
        return i < place->instances.count;
    }
    *path = wired ? wired->instance_path : end->path;
    return i == 0;
}

static weft_str_t port_name(const plan_edge_t *pe) {
    if (pe->way == WAY_PROVIDER)
        return pe->after ? pe->after->export->name : pe->edge->given->export_.name.name;
    if (!pe->before) return pe->edge->wanted->import.name.name;
    const middleware_t *m = pe->before->step->middleware;
    return weft_middleware_import(m, pe->edge->interface)->import.name.name;
}

static def_t *find_port(const node_t *node, way_t way, weft_str_t name) {
    const scope_facts_t *facts = node->inside->facts;
    if (way == WAY_PROVIDER) return weft_scope_export(facts, name);
    for (uint32_t i = 0; i < facts->import_count; i++)
        if (weft_str_eq(facts->imports[i]->import.name.name, name)) return facts->imports[i];
    return NULL;
}

static void forget_sites(work_t *work) {
    work->sites.count = 0;
    weft_map_free(&work->known_sites);
    weft_arena_free(&work->keys);
}

/* Whether this is the first time that the site is seen. */
static weft_error_t *is_new_site(work_t *work, const context_t *node, const def_t *port,
                                 bool *is_new) {
    const site_key_t wanted = {node, port};
    *is_new = !weft_map_get(&work->known_sites, (weft_str_t){(const char *)&wanted, sizeof wanted});
    if (!*is_new) return NULL;
    site_key_t *key = ARENA_NEW(&work->keys, site_key_t);
    if (!key) return weft_error_oom();
    *key = wanted;
    return weft_map_set(&work->known_sites, (weft_str_t){(const char *)key, sizeof *key}, key);
}

/* Edges that share a port share its site. */
static weft_error_t *add_site(work_t *work, const plan_edge_t *pe, weft_str_t path) {
    node_t *node = weft_graph_node(work->graph, path);
    def_t *port = node && node->inside ? find_port(node, pe->way, port_name(pe)) : NULL;
    if (!port) return lost(pe);
    bool is_new;
    TRY(is_new_site(work, node->inside, port, &is_new));
    if (!is_new) return NULL;
    weave_site_t site = weft_plan_site(pe);
    site.node = node->inside;
    site.port = port;
    return VEC_PUSH(&work->sites, site);
}

static weft_error_t *add_sites(work_t *work, const plan_edge_t *pe) {
    weft_str_t path;
    TRY(need_graph(work));
    for (size_t i = 0; find_node(work->plan, pe, i, &path); i++) TRY(add_site(work, pe, path));
    return NULL;
}

/* Where the middleware stands, and what it gets for its wires. */
static weft_error_t *fill_wires(work_t *work, const plan_edge_t *pe, plan_place_t **place,
                                weave_job_t *job) {
    TRY(find_givens(work, pe, place));
    if (!*place) return NULL;
    const node_t *level = (*place)->node.parent;
    if (level) level = weft_graph_node(work->graph, level->path);
    if (!level && (*place)->node.parent) return lost(pe);
    job->level = level ? level->inside : weft_resolver_root(work->graph->resolver);
    job->givens = work->givens.items;
    job->given_count = work->givens.count;
    return NULL;
}

/* Puts an instance of a step on the sites; `pe` is one of its edges. */
static weft_error_t *run_job(work_t *work, const plan_edge_t *pe) {
    plan_step_t *step = pe->step;
    plan_place_t *place;
    weft_str_t path;
    weave_job_t job = {.middleware = step->middleware->bytes,
                       .sites = work->sites.items,
                       .site_count = work->sites.count};
    TRY(name_instance(work, step, &job.name));
    TRY(fill_wires(work, pe, &place, &job));
    weft_error_t *error = weft_weave(work->weaver, work->graph->resolver, &job);
    forget_sites(work);
    if (error) forget_graph(work);
    else forget_for_wires(work);
    if (error || !place) return error;
    TRY(path_at(work, place->node.parent, job.name, &path));
    return note_instance(place, path);
}

static bool is_woven(const plan_edge_t *pe) {
    return pe->way == WAY_PROVIDER || pe->way == WAY_CONSUMER;
}

/* One job for all edges, or with `instances: per-edge` one for each. */
static weft_error_t *weave_step(work_t *work, const plan_step_t *step) {
    const plan_edge_t *last = NULL;
    for (uint32_t i = 0; i < step->edge_count; i++) {
        if (!is_woven(&step->edges[i])) continue;
        last = &step->edges[i];
        TRY(add_sites(work, last));
        if (step->inject->per_edge && work->sites.count) TRY(run_job(work, last));
    }
    return work->sites.count ? run_job(work, last) : NULL;
}

static weft_error_t *weave_all(work_t *work) {
    plan_t *plan = work->plan;
    TRY(weft_weaver_new(plan->graph->document, work->pool, &work->weaver));
    for (uint32_t s = 0; s < plan->step_count; s++)
        TRY(at_step(plan, &plan->steps[s], weave_step(work, &plan->steps[s])));
    return NULL;
}

/* ---- all of it ------------------------------------------------------------------------------ */

weft_error_t *weft_plan_apply(plan_t *plan, type_pool_t *pool, const apply_options_t *options,
                              findings_t *warnings) {
    work_t work = {.plan = plan, .pool = pool, .graph = plan->graph};
    weft_error_t *error = wire_all(&work, options, warnings);
    if (!error) error = weave_all(&work);
    if (work.graph) forget_graph(&work);
    weft_typing_forget_edits(plan->graph->document);
    if (!error) error = check_all_wired(&work, check_ahead, options, warnings);
    if (work.graph) forget_graph(&work);
    forget_sites(&work);
    VEC_FREE(&work.sites);
    VEC_FREE(&work.edges);
    VEC_FREE(&work.givens);
    weft_weaver_delete(work.weaver);
    return error;
}
