/* A job from its sites to the edited document:
 *
 *   1. paths    the instantiations that lead to each woven node; components of which other instances exist
 *               are cloned until each path's body is woven for all its instances or has one instance
 *   2. bodies   each distinct body is woven once (body/body.c)
 *   3. middleware   instantiated in the innermost scope that holds all woven nodes (adapter.c)
 *   4. threads  every scope between hands the hooks on: an import and a `with` argument each */
#include "weave/weave.h"

#include "component/edit/build.h"
#include "support/alloc.h"
#include "weave/adapter.h"
#include "weave/body/body.h"
#include "weave/sites/paths.h"
#include "weave/sites/place.h"

struct weaver {
    copies_t copies;
    type_pool_t *pool;
    abis_t abis;
    map_t innermost; /* lift -> hop_t, see body/item.h */
};

weft_error_t *weft_weaver_new(document_t *document, type_pool_t *pool, weaver_t **weaver) {
    weaver_t *w = weft_alloc_zero(1, sizeof *w);
    if (!w) return weft_error_oom();
    w->copies.document = document;
    w->pool = pool;
    w->abis = (abis_t){{.address = ABI_32}, {.address = ABI_64}};
    *weaver = w;
    return NULL;
}

void weft_weaver_delete(weaver_t *weaver) {
    if (!weaver) return;
    weft_map_free(&weaver->innermost);
    weft_copies_free(&weaver->copies);
    weft_abi_free(&weaver->abis.narrow);
    weft_abi_free(&weaver->abis.wide);
    weft_free(weaver);
}

void weft_weaver_forget(weaver_t *weaver) {
    weft_copies_free(&weaver->copies);
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

/* ---- a job under way ---- */

/* What a scope has of the hooks, for its code and its instances: the middleware's own functions, or imports. */
typedef struct supply {
    hook_names_t names; /* of the imports */
    hook_defs_t defs;
} supply_t;

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
    map_t supplies; /* scope -> supply_t */
} job_state_t;

/* Which hook functions a scope imports; names differ from scope to scope. */
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

/* A scope may be woven and hand hooks on to a component nested in it: it imports them once. */
static weft_error_t *supply_of(job_state_t *s, scope_t *scope, supply_t **supply) {
    *supply = weft_map_get_ptr(&s->supplies, scope);
    if (*supply) return NULL;
    supply_t *made = ARENA_NEW(&scope->document->arena, supply_t);
    if (!made) return weft_error_oom();
    TRY(name_hooks(s, scope, &made->names));
    TRY(weft_import_hooks(scope, &s->shape, &made->names, &made->defs));
    *supply = made;
    return weft_map_set_ptr(&s->supplies, scope, made);
}

/* ---- targets ---- */

/* The place of a target among those of one component, by its two names; + 1, as a pointer. */
static weft_error_t *number_target(job_state_t *s, arena_t *keys, map_t *known, item_t *item) {
    size_t len = item->interface.len + 1 + item->function.len;
    char *key = ARENA_ARRAY(keys, char, len);
    if (!key) return weft_error_oom();
    if (item->interface.len) memcpy(key, item->interface.ptr, item->interface.len);
    key[item->interface.len] = '\0'; /* in no name */
    if (item->function.len)
        memcpy(key + item->interface.len + 1, item->function.ptr, item->function.len);
    uintptr_t number = (uintptr_t)weft_map_get(known, (weft_str_t){key, len});
    if (!number) {
        uint32_t id = (uint32_t)s->targets.count;
        TRY(VEC_PUSH(&s->targets, (weave_target_t){id, item->interface, item->function}));
        number = s->targets.count;
        TRY(weft_map_set(known, (weft_str_t){key, len}, (void *)number));
    }
    item->target = (uint32_t)(number - 1);
    return NULL;
}

/* Two lowers of one function in one component are one target. */
static weft_error_t *number_targets(job_state_t *s, items_t *items) {
    arena_t keys = {0};
    map_t known = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < items->count && !error; i++)
        error = number_target(s, &keys, &known, &items->items[i]);
    weft_map_free(&known);
    weft_arena_free(&keys);
    return error;
}

/* ---- bodies ---- */

static weft_error_t *not_woven(const weave_site_t *site, const char *why) {
    return weft_error_new(WEFT_UNSUPPORTED, "%.*s cannot be woven: %s", STR_ARG(site->interface),
                          why);
}

/* A component may lift what it has lowered. When it is to be hooked at both ends, one reference would have to lead
 * to two functions. */
static weft_error_t *check_slots(const woven_body_t *body, const items_t *items) {
    map_t slots = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < items->count && !error; i++) {
        const hops_t *hops = &items->items[i].slots;
        for (size_t k = 0; k < hops->count && !error; k++) {
            def_t **slot = hops->items[k].slot;
            error = weft_map_get_ptr(&slots, slot)
                        ? not_woven(&body->sites[0],
                                    "the same function is hooked as an import and as an export")
                        : weft_map_set_ptr(&slots, slot, slot);
        }
    }
    weft_map_free(&slots);
    return error;
}

static weft_error_t *collect_one(job_state_t *s, const woven_body_t *body, collector_t *c) {
    TRY(collector_init(s->weaver, s->resolver, body->scope, c));
    c->edit = true;
    c->skips = s->hooks.gate != NULL;
    for (size_t i = 0; i < body->site_count; i++) {
        if (s->hooks.gate && body->sites[i].port->kind == DEF_EXPORT)
            return not_woven(&body->sites[i], "a gate must stand on the consumer's side");
        TRY(weft_collect(c, &body->sites[i]));
        if (c->why_not) return not_woven(&body->sites[i], c->why_not);
    }
    if (c->copied_instances) weft_census_free(&s->weaver->copies.census);
    TRY(check_slots(body, &c->items));
    TRY(weft_handles_find(&c->handles, s->weaver->pool, body->scope));
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

static weft_error_t *weave_bodies(job_state_t *s) {
    for (size_t i = 0; i < s->paths.body_count; i++) {
        scope_t *scope = s->paths.bodies[i].scope;
        supply_t *supply;
        if (!s->collectors[i].items.count) continue;
        TRY(supply_of(s, scope, &supply));
        body_job_t job = {&s->shape, &supply->defs, s->job->name, &s->collectors[i].handles,
                          &s->weaver->innermost};
        TRY(weft_weave_body(scope, &s->collectors[i].items, &job));
    }
    return NULL;
}

/* ---- threads ---- */

static weft_error_t *give(def_t *instantiate, const hook_names_t *names, const hook_defs_t *defs) {
    builder_t b = {instantiate->scope, instantiate, NULL};
    if (defs->type) weft_build_add_arg(&b, instantiate, names->type, defs->type);
    if (defs->before) weft_build_add_arg(&b, instantiate, names->before, defs->before);
    if (defs->after) weft_build_add_arg(&b, instantiate, names->after, defs->after);
    if (defs->gate) weft_build_add_arg(&b, instantiate, names->gate, defs->gate);
    if (defs->block) weft_build_add_arg(&b, instantiate, names->block, defs->block);
    return b.error;
}

/* From the woven body outward to the scope of the middleware, one instantiation after another. `done` has the
 * instantiations that were given hooks, by way of another path. */
static weft_error_t *thread_path(job_state_t *s, const path_t *path, size_t place_depth,
                                 map_t *done) {
    supply_t *inside, *outside;
    if (!s->collectors[path->body].items.count) return NULL;
    TRY(supply_of(s, s->paths.bodies[path->body].scope, &inside));
    for (size_t i = path->count; i-- > place_depth;) {
        def_t *instantiate = path->steps[i];
        TRY(supply_of(s, instantiate->scope, &outside));
        if (!weft_map_get_ptr(done, instantiate)) {
            TRY(give(instantiate, &inside->names, &outside->defs));
            TRY(weft_map_set_ptr(done, instantiate, instantiate));
        }
        inside = outside;
    }
    return NULL;
}

static weft_error_t *thread_all(job_state_t *s, size_t place_depth) {
    map_t done = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < s->paths.count && !error; i++)
        error = thread_path(s, &s->paths.items[i], place_depth, &done);
    weft_map_free(&done);
    return error;
}

/* ---- the job ---- */

/* A lift that was woven before is woven in its clone too: there `innermost` leads to the same slot. */
static weft_error_t *follow_clone(job_state_t *s, const clone_t *clone, const def_t *lift) {
    map_t *innermost = &s->weaver->innermost;
    const hop_t *slot = weft_map_get_ptr(innermost, lift);
    if (!slot) return NULL;
    def_t *args = weft_map_get_ptr(&clone->copies, slot->user);
    size_t i = 0;
    while (&slot->user->inline_.exports[i].def != slot->slot) i++;
    hop_t *copy = ARENA_NEW(&args->scope->document->arena, hop_t);
    if (!copy) return weft_error_oom();
    *copy = (hop_t){args, &args->inline_.exports[i].def};
    return weft_map_set_ptr(innermost, weft_map_get_ptr(&clone->copies, lift), copy);
}

static weft_error_t *follow_clones(job_state_t *s, size_t first) {
    const copies_t *copies = &s->weaver->copies;
    for (size_t i = first; i < copies->clones.count; i++) {
        const clone_t *clone = &copies->clones.items[i];
        for (size_t k = 0; k < clone->bodies.count; k++)
            for (def_t *def = clone->bodies.items[k].original->first; def; def = def->next)
                if (def->kind == DEF_CANON) TRY(follow_clone(s, clone, def));
    }
    return NULL;
}

static weft_error_t *place_middleware(job_state_t *s, const placement_t *placement,
                                      hook_defs_t *defs) {
    builder_t b = {placement->scope, placement->before, NULL};
    placed_t placed = {.hooks = s->hooks};
    TRY(weft_place_instance(&b, placement, &placed.instance));
    TRY(weft_census_add(&s->weaver->copies.census, placed.instance));
    adapter_job_t adapter = {&placed, &s->shape, s->targets.items, (uint32_t)s->targets.count,
                             s->needs_blocks};
    return weft_place_hooks(&b, s->weaver->pool, &adapter, defs);
}

static weft_error_t *run(job_state_t *s, placement_t *placement) {
    weaver_t *w = s->weaver;
    supply_t middleware = {0};
    size_t clones_before = w->copies.clones.count;
    TRY(weft_paths_find(&s->paths, &w->copies, s->job->sites, s->job->site_count));
    TRY(follow_clones(s, clones_before));
    TRY(weft_place_find(&s->paths, &w->copies, s->job, placement));
    s->hooks = placement->hooks;
    TRY(weft_hook_shape(w->pool, &s->hooks, &s->shape));
    s->needs_blocks = s->paths.count > 1 || s->hooks.catalog;
    TRY(collect_bodies(s));
    TRY(weave_bodies(s));
    TRY(place_middleware(s, placement, &middleware.defs));
    TRY(weft_map_set_ptr(&s->supplies, placement->scope, &middleware));
    TRY(thread_all(s, placement->depth));
    weft_typing_forget_edits(w->copies.document);
    return NULL;
}

weft_error_t *weft_weave(weaver_t *weaver, resolver_t *resolver, const weave_job_t *job) {
    job_state_t state = {.weaver = weaver, .resolver = resolver, .job = job};
    placement_t placement = {0};
    weft_error_t *error = job->site_count ? run(&state, &placement) : NULL;
    for (size_t i = 0; state.collectors && i < state.paths.body_count; i++)
        weft_collector_free(&state.collectors[i]);
    weft_free(state.collectors);
    weft_place_free(&placement);
    weft_paths_free(&state.paths);
    weft_map_free(&state.supplies);
    VEC_FREE(&state.targets);
    return error;
}
