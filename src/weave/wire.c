#include "weave/wire.h"

#include "component/edit/build.h"
#include "component/edit/reach.h"
#include "weave/sites/place.h"

/* What leads from a consumer to the provider, at the level where the consumer stands. */
typedef struct wire {
    scope_t *scope;
    def_t *user; /* the consumer's instantiation, or the root's export */
    def_t **slot;
    weft_str_t import, export; /* of the middleware */
    bool done;
} wire_t;

typedef VEC(wire_t) wires_t;

/* Everything inside a component is wired for all its instances at once. */
static weft_error_t *check_instances(census_t *census, const edge_t *edge) {
    const context_t *outside = edge->consumer->outside;
    uint32_t count = 1;
    if (outside->component) TRY(weft_census_total(census, outside->component, &count));
    if (count == 1) return NULL;
    weft_error_t *error =
        weft_error_new(WEFT_UNSUPPORTED,
                       "%.*s stands in a component that is instantiated more than once; "
                       "middleware cannot be wired in there",
                       STR_ARG(edge->consumer->path));
    return weft_error_with_help(error,
                                "use a middleware of hooks, which is woven into one instance "
                                "alone");
}

static weft_error_t *find_wire(census_t *census, const wire_edge_t *wired, document_t *document,
                               wire_t *wire) {
    const edge_t *edge = wired->edge;
    if (!edge->consumer) {
        *wire = (wire_t){document->root, edge->wanted,  &edge->wanted->export_.target,
                         wired->import,  wired->export, false};
        return NULL;
    }
    if (!edge->arg)
        return weft_error_new(WEFT_UNSUPPORTED,
                              "%.*s uses an instance inside itself, where nothing can be wired in",
                              STR_ARG(edge->consumer->path));
    TRY(check_instances(census, edge));
    def_t *user = edge->consumer->instance;
    for (uint32_t i = 0; i < user->instantiate.count; i++)
        if (&user->instantiate.args[i] == edge->arg)
            *wire = (wire_t){user->scope,   user,          &user->instantiate.args[i].def,
                             wired->import, wired->export, false};
    return NULL;
}

static def_t *find_arg(const def_t *user, weft_str_t name) {
    if (user->kind != DEF_INSTANTIATE) return NULL;
    for (uint32_t i = 0; i < user->instantiate.count; i++)
        if (weft_str_eq(user->instantiate.args[i].name.name, name))
            return user->instantiate.args[i].def;
    return NULL;
}

typedef VEC(named_def_t) args_t;

/* Another export of the instance that `provided` was taken from; NULL: there is none. */
static weft_error_t *find_beside(def_t *provided, def_t *before, weft_str_t name, def_t **beside) {
    scope_t *body;
    provided = weft_def_origin(provided);
    if (provided->kind != DEF_ALIAS_EXPORT) return NULL;
    def_t *instance = weft_def_origin(provided->alias.target);
    if (instance->kind != DEF_INSTANTIATE) return NULL;
    def_t *component = weft_def_origin(instance->instantiate.target);
    if (component->kind != DEF_COMPONENT) return NULL;
    TRY(weft_component_body(component, &body));
    for (const def_t *def = body->first; def; def = def->next) {
        if (def->kind != DEF_EXPORT || !weft_str_eq(def->export_.name.name, name)) continue;
        builder_t b = {before->scope, before, NULL};
        *beside = weft_build_alias(&b, (sort_t)def->sort, instance, def->export_.name.name);
        return b.error;
    }
    return NULL;
}

/* What does not import the interface takes nothing from a provider. */
static bool share(const wire_job_t *job, const wire_t *a, const wire_t *b) {
    if (a->scope != b->scope) return false;
    return job->together || !a->import.len || *a->slot == *b->slot;
}

static def_t *earliest_user(const wire_job_t *job, const wires_t *wires, size_t first) {
    const wire_t *wire = &wires->items[first];
    def_t *user = wire->user;
    for (size_t i = first; i < wires->count; i++) {
        const wire_t *other = &wires->items[i];
        if (!other->done && share(job, other, wire) && other->user->order < user->order)
            user = other->user;
    }
    return user;
}

/* ---- what an instance is given ---- */

static bool is_given(const wire_job_t *job, const args_t *givens, weft_str_t import) {
    for (size_t i = 0; i < job->given_count; i++)
        if (weft_str_eq(job->givens[i].import, import)) return true;
    for (size_t i = 0; i < givens->count; i++)
        if (weft_str_eq(givens->items[i].name.name, import)) return true;
    return false;
}

/* Interfaces whose types the interface uses must be the very ones that the consumer has, else resources of theirs would
 * not be the same. */
static weft_error_t *find_companions(const wire_job_t *job, const scope_t *body, def_t *user,
                                     const named_def_t *given_, args_t *givens) {
    def_t *import = weft_import_named(body, given_->name.name), *provider = given_->def;
    for (def_t *def = body->first; def && import; def = def->next) {
        bool leans = false;
        if (def->kind != DEF_IMPORT || def == import) continue;
        if (is_given(job, givens, def->import.name.name)) continue;
        TRY(weft_leans_on(import, def, &leans));
        if (!leans) continue;
        def_t *same = find_arg(user, def->import.name.name);
        if (!same) TRY(find_beside(provider, user, def->import.name.name, &same));
        if (same) TRY(VEC_PUSH(givens, weft_named(def->import.name.name, same)));
    }
    return NULL;
}

/* Whether it is the same export of the same instance: each consumer may have an alias of its own. */
static bool is_same(const def_t *a, const def_t *b) {
    if (a == b) return true;
    return a->kind == DEF_ALIAS_EXPORT && b->kind == DEF_ALIAS_EXPORT &&
           weft_str_eq(a->alias.name, b->alias.name) &&
           weft_def_origin(a->alias.target) == weft_def_origin(b->alias.target);
}

weft_error_t *weft_wire_differs(weft_str_t name, weft_str_t import) {
    return weft_error_new(WEFT_UNSUPPORTED,
                          "one instance of %.*s must serve all, and they have their %.*s from "
                          "different places",
                          STR_ARG(name), STR_ARG(import));
}

/* The provider takes the middleware's import of the interface. */
static weft_error_t *give_import(const wire_job_t *job, const wire_t *wire, def_t *before,
                                 args_t *givens) {
    builder_t b = {wire->scope, before, NULL};
    def_t *def = *wire->slot;
    for (size_t i = 0; i < givens->count; i++) {
        if (!weft_str_eq(givens->items[i].name.name, wire->import)) continue;
        return is_same(givens->items[i].def, def) ? NULL
                                                  : weft_wire_differs(job->name, wire->import);
    }
    if (job->together) weft_scope_order(wire->scope); /* else all have it by this definition */
    if (job->together && def->order > before->order)
        TRY(weft_give(&b, &(weave_given_t){.from = def}, (sort_t)def->sort, &def));
    return VEC_PUSH(givens, weft_named(wire->import, def));
}

static weft_error_t *find_givens(const wire_job_t *job, const scope_t *body, const wires_t *wires,
                                 size_t first, def_t *before, args_t *givens) {
    for (size_t i = first; i < wires->count; i++) {
        const wire_t *wire = &wires->items[i];
        if (wire->done || !wire->import.len || !share(job, wire, &wires->items[first])) continue;
        TRY(give_import(job, wire, before, givens));
    }
    size_t count = givens->count;
    for (size_t i = 0; i < count; i++) {
        named_def_t given_ = givens->items[i]; /* they may move */
        TRY(find_companions(job, body, before, &given_, givens));
    }
    return NULL;
}

static weft_error_t *find_all_givens(const wire_job_t *job, const wires_t *wires, size_t first,
                                     def_t *before, args_t *givens) {
    document_t *alone;
    TRY(weft_document_read(job->middleware, &alone));
    weft_error_t *error = find_givens(job, alone->root, wires, first, before, givens);
    weft_document_delete(alone); /* names point into the job's bytes */
    return error;
}

/* ---- instances ---- */

static weft_error_t *make_instance(const wire_job_t *job, placement_t *place, def_t **instance) {
    TRY(weft_place_at(place, job->middleware, job->givens, job->given_count));
    builder_t b = {place->scope, place->before, NULL};
    TRY(weft_place_instance(&b, place, instance));
    return weft_census_add(job->census, *instance);
}

static def_t *find_alias(const builder_t *b, const def_t *instance, weft_str_t export_) {
    for (def_t *def = b->before->prev; def != instance; def = def->prev)
        if (def->kind == DEF_ALIAS_EXPORT && def->alias.target == instance &&
            weft_str_eq(def->alias.name, export_))
            return def;
    return NULL;
}

/* The wires of the group, those that share with the first one, lead to exports of the instance. */
static weft_error_t *lead_to(const wire_job_t *job, wires_t *wires, size_t first, builder_t *b,
                             def_t *instance) {
    def_t *provider = *wires->items[first].slot;
    wire_t group = wires->items[first];
    group.slot = &provider;
    for (size_t i = first; i < wires->count; i++) {
        wire_t *wire = &wires->items[i];
        if (wire->done || !share(job, wire, &group)) continue;
        def_t *wired = find_alias(b, instance, wire->export);
        if (!wired)
            wired = weft_build_alias(b, (sort_t)(*wire->slot)->sort, instance, wire->export);
        TRY(b->error);
        *wire->slot = wired;
        wire->done = true;
        weft_def_touch(wire->user);
    }
    return NULL;
}

/* The instance for all wires that share it; `first` is one of them. */
static weft_error_t *wire_group(const wire_job_t *job, wires_t *wires, size_t first) {
    const wire_t *wire = &wires->items[first];
    def_t *instance = NULL;
    args_t givens = {0};
    placement_t place = {
        .scope = wire->scope, .before = earliest_user(job, wires, first), .name = job->name};
    weft_error_t *error = find_all_givens(job, wires, first, place.before, &givens);
    place.given = givens.items;
    place.given_count = (uint32_t)givens.count;
    if (!error) error = make_instance(job, &place, &instance);
    builder_t b = {place.scope, place.before, NULL};
    if (!error) error = lead_to(job, wires, first, &b, instance);
    weft_place_free(&place);
    VEC_FREE(&givens);
    return error;
}

weft_error_t *weft_wire_in(graph_t *graph, const wire_job_t *job) {
    wires_t wires = {0};
    weft_error_t *error = weft_census_take(job->census, graph->document);
    for (size_t i = 0; i < job->edge_count && !error; i++) {
        wire_t wire;
        error = find_wire(job->census, &job->edges[i], graph->document, &wire);
        if (!error) weft_scope_order(wire.scope);
        if (!error) error = VEC_PUSH(&wires, wire);
    }
    for (size_t i = 0; i < wires.count && !error; i++)
        if (!wires.items[i].done) error = wire_group(job, &wires, i);
    VEC_FREE(&wires);
    return error;
}

weft_error_t *weft_wire_ahead(scope_t *scope, const wire_job_t *job) {
    def_t *last = NULL, *instance;
    weft_scope_order(scope);
    for (size_t i = 0; i < job->given_count; i++)
        if (!last || job->givens[i].from->order > last->order) last = job->givens[i].from;
    placement_t place = {.scope = scope, .before = last ? last->next : NULL, .name = job->name};
    weft_error_t *error = weft_place_at(&place, job->middleware, job->givens, job->given_count);
    builder_t b = {scope, place.before, NULL};
    if (!error) error = weft_place_instance(&b, &place, &instance);
    weft_place_free(&place);
    return error;
}
