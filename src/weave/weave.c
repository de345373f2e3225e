/* A job from its sites to the edited document:
 *
 *   1. paths    the instantiations that lead to each woven node; components of which other instances exist
 *               are cloned until each path's body is woven for all its instances or has one instance
 *   2. bodies   each distinct body is woven once (body.c)
 *   3. middleware   instantiated in the innermost scope that holds all woven nodes (adapter.c)
 *   4. threads  every scope between hands the hooks on: an import and a `with` argument each */
#include "weave/weave.h"

#include "component/build.h"
#include "support/alloc.h"
#include "weave/adapter.h"
#include "weave/body.h"
#include "weave/paths.h"
#include "weave/place.h"

struct weaver {
    document_t *document;
    type_pool_t *pool;
    abis_t abis;
    map_t innermost; /* lift -> hop_t, see item.h */
};

weft_error_t *weft_weaver_new(document_t *document, type_pool_t *pool, weaver_t **weaver) {
    weaver_t *w = weft_alloc_zero(1, sizeof *w);
    if (!w) return weft_error_oom();
    w->document = document;
    w->pool = pool;
    w->abis = (abis_t){{.address = ABI_32}, {.address = ABI_64}};
    *weaver = w;
    return NULL;
}

void weft_weaver_delete(weaver_t *weaver) {
    if (!weaver) return;
    weft_map_free(&weaver->innermost);
    weft_abi_free(&weaver->abis.narrow);
    weft_abi_free(&weaver->abis.wide);
    weft_free(weaver);
}

/* ---- collecting the functions of a body ---- */

static weft_error_t *collector_init(weaver_t *w, resolver_t *resolver, scope_t *scope,
                                    collector_t *c) {
    *c = (collector_t){
        .resolver = resolver, .pool = w->pool, .abis = &w->abis, .innermost = &w->innermost};
    return weft_scope_uses(scope, &c->uses);
}

weft_error_t *weft_weave_check(weaver_t *weaver, resolver_t *resolver, const weave_site_t *site,
                               const char **why) {
    collector_t c;
    *why = NULL;
    weft_error_t *error = collector_init(weaver, resolver, site->node->scope, &c);
    if (!error) error = weft_collect(&c, site);
    *why = c.why_not;
    weft_collector_free(&c);
    return error;
}

/* ---- targets ---- */

typedef struct job_state {
    weaver_t *weaver;
    resolver_t *resolver;
    const weave_job_t *job;
    paths_t paths;
    VEC(weave_target_t) targets;
    collector_t *collectors; /* one for each body */
    hooks_t hooks;
    hook_shape_t shape;
    bool needs_blocks;
    weave_report_t report;
} job_state_t;

/* Two lowers of one function in one component are one target. */
static weft_error_t *number_targets(job_state_t *s, items_t *items) {
    size_t first = s->targets.count;
    for (size_t i = 0; i < items->count; i++) {
        item_t *item = &items->items[i];
        size_t t = first;
        while (t < s->targets.count &&
               !(weft_str_eq(s->targets.items[t].interface_name, item->interface) &&
                 weft_str_eq(s->targets.items[t].func_name, item->function)))
            t++;
        if (t == s->targets.count)
            TRY(VEC_PUSH(&s->targets,
                         (weave_target_t){(uint32_t)t, item->interface, item->function}));
        item->target = (uint32_t)t;
    }
    s->report.functions += (uint32_t)(s->targets.count - first);
    return NULL;
}

/* ---- bodies ---- */

static weft_error_t *not_woven(const weave_site_t *site, const char *why) {
    return weft_error_new(WEFT_UNSUPPORTED, "%.*s cannot be woven: %s", STR_ARG(site->interface),
                          why);
}

static weft_error_t *collect_one(job_state_t *s, const woven_body_t *body, collector_t *c) {
    TRY(collector_init(s->weaver, s->resolver, body->scope, c));
    c->edit = true;
    for (size_t i = 0; i < body->site_count; i++) {
        if (s->hooks.gate && body->sites[i].port->kind == DEF_EXPORT)
            return not_woven(&body->sites[i], "a gate must stand on the consumer's side");
        TRY(weft_collect(c, &body->sites[i]));
        if (c->why_not) return not_woven(&body->sites[i], c->why_not);
    }
    return number_targets(s, &c->items);
}

/* All functions of all bodies are looked at before the first body is edited: while hooks are imported
 * but not yet handed on, the document has no consistent types. */
static weft_error_t *collect_bodies(job_state_t *s) {
    s->collectors = weft_alloc_zero(s->paths.body_count, sizeof *s->collectors);
    if (!s->collectors) return weft_error_oom();
    for (size_t i = 0; i < s->paths.body_count; i++)
        TRY(collect_one(s, &s->paths.bodies[i], &s->collectors[i]));
    return NULL;
}

/* Which hook functions the woven components import; names differ from scope to scope. */
static weft_error_t *name_hooks(job_state_t *s, scope_t *scope, hook_names_t *names) {
    builder_t b = {scope, NULL, NULL};
    uint32_t n = weft_free_hook_number(scope);
    if (s->hooks.before) names->before = weft_build_name(&b, "weft-b%u", n);
    if (s->hooks.after) names->after = weft_build_name(&b, "weft-a%u", n);
    if (s->hooks.gate) names->gate = weft_build_name(&b, "weft-g%u", n);
    if (s->needs_blocks) names->block = weft_build_name(&b, "weft-n%u", n);
    if (s->shape.by_name) names->type = weft_build_name(&b, "weft-t%u", n);
    return b.error;
}

static weft_error_t *weave_bodies(job_state_t *s) {
    for (size_t i = 0; i < s->paths.body_count; i++) {
        woven_body_t *body = &s->paths.bodies[i];
        TRY(name_hooks(s, body->scope, &body->names));
        body_job_t job = {&s->shape, &body->names, s->job->name, &s->weaver->innermost};
        TRY(weft_weave_body(body->scope, &s->collectors[i].items, &job));
        s->report.components++;
    }
    return NULL;
}

/* ---- threads ---- */

/* What a scope has for its instances: the middleware's own functions, or its imports of them. */
typedef struct supply {
    hook_names_t names;
    hook_defs_t defs;
} supply_t;

typedef struct threads {
    job_state_t *state;
    map_t supplies; /* scope -> supply_t */
    map_t done;     /* instantiate -> itself */
} threads_t;

static weft_error_t *supply_of(threads_t *t, scope_t *scope, supply_t **supply) {
    *supply = weft_map_get_ptr(&t->supplies, scope);
    if (*supply) return NULL;
    supply_t *made = ARENA_NEW(&scope->document->arena, supply_t);
    if (!made) return weft_error_oom();
    TRY(name_hooks(t->state, scope, &made->names));
    TRY(weft_import_hooks(scope, &t->state->shape, &made->names, &made->defs));
    *supply = made;
    return weft_map_set_ptr(&t->supplies, scope, made);
}

static weft_error_t *give(def_t *instantiate, const hook_names_t *names, const hook_defs_t *defs) {
    builder_t b = {instantiate->scope, instantiate, NULL};
    if (defs->type) weft_build_add_arg(&b, instantiate, names->type, defs->type);
    if (defs->before) weft_build_add_arg(&b, instantiate, names->before, defs->before);
    if (defs->after) weft_build_add_arg(&b, instantiate, names->after, defs->after);
    if (defs->gate) weft_build_add_arg(&b, instantiate, names->gate, defs->gate);
    if (defs->block) weft_build_add_arg(&b, instantiate, names->block, defs->block);
    return b.error;
}

/* From the woven body outward to the scope of the middleware, one instantiation after another. */
static weft_error_t *thread_path(threads_t *t, const path_t *path, size_t place_depth) {
    hook_names_t names = t->state->paths.bodies[path->body].names;
    for (size_t i = path->count; i-- > place_depth;) {
        def_t *instantiate = path->steps[i];
        supply_t *supply;
        TRY(supply_of(t, instantiate->scope, &supply));
        if (!weft_map_get_ptr(&t->done, instantiate)) {
            TRY(give(instantiate, &names, &supply->defs));
            TRY(weft_map_set_ptr(&t->done, instantiate, instantiate));
        }
        names = supply->names;
    }
    return NULL;
}

static weft_error_t *thread_all(job_state_t *s, scope_t *place, size_t place_depth,
                                supply_t *supply) {
    threads_t t = {.state = s};
    weft_error_t *error = weft_map_set_ptr(&t.supplies, place, supply);
    for (size_t i = 0; i < s->paths.count && !error; i++)
        error = thread_path(&t, &s->paths.items[i], place_depth);
    weft_map_free(&t.supplies);
    weft_map_free(&t.done);
    return error;
}

/* ---- the job ---- */

static weft_error_t *place_middleware(job_state_t *s, const placement_t *placement,
                                      hook_defs_t *defs) {
    builder_t b = {placement->scope, placement->before, NULL};
    placed_t placed = {.hooks = s->hooks};
    TRY(weft_place_instance(&b, placement, &placed.instance));
    adapter_job_t adapter = {&placed, &s->shape, s->targets.items, (uint32_t)s->targets.count,
                             s->needs_blocks};
    return weft_place_hooks(&b, s->weaver->pool, &adapter, defs);
}

static weft_error_t *run(job_state_t *s, placement_t *placement) {
    weaver_t *w = s->weaver;
    supply_t supply = {0};
    TRY(weft_paths_find(&s->paths, w->document, s->job->sites, s->job->site_count));
    s->report.clones = (uint32_t)s->paths.clones.count;
    TRY(weft_place_find(&s->paths, w->document, s->job->middleware, s->job->name, placement));
    s->hooks = placement->hooks;
    TRY(weft_hook_shape(w->pool, &s->hooks, &s->shape));
    s->needs_blocks = s->paths.count > 1 || s->hooks.catalog;
    TRY(collect_bodies(s));
    TRY(weave_bodies(s));
    TRY(place_middleware(s, placement, &supply.defs));
    TRY(thread_all(s, placement->scope, placement->depth, &supply));
    weft_typing_forget_edits(w->document);
    return NULL;
}

weft_error_t *weft_weave(weaver_t *weaver, resolver_t *resolver, const weave_job_t *job,
                         weave_report_t *report) {
    job_state_t state = {.weaver = weaver, .resolver = resolver, .job = job};
    placement_t placement = {0};
    weft_error_t *error = job->site_count ? run(&state, &placement) : NULL;
    if (!error && report) *report = state.report;
    for (size_t i = 0; state.collectors && i < state.paths.body_count; i++)
        weft_collector_free(&state.collectors[i]);
    weft_free(state.collectors);
    weft_place_free(&placement);
    weft_paths_free(&state.paths);
    VEC_FREE(&state.targets);
    return error;
}
