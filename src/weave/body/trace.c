#include "weave/body/trace.h"

/* ---- provider side ---- */

/* Where the trace is: a definition, the names still to be selected from it (innermost last), and the
 * re-export components that were entered on the way. */
typedef struct trace {
    resolver_t *resolver;
    def_t *at;
    VEC(weft_str_t) names;
    VEC(def_t *) entered; /* DEF_INSTANTIATE */
    hops_t *hops;
} trace_t;

static weft_error_t *step(trace_t *t, def_t *user, def_t **slot) {
    if (t->entered.count == 0) TRY(VEC_PUSH(t->hops, (hop_t){user, slot}));
    t->at = *slot;
    return NULL;
}

static def_t **find_named(named_def_t *named, uint32_t count, weft_str_t name) {
    for (uint32_t i = 0; i < count; i++)
        if (weft_str_eq(named[i].name.name, name)) return &named[i].def;
    return NULL;
}

/* Into a re-export component, at its export of the name on top. Without code of its own it is structure;
 * a component with code is a node, where this trace ends. */
static weft_error_t *enter(trace_t *t, bool *ended) {
    def_t *instance = t->at;
    def_t *component = weft_def_origin(instance->instantiate.target);
    const scope_facts_t *facts;
    scope_t *body;
    *ended = true;
    if (component->kind != DEF_COMPONENT || t->names.count == 0) return NULL;
    TRY(weft_component_body(component, &body));
    TRY(weft_scope_facts(t->resolver, body, &facts));
    def_t *export = weft_scope_export(facts, t->names.items[t->names.count - 1]);
    if (facts->has_code || !export) return NULL;
    t->names.count--;
    TRY(VEC_PUSH(&t->entered, instance));
    t->at = export;
    *ended = false;
    return NULL;
}

/* From an import of a re-export component back out to its argument. */
static weft_error_t *leave(trace_t *t, bool *ended) {
    *ended = true;
    if (t->entered.count == 0) return NULL;
    def_t *instance = t->entered.items[t->entered.count - 1];
    def_t **arg = find_named(instance->instantiate.args, instance->instantiate.count,
                             t->at->import.name.name);
    if (!arg) return NULL;
    t->entered.count--;
    *ended = false;
    return step(t, instance, arg);
}

static weft_error_t *select_inline(trace_t *t, bool *ended) {
    *ended = true;
    if (t->names.count == 0) return NULL;
    def_t *def = t->at;
    def_t **slot =
        find_named(def->inline_.exports, def->inline_.count, t->names.items[t->names.count - 1]);
    if (!slot) return NULL;
    t->names.count--;
    *ended = false;
    return step(t, def, slot);
}

static weft_error_t *run(trace_t *t, def_t **lift) {
    *lift = NULL;
    for (bool ended = false; !ended;) {
        def_t *def = t->at;
        switch (def->kind) {
        case DEF_EXPORT: TRY(step(t, def, &def->export_.target)); break;
        case DEF_ALIAS_EXPORT:
            TRY(VEC_PUSH(&t->names, def->alias.name));
            TRY(step(t, def, &def->alias.target));
            break;
        case DEF_INLINE: TRY(select_inline(t, &ended)); break;
        case DEF_INSTANTIATE: TRY(enter(t, &ended)); break;
        case DEF_IMPORT: TRY(leave(t, &ended)); break;
        case DEF_CANON:
            if (def->canon.op == CANON_LIFT && !t->entered.count && !t->names.count) *lift = def;
            ended = true;
            break;
        default: ended = true;
        }
    }
    return NULL;
}

weft_error_t *weft_trace_lift(resolver_t *resolver, def_t *port, weft_str_t name, hops_t *hops,
                              def_t **lift) {
    trace_t t = {.resolver = resolver, .at = port, .hops = hops};
    weft_error_t *error = name.len ? VEC_PUSH(&t.names, name) : NULL;
    if (!error) error = run(&t, lift);
    VEC_FREE(&t.names);
    VEC_FREE(&t.entered);
    return error;
}

/* ---- consumer side ---- */

static weft_error_t *lowers_of(const uses_t *uses, def_t *func, weft_str_t name,
                               lowereds_t *lowers) {
    for (const use_t *use = weft_uses_of(uses, func); use; use = use->next) {
        def_t *user = use->user;
        if (user->kind == DEF_CANON && user->canon.op == CANON_LOWER)
            TRY(VEC_PUSH(lowers, (lowered_t){user, func, name}));
        else if (user->kind == DEF_EXPORT && user->export_.target == func)
            TRY(lowers_of(uses, user, name, lowers)); /* an export is one more name for it */
    }
    return NULL;
}

weft_error_t *weft_trace_lowers(const uses_t *uses, def_t *port, lowereds_t *lowers) {
    if (port->sort == SORT_FUNC) return lowers_of(uses, port, (weft_str_t){0}, lowers);
    for (const use_t *use = weft_uses_of(uses, port); use; use = use->next) {
        def_t *user = use->user;
        if (user->kind == DEF_ALIAS_EXPORT && user->sort == SORT_FUNC)
            TRY(lowers_of(uses, user, user->alias.name, lowers));
        else if (user->kind == DEF_EXPORT && user->export_.target == port)
            TRY(weft_trace_lowers(uses, user, lowers));
    }
    return NULL;
}
