/* Whether what a middleware is wired to has the types that it asks for. */
#include "component/types/subtype.h"
#include "splice/wires.h"

typedef struct check {
    plan_t *plan;
    const plan_place_t *place;
    const ctype_t *component; /* the middleware */
    match_t match;
    weave_givens_t givens;
} check_t;

static weft_error_t *type_of(const check_t *check, const weave_given_t *given,
                             extern_type_t *type) {
    TRY(weft_typing_def(check->plan->pool, given->from, type));
    if (!given->export_.len) return NULL;
    const extern_item_t *item = weft_instance_type_find(type->type, given->export_);
    if (!item) return weft_error_new(WEFT_INTERNAL, "an export that was there is not");
    *type = item->type;
    return NULL;
}

static weft_error_t *bind(check_t *check, const weave_given_t *given) {
    extern_type_t type;
    const extern_item_t *asked =
        weft_extern_find(&check->component->component.imports, given->import);
    TRY(type_of(check, given, &type));
    return weft_match_bind(&check->match, check->component->component.imported, &asked->type,
                           &type);
}

/* The wire that an import was given by; of what came along the first. */
static const plan_wire_t *wire_of(const plan_step_t *step, weft_str_t import) {
    for (uint32_t i = 0; i < step->wire_count; i++)
        if (weft_str_eq(step->wires[i].name, import)) return &step->wires[i];
    return &step->wires[0];
}

static weft_error_t *does_not_fit(const check_t *check, const plan_wire_t *wire,
                                  weft_error_t *reason) {
    const plan_step_t *step = check->place->step;
    weft_str_t node = wire->node ? wire->node->path : STR_LIT("host");
    weft_error_t *error = weft_yaml_error(&check->plan->rules->file, wire->written->interface.at,
                                          "`%.*s` cannot be wired to `%.*s`",
                                          STR_ARG(step->inject->name.str), STR_ARG(node));
    return weft_error_because(error, reason);
}

static weft_error_t *check_given(check_t *check, const weave_given_t *given, findings_t *findings) {
    extern_type_t type;
    const extern_item_t *asked =
        weft_extern_find(&check->component->component.imports, given->import);
    TRY(type_of(check, given, &type));
    weft_error_t *error = weft_match_check(&check->match, given->import, &asked->type, &type);
    if (!error || weft_error_code(error) != WEFT_MISMATCH) return error;
    check->plan->misfits = true;
    weft_findings_add(findings,
                      does_not_fit(check, wire_of(check->place->step, given->import), error));
    return NULL;
}

static weft_error_t *check_all(check_t *check, findings_t *findings) {
    TRY(weft_plan_givens(check->plan, check->plan->graph, check->place, &check->givens));
    for (size_t i = 0; i < check->givens.count; i++) TRY(bind(check, &check->givens.items[i]));
    for (size_t i = 0; i < check->givens.count; i++)
        TRY(check_given(check, &check->givens.items[i], findings));
    return NULL;
}

static weft_error_t *check_place(plan_t *plan, const plan_place_t *place, findings_t *findings) {
    check_t check = {.plan = plan, .place = place};
    const middleware_t *m = place->step->middleware;
    if (!m) return NULL;
    TRY(weft_typing_scope(plan->pool, m->document->root, &check.component));
    weft_match_init(&check.match, plan->pool);
    check.match.given_words = "the node";
    check.match.asked_words = "the middleware";
    weft_error_t *error = check_all(&check, findings);
    weft_match_free(&check.match);
    VEC_FREE(&check.givens);
    return error;
}

weft_error_t *weft_plan_check_wires(plan_t *plan, findings_t *findings) {
    for (uint32_t s = 0; s < plan->step_count; s++)
        for (uint32_t i = 0; i < plan->steps[s].place_count; i++)
            TRY(check_place(plan, &plan->steps[s].places[i], findings));
    return NULL;
}
