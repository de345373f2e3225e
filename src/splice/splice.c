#include "splice/splice.h"

#include "weave/weave.h"
#include <stdlib.h>

/* ---- planning ------------------------------------------------------------------------------- */

/* An empty plan leaves the component as it is, plain or not. */
static weft_error_t *wrap_plain(splice_t *s, weft_str_t name) {
    TRY(weft_graph_new(s->document, &s->graph));
    if (!s->graph->root) return NULL;
    weft_graph_delete(s->graph);
    s->graph = NULL;
    TRY(weft_wrap(s->source, name, &s->document));
    return weft_graph_new(s->document, &s->graph);
}

weft_error_t *weft_splice_plan(weft_str_t rules_name, weft_str_t rules_text, document_t *source,
                               weft_str_t name, const splice_options_t *options, splice_t *splice) {
    *splice =
        (splice_t){.options = *options, .source = source, .document = source, .output = source};
    TRY(weft_rules_read(rules_name, rules_text, &splice->rules));
    splice->middlewares.opener = options->opener;
    splice->middlewares.builtins_dir = options->builtins_dir;
    TRY(weft_type_pool_new(&splice->pool));
    TRY(wrap_plain(splice, name));
    return weft_plan_make(splice->graph, &splice->rules, &splice->middlewares, splice->pool,
                          &options->plan, &splice->plan);
}

/* ---- weaving -------------------------------------------------------------------------------- */

/* The sites of one job, found in the graph as it is now. */
typedef struct job {
    splice_t *splice;
    graph_t *graph; /* of the document as it is; not owned when it is the splice's */
    weaver_t *weaver;
    VEC(weave_site_t) sites;
} job_t;

static weft_error_t *lost(const plan_edge_t *pe) {
    return weft_error_new(WEFT_INTERNAL, "the edge of `%.*s` to `%.*s` cannot be found again",
                          STR_ARG(weft_node_name(pe->edge->consumer)),
                          STR_ARG(pe->edge->interface));
}

/* The node at the end of the segment where the hook is woven. */
static node_t *find_node(const graph_t *graph, const plan_edge_t *pe) {
    const plan_edge_t *wired = pe->way == WAY_PROVIDER ? pe->after : pe->before;
    const node_t *end = pe->way == WAY_PROVIDER ? pe->edge->provider : pe->edge->consumer;
    return weft_graph_node(graph, wired ? wired->instance_path : end->path);
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

static bool selects(weft_str_t function, void *context) {
    const plan_edge_t *pe = context;
    return weft_rule_means(pe->step->rule, pe->edge, function);
}

/* Edges that share a port share its site. */
static weft_error_t *add_site(job_t *job, const plan_edge_t *pe) {
    node_t *node = find_node(job->graph, pe);
    def_t *port = node && node->inside ? find_port(node, pe->way, port_name(pe)) : NULL;
    if (!port) return lost(pe);
    for (size_t i = 0; i < job->sites.count; i++)
        if (job->sites.items[i].port == port && job->sites.items[i].node == node->inside)
            return NULL;
    weave_site_t site = {node->inside, port, pe->edge->interface, NULL, NULL};
    if (pe->edge->sort != SORT_INSTANCE) site.interface = STR_LIT("");
    if (weft_rule_limits(pe->step->rule, pe->edge)) {
        site.selects = selects;
        site.context = (void *)(uintptr_t)pe;
    }
    return VEC_PUSH(&job->sites, site);
}

static void forget_graph(job_t *job) {
    if (job->graph != job->splice->graph) weft_graph_delete(job->graph);
    job->graph = NULL;
}

static weft_error_t *run_job(job_t *job, const plan_step_t *step) {
    weave_report_t report;
    weave_job_t weave = {step->name, step->middleware->bytes, job->sites.items, job->sites.count};
    weft_error_t *error = weft_weave(job->weaver, job->graph->resolver, &weave, &report);
    job->sites.count = 0;
    if (error) return error;
    forget_graph(job); /* it was made for the document as it was */
    return NULL;
}

static weft_error_t *need_graph(job_t *job) {
    return job->graph ? NULL : weft_graph_new(job->splice->document, &job->graph);
}

static bool is_woven(const plan_edge_t *pe) {
    return pe->way == WAY_PROVIDER || pe->way == WAY_CONSUMER;
}

/* One job for all edges, or with `instances: per-edge` one for each. */
static weft_error_t *weave_step(job_t *job, const plan_step_t *step) {
    for (uint32_t i = 0; i < step->edge_count; i++) {
        if (!is_woven(&step->edges[i])) continue;
        TRY(need_graph(job));
        TRY(add_site(job, &step->edges[i]));
        if (step->inject->per_edge) TRY(run_job(job, step));
    }
    return job->sites.count ? run_job(job, step) : NULL;
}

static weft_error_t *at_step(const splice_t *splice, const plan_step_t *step, weft_error_t *error) {
    if (!error || weft_error_code(error) == WEFT_NO_MEMORY ||
        weft_error_code(error) == WEFT_INTERNAL)
        return error;
    return weft_plan_error(&splice->plan, step, error);
}

static weft_error_t *weave_all(splice_t *splice) {
    job_t job = {.splice = splice};
    weft_error_t *error = weft_weaver_new(splice->document, splice->pool, &job.weaver);
    for (uint32_t s = 0; s < splice->plan.step_count && !error; s++)
        error = at_step(splice, &splice->plan.steps[s], weave_step(&job, &splice->plan.steps[s]));
    if (job.graph) forget_graph(&job);
    VEC_FREE(&job.sites);
    weft_weaver_delete(job.weaver);
    return error;
}

/* ---- the output ----------------------------------------------------------------------------- */

void weft_forget_edited(document_t *document) {
    for (scope_t *scope = document->scopes; scope; scope = scope->next_scope)
        if (scope->edited) weft_typing_forget(scope);
}

static bool does_nothing(const plan_t *plan) {
    for (uint32_t s = 0; s < plan->step_count; s++)
        if (plan->steps[s].edge_count) return false;
    return true;
}

/* The edited composition has types throughout, or it is not given out. */
static weft_error_t *check_output(splice_t *splice) {
    const ctype_t *type;
    weft_forget_edited(splice->document);
    weft_error_t *error = weft_typing_scope(splice->pool, splice->document->root, &type);
    if (!error || weft_error_code(error) == WEFT_NO_MEMORY) return error;
    weft_error_t *bug = weft_error_new(WEFT_INTERNAL, "the output would not be valid: %.*s",
                                       STR_ARG(weft_error_message(error)));
    for (size_t i = 0; i < weft_error_note_count(error); i++)
        bug = weft_error_with_note(bug, "%.*s", STR_ARG(weft_error_note(error, i)));
    weft_error_delete(error);
    return bug;
}

weft_error_t *weft_splice_apply(splice_t *splice) {
    if (does_nothing(&splice->plan)) return NULL;
    splice->output = splice->document;
    TRY(weft_wire_all(splice));
    TRY(weave_all(splice));
    return getenv("NOCHECK") ? NULL : check_output(splice);
}

/* ---- the rest ------------------------------------------------------------------------------- */

weft_error_t *weft_splice_take_warnings(splice_t *splice) {
    weft_error_t *list = weft_error_join(splice->rules.warnings, splice->plan.warnings);
    splice->rules.warnings = splice->plan.warnings = NULL;
    return weft_error_join(list, weft_findings_take(&splice->warnings));
}

void weft_splice_free(splice_t *splice) {
    weft_findings_free(&splice->warnings);
    weft_plan_free(&splice->plan);
    weft_graph_delete(splice->graph);
    if (splice->document != splice->source) weft_document_delete(splice->document);
    weft_middlewares_free(&splice->middlewares);
    weft_type_pool_delete(splice->pool);
    weft_rules_free(&splice->rules);
}
