#include "weave/wire.h"

#include "component/build.h"
#include "weave/census.h"
#include "weave/place.h"

/* What leads from a consumer to the provider, at the level where the consumer stands. */
typedef struct wire {
    scope_t *scope;
    def_t *user; /* the consumer's instantiation, or the root's export */
    def_t **slot;
    bool done;
} wire_t;

typedef VEC(wire_t) wires_t;

/* Everything inside a component is wired for all its instances at once. */
static weft_error_t *check_instances(census_t *census, const edge_t *edge) {
    const context_t *outside = edge->consumer->outside;
    uint32_t count = 1;
    if (outside->component) TRY(weft_census_total(census, outside->component, &count));
    if (count == 1) return NULL;
    return weft_error_new(WEFT_UNSUPPORTED,
                          "%.*s stands in a component that is instantiated more than once; "
                          "middleware cannot be wired in there",
                          STR_ARG(edge->consumer->path));
}

static weft_error_t *find_wire(census_t *census, const edge_t *edge, document_t *document,
                               wire_t *wire) {
    if (!edge->consumer) {
        *wire = (wire_t){document->root, edge->wanted, &edge->wanted->export_.target, false};
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
            *wire = (wire_t){user->scope, user, &user->instantiate.args[i].def, false};
    return NULL;
}

/* The instance for all wires that lead to one provider from one scope; `first` is one of them. */
static weft_error_t *wire_group(const wire_job_t *job, wires_t *wires, size_t first) {
    wire_t *wire = &wires->items[first];
    def_t *provider = *wire->slot;
    named_def_t given = weft_named(job->import, provider);
    placement_t place = {.scope = wire->scope,
                         .before = wire->user,
                         .name = job->name,
                         .given = &given,
                         .given_count = job->import.len ? 1 : 0};
    for (size_t i = first; i < wires->count; i++) {
        wire_t *other = &wires->items[i];
        if (other->scope == wire->scope && *other->slot == provider &&
            other->user->order < place.before->order)
            place.before = other->user;
    }
    weft_error_t *error = weft_place_at(&place, job->middleware);
    builder_t b = {place.scope, place.before, NULL};
    def_t *instance = NULL;
    if (!error) error = weft_place_instance(&b, &place, &instance);
    def_t *wired =
        error ? NULL : weft_build_alias(&b, (sort_t)provider->sort, instance, job->export);
    weft_place_free(&place);
    TRY(error ? error : b.error);
    for (size_t i = first; i < wires->count; i++) {
        wire_t *other = &wires->items[i];
        if (other->done || other->scope != wire->scope || *other->slot != provider) continue;
        *other->slot = wired;
        other->done = true;
        weft_def_touch(other->user);
    }
    return NULL;
}

weft_error_t *weft_wire_in(graph_t *graph, const wire_job_t *job) {
    wires_t wires = {0};
    census_t census = {0};
    weft_error_t *error = weft_census_take(&census, graph->document);
    for (size_t i = 0; i < job->edge_count && !error; i++) {
        wire_t wire;
        error = find_wire(&census, job->edges[i], graph->document, &wire);
        if (!error) weft_scope_order(wire.scope);
        if (!error) error = VEC_PUSH(&wires, wire);
    }
    for (size_t i = 0; i < wires.count && !error; i++)
        if (!wires.items[i].done) error = wire_group(job, &wires, i);
    VEC_FREE(&wires);
    weft_census_free(&census);
    return error;
}
