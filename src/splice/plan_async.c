/* What a plan warns of when hooks are asynchronous functions (the splicer family). */
#include "splice/plan.h"
#include "splice/suspend.h"

/* A hook that suspends while a synchronous function is called traps in today's engines. Most functions that are
 * woven are synchronous: of async ones only those that are lowered synchronously are woven. */
static weft_error_t *warn_of_suspension(const plan_t *plan, const plan_step_t *step, weft_str_t how,
                                        findings_t *warnings) {
    weft_error_t *warning =
        weft_yaml_error(&plan->rules->file, step->inject->at,
                        "`%.*s` may suspend, in calls of synchronous functions that traps",
                        STR_ARG(step->inject->name.str));
    weft_str_t path = step->middleware->path, interface = step->edges[0].edge->interface;
    warning = weft_error_with_note(warning, "%.*s uses `%.*s`", STR_ARG(path), STR_ARG(how));
    warning = weft_error_with_note(warning, "for functions of `%.*s` that are async it may",
                                   STR_ARG(interface));
    weft_findings_add(warnings,
                      weft_error_with_help(warning, "use a middleware with synchronous hooks "
                                                    "(`weft:hooks`), or functions that are async"));
    return NULL;
}

static weft_error_t *warn_of_async(const plan_t *plan, const plan_step_t *step,
                                   findings_t *warnings) {
    weft_error_t *warning =
        weft_yaml_error(&plan->rules->file, step->inject->at,
                        "with `%.*s` the component gets its first async functions",
                        STR_ARG(step->inject->name.str));
    weft_findings_add(warnings,
                      weft_error_with_help(warning, "a host must instantiate and call it by its "
                                                    "engine's async interface"));
    return NULL;
}

static bool has_async_hooks(const plan_step_t *step) {
    if (!step->middleware || !step->middleware->family) return false;
    if (strcmp(step->middleware->family, "splicer") != 0) return false;
    for (uint32_t i = 0; i < step->edge_count; i++)
        if (step->edges[i].way == WAY_PROVIDER || step->edges[i].way == WAY_CONSUMER) return true;
    return false;
}

weft_error_t *weft_plan_warn_async(const plan_t *plan, findings_t *warnings) {
    bool was_async = false, looked = false;
    for (uint32_t s = 0; s < plan->step_count; s++) {
        const plan_step_t *step = &plan->steps[s];
        weft_str_t how;
        if (!has_async_hooks(step)) continue;
        if (!looked) TRY(weft_is_async(plan->graph->document->root, &was_async));
        if (!was_async) TRY(warn_of_async(plan, step, warnings));
        looked = was_async = true;
        TRY(weft_can_suspend(step->middleware->document->root, &how));
        if (how.ptr) TRY(warn_of_suspension(plan, step, how, warnings));
    }
    return NULL;
}
