/* Which end of its segment each hook is woven at (splice.md, Which side). */
#include "splice/order.h"
#include "splice/plan.h"

/* What of the wiring an edge hangs on: the argument of the consumer's instance, or the root's export. */
static const void *wiring(const edge_t *edge) {
    if (edge->arg) return edge->arg->def;
    return edge->consumer ? NULL : edge->wanted->export_.target;
}

static const scope_t *wiring_scope(const edge_t *edge) {
    if (edge->arg) return edge->consumer->outside->scope;
    return edge->wanted ? edge->wanted->scope : NULL;
}

/* What stands for a provider takes nothing from it, so one instance stands for all that it exports. Nor can the interfaces
 * of one that has resources of its own in several be of several instances. */
static bool stands_for_all(const plan_edge_t *pe) {
    return weft_plan_replaces(pe) || (pe->step->middleware && pe->step->middleware->joined);
}

static bool same_provider(const edge_t *a, const edge_t *b) {
    if (a->provider != b->provider) return false;
    if (wiring_scope(a)) return wiring_scope(a) == wiring_scope(b);
    return !wiring_scope(b) && a->consumer && b->consumer &&
           a->consumer->parent == b->consumer->parent; /* wires, of one level */
}

bool weft_plan_same_wiring(const plan_edge_t *a, const plan_edge_t *b) {
    if (a == b) return true;
    if (!a || !b) return false;
    if (a->step != b->step || a->step->inject->per_edge) return false;
    /* most pairs, told apart without a look into the middleware */
    if (a->edge->provider != b->edge->provider && wiring(a->edge) != wiring(b->edge)) return false;
    if (stands_for_all(a) && stands_for_all(b)) return same_provider(a->edge, b->edge);
    return wiring(a->edge) && wiring(a->edge) == wiring(b->edge) &&
           wiring_scope(a->edge) == wiring_scope(b->edge) &&
           weft_plan_same_wiring(a->after, b->after);
}

static bool selects(weft_str_t function, void *context) {
    const plan_edge_t *pe = context;
    return weft_rule_means(pe->step->rule, pe->edge, function);
}

weave_site_t weft_plan_site(const plan_edge_t *pe) {
    weave_site_t site = {.interface = pe->edge->interface};
    if (pe->edge->sort != SORT_INSTANCE) site.interface = STR_LIT("");
    if (weft_rule_limits(pe->step->rule, pe->edge)) {
        site.selects = selects;
        site.context = (void *)(uintptr_t)pe;
    }
    return site;
}

/* Whether hooks of a step are woven together next to two edges where something is wired in: next to one export of it; with
 * wires of their own, which all its consumers come to need, next to all of it. */
static bool woven_together(const plan_step_t *step, const plan_edge_t *a, const plan_edge_t *b) {
    return weft_plan_same_wiring(a, b) && (step->wire_count || a->export == b->export);
}

/* Whether all edges that share the wired instance `wired` have `step` in the segment next to it. */
static bool covers_wired(const plan_step_t *step, const plan_edge_t *wired, bool towards_consumer) {
    for (uint32_t i = 0; i < wired->step->edge_count; i++) {
        const plan_edge_t *mate = &wired->step->edges[i];
        if (!woven_together(step, mate, wired)) continue;
        const plan_edge_t *own = weft_plan_at(step, mate->edge);
        if (!own || (towards_consumer ? own->after : own->before) != mate) return false;
    }
    return true;
}

/* Whether the rule means the same functions of two edges of one export. */
static bool means_the_same(const rule_t *rule, const edge_t *a, const edge_t *b) {
    if (!weft_rule_limits(rule, a) && !weft_rule_limits(rule, b)) return true;
    for (uint32_t i = 0; i < a->member_count; i++)
        if (weft_rule_means(rule, a, a->members[i].name) !=
            weft_rule_means(rule, b, a->members[i].name))
            return false;
    return true;
}

/* Hooks nearer to the provider in the same segment that are woven into the consumer: what comes before
 * them must be woven there, too. */
static bool something_inner_is_in_consumer(const plan_t *plan, const plan_edge_t *pe) {
    const chain_t *chain = &plan->chains[pe->edge->index];
    for (uint32_t i = pe->position + 1; i < chain->count; i++) {
        if (chain->items[i]->way == WAY_WIRE) return false;
        if (chain->items[i]->way == WAY_CONSUMER) return true;
    }
    return false;
}

/* NULL: the provider's end serves this edge; else why not. */
static const char *why_not_provider(const plan_t *plan, const plan_edge_t *pe) {
    if (pe->step->middleware->has_gate) return "a gate decides before anything is lowered";
    if (something_inner_is_in_consumer(plan, pe)) return "what comes after it is woven there";
    if (pe->after) return NULL;
    if (!pe->edge->provider) return "the host provides it";
    if (!pe->edge->given || pe->edge->given->kind != DEF_EXPORT)
        return "the provider has no export";
    return NULL;
}

/* Before something wired in: all edges that share it are woven together. */
static const char *check_wired_provider(const plan_t *plan, const plan_edge_t *pe) {
    const plan_step_t *wired = pe->after->step;
    if (!covers_wired(pe->step, pe->after, true)) return "what comes after it is shared";
    const char *why_not = NULL;
    for (uint32_t i = 0; i < wired->edge_count && !why_not; i++)
        if (woven_together(pe->step, &wired->edges[i], pe->after))
            why_not = why_not_provider(plan, weft_plan_at(pe->step, wired->edges[i].edge));
    return why_not;
}

/* All edges of a provider in turn, those of wires at the end; NULL: no more. */
static edge_t *edge_of_provider(const plan_t *plan, const node_t *provider, size_t i) {
    if (i < provider->provides.count) return provider->provides.items[i];
    size_t index = plan->graph->edge_count + (i - provider->provides.count);
    return index < plan->edges.count ? plan->edges.items[index] : NULL;
}

static bool same_export(const edge_t *a, const edge_t *b) {
    return a->provider == b->provider && a->given == b->given;
}

static const char wired_later[] = "a later rule wires another consumer to the provider";

/* Another edge of the same export: all of them are woven together. */
static const char *check_mate(const plan_t *plan, const plan_edge_t *pe, const edge_t *edge) {
    const plan_edge_t *mate = weft_plan_at(pe->step, edge);
    if (edge->index >= pe->step->edge_limit) return wired_later;
    if (!mate) return "the provider has other consumers";
    if (pe->step->inject->per_edge) return "each edge has its own";
    if (mate->after) return "another edge of the provider has middleware wired in";
    if (!means_the_same(pe->step->rule, pe->edge, edge))
        return "the rule means other functions of another consumer";
    return why_not_provider(plan, mate);
}

static weft_error_t *check_provider(plan_t *plan, const plan_edge_t *pe, const char **why_not) {
    *why_not = pe->after ? check_wired_provider(plan, pe) : why_not_provider(plan, pe);
    if (*why_not || pe->after) return NULL;
    edge_t *edge;
    for (size_t i = 0; (edge = edge_of_provider(plan, pe->edge->provider, i)) && !*why_not; i++) {
        if (edge == pe->edge || !same_export(edge, pe->edge)) continue;
        weft_error_t *error;
        bool calls = weft_edge_has_function(plan->graph, edge, NULL, &error);
        if (error) return error;
        if (calls) *why_not = check_mate(plan, pe, edge);
    }
    return NULL;
}

/* NULL: the consumer's end serves; else why not. */
static const char *why_not_consumer(const plan_t *plan, const plan_edge_t *pe) {
    if (pe->before) {
        if (!weft_middleware_import(pe->before->step->middleware, pe->edge->interface))
            return "what comes before it calls nobody";
        return covers_wired(pe->step, pe->before, false) ? NULL : "what comes before it is shared";
    }
    if (!pe->edge->consumer) return "the host consumes it";
    bool wire = weft_plan_place(plan, pe->edge) != NULL;
    if (!wire && (!pe->edge->wanted || pe->edge->wanted->kind != DEF_IMPORT))
        return "the consumer uses an instance inside itself";
    return NULL;
}

/* Asks the weaver about a port of the composition. (Ports of what is wired in do not exist yet.) */
static weft_error_t *ask_weaver(plan_t *plan, plan_edge_t *pe, bool provider,
                                const char **why_not) {
    const node_t *node = provider ? pe->edge->provider : pe->edge->consumer;
    if (provider ? pe->after != NULL : pe->before != NULL || !node->inside) return NULL;
    weave_site_t site = weft_plan_site(pe);
    site.node = node->inside;
    site.port = provider ? pe->edge->given : pe->edge->wanted;
    return weft_weave_check(plan->weaver, plan->graph->resolver, &site, why_not);
}

static weft_error_t *needs_proxy(const plan_t *plan, const plan_edge_t *pe, const char *provider,
                                 const char *consumer) {
    weft_str_t from = weft_node_name(pe->edge->consumer), to = weft_node_name(pe->edge->provider);
    weft_error_t *error =
        weft_yaml_error(&plan->rules->file, pe->step->inject->at,
                        "`%.*s` would need a proxy between `%.*s` and `%.*s`; weft makes none yet",
                        STR_ARG(pe->step->inject->name.str), STR_ARG(from), STR_ARG(to));
    error = weft_error_with_note(error, "it cannot be woven into the provider: %s", provider);
    error = weft_error_with_note(error, "it cannot be woven into the consumer: %s", consumer);
    if (provider != wired_later) return error;
    return weft_error_with_help(error, "put this rule behind the one with the wire: it means the "
                                       "edge of the wire, too, then");
}

/* The edges of a step that are woven together with `pe` at the provider's end, one after another: those of the same
 * export, or of the same instance wired in. `i` counts those looked at. */
static bool next_mate(const plan_t *plan, const plan_edge_t *pe, size_t *i, plan_edge_t **mate) {
    plan_step_t *step = pe->step;
    edge_t *edge;
    if (pe->after) {
        while (*i < step->edge_count) {
            *mate = &step->edges[(*i)++];
            if ((*mate)->after && woven_together(step, (*mate)->after, pe->after)) return true;
        }
        return false;
    }
    while ((edge = edge_of_provider(plan, pe->edge->provider, (*i)++))) {
        *mate = weft_plan_at(step, edge);
        if (*mate && !(*mate)->after && same_export(edge, pe->edge)) return true;
    }
    return false;
}

static const char needs_provider[] = "a node it is wired to needs the provider";
static const char needs_consumer[] = "a node it is wired to needs the consumer";

static weft_error_t *check_order(const plan_t *plan, const plan_edge_t *pe, const char **why_not) {
    plan_edge_t *mate;
    bool closes = false;
    for (size_t i = 0; plan->order && !closes && next_mate(plan, pe, &i, &mate);)
        TRY(weft_order_closes(plan, mate, true, &closes));
    if (closes) *why_not = needs_provider;
    return NULL;
}

/* Hooks that can stand at neither end, and a ring is why. */
static weft_error_t *makes_ring(const plan_t *plan, const plan_edge_t *pe, const char *provider,
                                const char *consumer, weft_error_t **made) {
    bool by_consumer = consumer == needs_consumer;
    TRY(weft_order_ring(plan, pe, !by_consumer, made));
    if (!by_consumer)
        *made = weft_error_with_note(*made, "it cannot be woven into the consumer: %s", consumer);
    else if (provider != needs_provider)
        *made = weft_error_with_note(*made, "it cannot be woven into the provider: %s", provider);
    return NULL;
}

/* What is decided for one edge is decided for all that are woven with it. */
static weft_error_t *decide_provider(const plan_t *plan, plan_edge_t *pe) {
    plan_edge_t *mate;
    for (size_t i = 0; next_mate(plan, pe, &i, &mate);) {
        if (mate->way == WAY_CONSUMER) {
            mate->way = WAY_PROVIDER;
            mate->why = pe->after ? "what comes after it serves no one else"
                                  : "the rule selects every consumer of the export";
        }
        TRY(weft_order_decide(plan, mate, true));
    }
    return NULL;
}

/* Answers of the weaver about exports, for the mates of an export that cannot be woven. */
typedef struct answers {
    map_t exports; /* DEF_EXPORT -> why not */
} answers_t;

static weft_error_t *try_provider(plan_t *plan, plan_edge_t *pe, answers_t *answers,
                                  const char **why_not) {
    TRY(check_provider(plan, pe, why_not));
    if (*why_not) return NULL;
    if (!pe->after) *why_not = weft_map_get_ptr(&answers->exports, pe->edge->given);
    if (*why_not) return NULL;
    TRY(check_order(plan, pe, why_not));
    if (*why_not) return NULL;
    TRY(ask_weaver(plan, pe, true, why_not));
    if (!*why_not || pe->after) return NULL;
    return weft_map_set_ptr(&answers->exports, pe->edge->given, (void *)(uintptr_t)*why_not);
}

static weft_error_t *try_consumer(plan_t *plan, plan_edge_t *pe, const char **why_not) {
    bool closes;
    *why_not = why_not_consumer(plan, pe);
    if (*why_not) return NULL;
    TRY(weft_order_closes(plan, pe, false, &closes));
    if (closes) *why_not = needs_consumer;
    return closes ? NULL : ask_weaver(plan, pe, false, why_not);
}

static weft_error_t *decide(plan_t *plan, plan_edge_t *pe, answers_t *answers, findings_t *errors) {
    const char *not_provider = NULL, *not_consumer = NULL;
    weft_error_t *wrong = NULL;
    TRY(try_provider(plan, pe, answers, &not_provider));
    if (!not_provider) return decide_provider(plan, pe);
    TRY(try_consumer(plan, pe, &not_consumer));
    pe->why = not_provider;
    if (!not_consumer) return weft_order_decide(plan, pe, false);
    if (not_provider == needs_provider || not_consumer == needs_consumer)
        TRY(makes_ring(plan, pe, not_provider, not_consumer, &wrong));
    weft_findings_add(errors, wrong ? wrong : needs_proxy(plan, pe, not_provider, not_consumer));
    return NULL;
}

static weft_error_t *decide_step(plan_t *plan, plan_step_t *step, findings_t *errors) {
    answers_t answers = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < step->edge_count && !error; i++)
        if (step->edges[i].way == WAY_CONSUMER)
            error = decide(plan, &step->edges[i], &answers, errors);
    weft_map_free(&answers.exports);
    return error;
}

weft_error_t *weft_plan_sides(plan_t *plan, findings_t *errors) {
    for (uint32_t s = plan->step_count; s-- > 0;) TRY(decide_step(plan, &plan->steps[s], errors));
    return NULL;
}
