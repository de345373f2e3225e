#include "splice/plan.h"

#include "splice/order.h"
#include "splice/wires.h"

#include <stdio.h>

const char *weft_way_name(way_t way) {
    static const char *const names[] = {"unknown", "wire", "provider", "consumer"};
    return names[way];
}

typedef struct planner {
    plan_t *plan;
    middlewares_t *middlewares;
    const plan_options_t *options;
    findings_t errors, warnings;
    findings_t unmatched; /* errors or warnings, see weft_plan_make */
    edges_t *selected;    /* rule -> edges */
} planner_t;

#define PLAN_ERROR(planner, at, ...)                                                               \
    weft_yaml_error(&(planner)->plan->rules->file, (at), __VA_ARGS__)

weft_error_t *weft_plan_error(const plan_t *plan, const plan_step_t *step, weft_error_t *error) {
    weft_error_t *placed =
        weft_yaml_error(&plan->rules->file, step->inject->at, "`%.*s`: %.*s",
                        STR_ARG(step->inject->name.str), STR_ARG(weft_error_message(error)));
    return weft_error_take_notes(placed, error);
}

/* ---- steps ---------------------------------------------------------------------------------- */

/* Whether a node, at any level, is called `name`, or as the instances and the adapter of such a middleware are:
 * `name-2`, `name-adapter`. */
static bool is_taken(const graph_t *graph, weft_str_t name) {
    for (uint32_t i = 0; i < graph->node_count; i++) {
        weft_str_t other = graph->nodes[i].name;
        if (other.len < name.len || memcmp(other.ptr, name.ptr, name.len) != 0) continue;
        weft_str_t rest = {other.ptr + name.len, other.len - name.len};
        bool numbered =
            rest.len > 1 && rest.ptr[0] == '-' && rest.ptr[1] >= '0' && rest.ptr[1] <= '9';
        if (!rest.len || numbered || weft_str_eq(rest, STR_LIT("-adapter"))) return true;
    }
    return false;
}

/* Another name where nodes of the composition bear it already. */
static weft_error_t *unique_name(plan_t *plan, weft_str_t wanted, weft_str_t *name) {
    *name = wanted;
    for (unsigned n = 2; is_taken(plan->graph, *name); n++) {
        char *text = ARENA_ARRAY(&plan->arena, char, wanted.len + 16);
        if (!text) return weft_error_oom();
        snprintf(text, wanted.len + 16, "%.*s-%u", STR_ARG(wanted), n);
        *name = weft_str(text);
    }
    return NULL;
}

static weft_error_t *check_file(planner_t *planner, const inject_t *inject) {
    if (inject->path.str.ptr || inject->builtin.str.ptr || !planner->options->need_files)
        return NULL;
    weft_error_t *error =
        PLAN_ERROR(planner, inject->name.at, "`%.*s` has no `path`", STR_ARG(inject->name.str));
    weft_findings_add(&planner->errors,
                      weft_error_with_help(error, "say which component file it is; "
                                                  "only --plan does without"));
    return NULL;
}

static weft_error_t *check_config(planner_t *planner, const inject_t *inject,
                                  const middleware_t *m) {
    if (!inject->config || !inject->config->count || !m || m->made.len) return NULL;
    weft_error_t *warning = PLAN_ERROR(planner, inject->config->at, "`%.*s` reads no `config`",
                                       STR_ARG(inject->name.str));
    weft_findings_add(&planner->warnings,
                      weft_error_with_note(warning, "it does not import "
                                                    "`splicer:builtin-config/get@0.1.0`"));
    return NULL;
}

static weft_error_t *make_step(planner_t *planner, const rule_t *rule, const inject_t *inject,
                               const edges_t *edges, plan_step_t *step) {
    plan_t *plan = planner->plan;
    middleware_t *middleware = NULL;
    weft_error_t *error =
        weft_middleware_load(planner->middlewares, plan->rules, inject, &middleware);
    weft_findings_add(&planner->errors, error);
    TRY(check_file(planner, inject));
    TRY(check_config(planner, inject, middleware));
    if (middleware) TRY(weft_middleware_join(middleware, plan->pool));
    *step = (plan_step_t){.rule = rule, .inject = inject, .middleware = middleware};
    TRY(unique_name(plan, inject->name.str, &step->name));
    step->edges = ARENA_ARRAY(&plan->arena, plan_edge_t, edges->count);
    step->edge_limit = (uint32_t)plan->edges.count;
    step->by_edge = ARENA_ARRAY(&plan->arena, plan_edge_t *, step->edge_limit);
    if ((edges->count && !step->edges) || (step->edge_limit && !step->by_edge))
        return weft_error_oom();
    step->edge_count = (uint32_t)edges->count;
    for (uint32_t i = 0; i < step->edge_count; i++) {
        step->edges[i] = (plan_edge_t){.edge = edges->items[i], .step = step};
        step->by_edge[edges->items[i]->index] = &step->edges[i];
    }
    return NULL;
}

/* ---- which kind ----------------------------------------------------------------------------- */

/* Names the middleware with what it exports; the edge's interface is what was wanted. */
static weft_error_t *fits_nowhere(planner_t *planner, const plan_edge_t *pe) {
    const middleware_t *m = pe->step->middleware;
    weft_str_t interface = pe->edge->interface;
    weft_error_t *error = PLAN_ERROR(planner, pe->step->inject->at,
                                     "`%.*s` cannot be put on `%.*s`: it exports neither this "
                                     "interface nor hooks",
                                     STR_ARG(pe->step->inject->name.str), STR_ARG(interface));
    buf_t list = {0};
    weft_middleware_list_exports(&list, m);
    if (!list.failed)
        error = weft_error_with_note(error, "%.*s exports %.*s", STR_ARG(m->path),
                                     STR_ARG(weft_buf_as_str(&list)));
    weft_buf_free(&list);
    return weft_error_with_help(error,
                                "it may export `%.*s` itself, or `before`, `after` or `gate` of "
                                "`weft:hooks@0.1.0`, or `before`, `after` or `blocking` of "
                                "`splicer:tier1@0.3.0`",
                                STR_ARG(interface));
}

static weft_error_t *tier_is_missing(planner_t *planner, const plan_edge_t *pe) {
    const plan_step_t *step = pe->step;
    weft_error_t *error = PLAN_ERROR(planner, step->inject->at,
                                     "`%.*s` has hooks of tier %u, which needs a proxy; weft "
                                     "makes none yet",
                                     STR_ARG(step->inject->name.str), step->middleware->tier);
    return weft_error_with_help(error, "hooks of tier 1 work today");
}

static how_t how_of(const planner_t *planner, const rule_t *rule) {
    return rule->how == HOW_AUTO ? planner->options->how : rule->how;
}

static weft_error_t *check_wired(planner_t *planner, const plan_edge_t *pe) {
    const plan_step_t *step = pe->step;
    if (!weft_rule_limits(step->rule, pe->edge)) return NULL;
    weft_error_t *error = PLAN_ERROR(planner, step->inject->at,
                                     "`%.*s` stands for the whole interface, the rule means some "
                                     "functions of it",
                                     STR_ARG(step->inject->name.str));
    return weft_error_with_note(error, "it exports `%.*s` itself", STR_ARG(pe->export->name));
}

static weft_error_t *check_hooks(planner_t *planner, const plan_edge_t *pe) {
    const plan_step_t *step = pe->step;
    if (step->middleware->tier > 1) return tier_is_missing(planner, pe);
    bool first = step->inject == step->rule->injects; /* said once for a rule */
    if (first && how_of(planner, step->rule) == HOW_PROXY)
        return PLAN_ERROR(planner, step->rule->at, "rule %u asks for a proxy; weft makes none yet",
                          step->rule->number);
    return NULL;
}

/* A step with something wrong is reported once, not for each edge. */
static void classify_step(planner_t *planner, plan_step_t *step) {
    weft_error_t *wrong = NULL;
    for (uint32_t i = 0; i < step->edge_count && step->middleware && !wrong; i++) {
        plan_edge_t *pe = &step->edges[i];
        pe->export = weft_middleware_export(step->middleware, pe->edge->interface);
        if (pe->export) {
            pe->way = WAY_WIRE;
            pe->why = weft_plan_replaces(pe)
                          ? "it exports the interface itself, and stands for the provider: "
                            "it does not import it"
                          : "it exports the interface itself";
            wrong = check_wired(planner, pe);
        } else if (step->middleware->family) {
            pe->way = WAY_CONSUMER; /* or the provider's side: weft_plan_sides */
            wrong = check_hooks(planner, pe);
        } else {
            wrong = fits_nowhere(planner, pe);
        }
    }
    weft_findings_add(&planner->errors, wrong);
}

/* ---- chains --------------------------------------------------------------------------------- */

static void link_chain(chain_t *chain) {
    const plan_edge_t *wired = NULL;
    for (uint32_t i = 0; i < chain->count; i++) {
        chain->items[i]->position = i;
        chain->items[i]->before = wired;
        if (chain->items[i]->way == WAY_WIRE) wired = chain->items[i];
    }
    wired = NULL;
    for (uint32_t i = chain->count; i-- > 0;) {
        chain->items[i]->after = wired;
        if (chain->items[i]->way == WAY_WIRE) wired = chain->items[i];
    }
}

/* Behind what stands for the provider nothing is reached. Said once for a middleware. */
static void warn_unreached(planner_t *planner, const plan_step_t *step) {
    for (uint32_t i = 0; i < step->edge_count; i++) {
        const plan_edge_t *end = step->edges[i].before;
        while (end && !weft_plan_replaces(end)) end = end->before;
        if (!end) continue;
        const edge_t *edge = step->edges[i].edge;
        weft_str_t from = weft_node_name(edge->consumer), to = weft_node_name(edge->provider);
        weft_error_t *warning =
            PLAN_ERROR(planner, step->inject->at, "`%.*s` gets no call of `%.*s` to `%.*s`",
                       STR_ARG(step->inject->name.str), STR_ARG(from), STR_ARG(to));
        weft_findings_add(&planner->warnings,
                          weft_error_with_note(warning, "`%.*s` before it does not import `%.*s`",
                                               STR_ARG(end->step->inject->name.str),
                                               STR_ARG(edge->interface)));
        return;
    }
}

static weft_error_t *make_chains(plan_t *plan) {
    uint32_t edges = (uint32_t)plan->edges.count;
    plan->chains = ARENA_ARRAY(&plan->arena, chain_t, edges);
    if (edges && !plan->chains) return weft_error_oom();
    for (uint32_t e = 0; e < edges; e++) {
        chain_t *chain = &plan->chains[e];
        const edge_t *edge = plan->edges.items[e];
        uint32_t count = 0;
        for (uint32_t s = 0; s < plan->step_count; s++)
            count += weft_plan_at(&plan->steps[s], edge) != NULL;
        if (!count) continue;
        chain->items = ARENA_ARRAY(&plan->arena, plan_edge_t *, count);
        if (!chain->items) return weft_error_oom();
        for (uint32_t s = 0; s < plan->step_count; s++)
            if (weft_plan_at(&plan->steps[s], edge))
                chain->items[chain->count++] = weft_plan_at(&plan->steps[s], edge);
        link_chain(chain);
    }
    return NULL;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* One rule on the edges as the rules before it left them. */
static weft_error_t *make_rule(planner_t *planner, const rule_t *rule, edges_t *selected) {
    plan_t *plan = planner->plan;
    uint32_t first = plan->step_count;
    TRY(weft_select(plan->graph, &plan->edges, rule, selected));
    plan->selected[rule->number - 1] = (uint32_t)selected->count;
    if (!selected->count && !planner->options->allow_unmatched)
        weft_findings_add(&planner->unmatched,
                          weft_unmatched(plan->graph, &plan->edges, plan->rules, rule));
    for (uint32_t k = 0; k < rule->inject_count; k++) {
        plan_step_t *step = &plan->steps[plan->step_count++];
        TRY(make_step(planner, rule, &rule->injects[k], selected, step));
        classify_step(planner, step);
    }
    for (uint32_t s = first; s < plan->step_count; s++)
        TRY(weft_plan_wires(plan, &plan->steps[s], &planner->errors));
    return NULL;
}

static weft_error_t *prepare(planner_t *planner) {
    plan_t *plan = planner->plan;
    size_t count = 0;
    for (uint32_t i = 0; i < plan->rules->count; i++) count += plan->rules->items[i].inject_count;
    plan->steps = ARENA_ARRAY(&plan->arena, plan_step_t, count);
    plan->selected = ARENA_ARRAY(&plan->arena, uint32_t, plan->rules->count);
    if ((count && !plan->steps) || (plan->rules->count && !plan->selected)) return weft_error_oom();
    for (uint32_t e = 0; e < plan->graph->edge_count; e++)
        TRY(VEC_PUSH(&plan->edges, &plan->graph->edges[e]));
    return NULL;
}

static weft_error_t *make(planner_t *planner) {
    plan_t *plan = planner->plan;
    TRY(prepare(planner));
    for (uint32_t i = 0; i < plan->rules->count; i++)
        TRY(make_rule(planner, &plan->rules->items[i], &planner->selected[i]));
    TRY(make_chains(plan));
    for (uint32_t s = 0; s < plan->step_count; s++) warn_unreached(planner, &plan->steps[s]);
    if (planner->errors.count) return NULL;
    TRY(weft_plan_check_wires(plan, planner->options->skip_type_check ? &planner->warnings
                                                                      : &planner->errors));
    TRY(weft_order_new(plan, &planner->errors));
    TRY(weft_plan_sides(plan, &planner->errors));
    return weft_plan_warn_async(plan, &planner->warnings);
}

static bool any_selected(const plan_t *plan) {
    for (uint32_t i = 0; i < plan->rules->count; i++)
        if (plan->selected[i]) return true;
    return false;
}

weft_error_t *weft_plan_make(graph_t *graph, const rules_t *rules, middlewares_t *middlewares,
                             type_pool_t *pool, const plan_options_t *options, plan_t *plan) {
    *plan = (plan_t){.graph = graph, .rules = rules, .pool = pool};
    planner_t planner = {.plan = plan, .middlewares = middlewares, .options = options};
    planner.selected = ARENA_ARRAY(&plan->arena, edges_t, rules->count);
    weft_error_t *fatal = NULL;
    if (rules->count && !planner.selected) fatal = weft_error_oom();
    if (!fatal) fatal = weft_weaver_new(graph->document, pool, &plan->weaver);
    if (!fatal) fatal = make(&planner);
    weft_findings_add(&planner.errors, fatal);
    /* A rule that selects nothing is a warning as long as another one does something. */
    bool fails = options->strict || (!fatal && !any_selected(plan));
    weft_findings_add_all(fails ? &planner.errors : &planner.warnings, &planner.unmatched);
    for (uint32_t i = 0; planner.selected && i < rules->count; i++) VEC_FREE(&planner.selected[i]);
    plan->warnings = weft_findings_take(&planner.warnings);
    return weft_findings_take(&planner.errors);
}

bool weft_plan_replaces(const plan_edge_t *pe) {
    return pe->way == WAY_WIRE &&
           !weft_middleware_import(pe->step->middleware, pe->edge->interface);
}

void weft_plan_free(plan_t *plan) {
    for (uint32_t s = 0; s < plan->step_count; s++)
        for (uint32_t i = 0; i < plan->steps[s].place_count; i++)
            VEC_FREE(&plan->steps[s].places[i].instances);
    VEC_FREE(&plan->edges);
    weft_order_delete(plan->order);
    weft_error_delete(plan->warnings);
    weft_weaver_delete(plan->weaver);
    weft_arena_free(&plan->arena);
    *plan = (plan_t){0};
}
