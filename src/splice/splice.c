#include "splice/splice.h"

#include "component/edit/wrap.h"
#include "component/validate/limits.h"
#include "component/validate/validate.h"
#include "value/validate.h"

/* Hooks and what is wired in stand beside what they serve, so there must be a beside. */
static weft_error_t *wrap_plain(splice_t *s, weft_str_t name) {
    def_t *instance;
    TRY(weft_graph_new(s->document, &s->graph));
    if (!s->graph->root) return NULL;
    weft_graph_delete(s->graph);
    s->graph = NULL;
    weft_str_t own = s->document->root->name;
    TRY(weft_document_wrap(s->document, own.len ? own : name, &instance));
    return weft_graph_new(s->document, &s->graph);
}

static bool does_something(const plan_t *plan) {
    for (uint32_t s = 0; s < plan->step_count; s++)
        if (plan->steps[s].edge_count) return true;
    return false;
}

weft_error_t *weft_splice_plan(weft_str_t rules_name, weft_str_t rules_text, document_t *document,
                               weft_str_t name, const splice_options_t *options, splice_t *splice) {
    *splice =
        (splice_t){.options = *options, .document = document, .input = document->root->source};
    splice->middlewares.opener = options->opener;
    splice->middlewares.builtins_dir = options->builtins_dir;
    TRY(weft_rules_read(rules_name, rules_text, &splice->rules));
    TRY(weft_type_pool_new(&splice->pool));
    TRY(wrap_plain(splice, name));
    plan_options_t how = options->plan;
    how.skip_type_check = options->apply.skip_type_check;
    TRY(weft_plan_make(splice->graph, &splice->rules, &splice->middlewares, splice->pool, &how,
                       &splice->plan));
    splice->changes = does_something(&splice->plan);
    splice->complete = true;
    for (uint32_t s = 0; s < splice->plan.step_count; s++)
        splice->complete &= splice->plan.steps[s].middleware != NULL;
    return NULL;
}

/* With types that do not fit, and are to be let pass, it was to be expected; else it is a fault of weft's. */
static weft_error_t *invalid_output(const splice_t *splice, weft_error_t *reason) {
    bool known =
        splice->plan.misfits || (splice->options.apply.skip_type_check && splice->warnings.count);
    weft_error_t *error =
        weft_error_new(known ? WEFT_MISMATCH : WEFT_INTERNAL, "the output would not be valid: %.*s",
                       STR_ARG(weft_error_message(reason)));
    error = weft_error_take_notes(error, reason);
    if (!known) return error;
    return weft_error_with_help(error,
                                "change the types that the warnings name; what is not valid is "
                                "not written, with --skip-type-check neither");
}

/* Whether a step brings the import, or stands on an edge to the host, whose types others may have named. */
static bool concerns(const plan_step_t *step, const def_t *unnamed) {
    if (unnamed->kind == DEF_IMPORT)
        return step->edge_count && step->middleware &&
               weft_middleware_import(step->middleware, unnamed->import.name.name);
    for (uint32_t i = 0; i < step->edge_count; i++)
        if (step->edges[i].way == WAY_WIRE && !step->edges[i].edge->consumer) return true;
    return false;
}

/* An interface of the output's uses types that another one named, which is there no more or comes from elsewhere. NULL:
 * that is not what is wrong. */
static weft_error_t *lost_names(const splice_t *splice) {
    const def_t *unnamed;
    weft_error_t *error = weft_validate_find_unnamed(splice->pool, splice->document, &unnamed);
    if (error && weft_error_code(error) == WEFT_NO_MEMORY) return error;
    weft_error_delete(error);
    if (error || !unnamed) return NULL;
    bool import = unnamed->kind == DEF_IMPORT;
    weft_str_t name = import ? unnamed->import.name.name : unnamed->export_.name.name;
    for (uint32_t s = 0; s < splice->plan.step_count; s++) {
        const plan_step_t *step = &splice->plan.steps[s];
        if (!concerns(step, unnamed)) continue;
        error = weft_error_new(WEFT_UNSUPPORTED,
                               "the %s %.*s of the output would use types that have no name there",
                               import ? "import" : "export", STR_ARG(name));
        error = weft_error_with_note(error, "%s",
                                     import ? "the interface that they are from is not the host's"
                                            : "the interface that named them is another one now");
        error = weft_error_with_help(error, import ? "wire this one to a node, too"
                                                   : "wire in all interfaces that share types");
        return weft_plan_error(&splice->plan, step, error);
    }
    return NULL;
}

/* The edited composition is sound throughout, or it is not given out. */
static weft_error_t *check_output(splice_t *splice) {
    weft_error_t *error = weft_validate_all(splice->pool, splice->document);
    if (!error || weft_error_code(error) == WEFT_NO_MEMORY) return error;
    weft_error_t *blame = weft_validate_bytes(splice->input);
    if (!blame && weft_error_code(error) == WEFT_INVALID) blame = lost_names(splice);
    if (!blame) return invalid_output(splice, error);
    weft_error_delete(error);
    return blame;
}

weft_error_t *weft_splice_apply(splice_t *splice) {
    if (!splice->changes) return NULL;
    TRY(weft_plan_apply(&splice->plan, splice->pool, &splice->options.apply, &splice->warnings));
    TRY(check_output(splice));
    return weft_document_check_limits(splice->document, &splice->warnings);
}

weft_error_t *weft_splice_take_warnings(splice_t *splice) {
    weft_error_t *list = weft_error_join(splice->rules.warnings, splice->plan.warnings);
    splice->rules.warnings = splice->plan.warnings = NULL;
    return weft_error_join(list, weft_findings_take(&splice->warnings));
}

void weft_splice_free(splice_t *splice) {
    weft_findings_free(&splice->warnings);
    weft_plan_free(&splice->plan);
    weft_graph_delete(splice->graph);
    weft_middlewares_free(&splice->middlewares);
    weft_type_pool_delete(splice->pool);
    weft_rules_free(&splice->rules);
}
