#include "weave/sites/paths.h"

#include "support/alloc.h"

/* ---- nodes and groups ---- */

/* The sites of one node. */
typedef struct selected {
    const context_t *node;
    VEC(weave_site_t) sites;
    path_t *path;
    bool grouped;
} selected_t;

typedef VEC(selected_t *) group_t;

typedef struct finder {
    paths_t *paths;
    copies_t *copies;
    VEC(selected_t *) nodes;
} finder_t;

static weft_error_t *find_node(finder_t *f, map_t *known, const context_t *context,
                               selected_t **node) {
    *node = weft_map_get_ptr(known, context);
    if (*node) return NULL;
    selected_t *made = ARENA_NEW(&f->paths->arena, selected_t);
    if (!made) return weft_error_oom();
    made->node = context;
    TRY(VEC_PUSH(&f->nodes, made));
    *node = made;
    return weft_map_set_ptr(known, context, made);
}

static weft_error_t *gather_nodes(finder_t *f, const weave_site_t *sites, size_t count) {
    map_t known = {0};
    weft_error_t *error = NULL;
    for (size_t i = 0; i < count && !error; i++) {
        selected_t *node;
        error = find_node(f, &known, sites[i].node, &node);
        if (!error) error = VEC_PUSH(&node->sites, sites[i]);
    }
    weft_map_free(&known);
    return error;
}

static bool same_sites(const selected_t *a, const selected_t *b) {
    if (a->sites.count != b->sites.count) return false;
    for (size_t i = 0; i < a->sites.count; i++) {
        const weave_site_t *x = &a->sites.items[i], *y = &b->sites.items[i];
        if (x->port != y->port || x->selects != y->selects || x->context != y->context ||
            !weft_str_eq(x->interface, y->interface))
            return false;
    }
    return true;
}

/* ---- paths in the edited document ---- */

static def_t *component_of(const def_t *instantiate) {
    return weft_def_origin(instantiate->instantiate.target);
}

static weft_error_t *new_path(finder_t *f, selected_t *node, path_t **path) {
    arena_t *arena = &f->paths->arena;
    path_t *p = ARENA_NEW(arena, path_t);
    if (!p) return weft_error_oom();
    p->count = node->node->depth;
    p->steps = ARENA_ARRAY(arena, def_t *, p->count);
    if (!p->steps) return weft_error_oom();
    const context_t *context = node->node;
    for (size_t i = p->count; i-- > 0; context = context->parent) p->steps[i] = context->instance;
    *path = p;
    return NULL;
}

/* The steps as they are now; all but the last made to be the only way into their bodies when `alone`. */
static weft_error_t *update_path(finder_t *f, path_t *path, bool alone) {
    for (size_t i = 0; i < path->count; i++) {
        if (i) {
            scope_t *scope;
            TRY(weft_component_body(component_of(path->steps[i - 1]), &scope));
            def_t *now = weft_copies_live(f->copies, path->steps[i], scope);
            if (!now) return weft_error_new(WEFT_INTERNAL, "a path leads into a body of no clone");
            path->steps[i] = now;
        }
        if (!alone || i + 1 == path->count) continue;
        uint32_t count;
        TRY(weft_census_total(&f->copies->census, component_of(path->steps[i]), &count));
        if (count > 1)
            TRY(weft_copies_split(f->copies, component_of(path->steps[i]), &path->steps[i], 1));
    }
    return NULL;
}

/* The nodes of a group whose last steps instantiate the same component share one clone of it. */
static weft_error_t *split_group(finder_t *f, group_t *group) {
    for (size_t i = 0; i < group->count; i++) TRY(update_path(f, group->items[i]->path, true));
    for (size_t i = 0; i < group->count; i++) TRY(update_path(f, group->items[i]->path, false));
    for (size_t i = 0; i < group->count; i++) {
        const path_t *path = group->items[i]->path;
        def_t *component = component_of(path->steps[path->count - 1]);
        VEC(def_t *) last = {0};
        weft_error_t *error = NULL;
        for (size_t k = i; k < group->count && !error; k++) {
            const path_t *other = group->items[k]->path;
            def_t *step = other->steps[other->count - 1];
            if (component_of(step) == component) error = VEC_PUSH(&last, step);
        }
        uint32_t count = 0;
        if (!error) error = weft_census_total(&f->copies->census, component, &count);
        if (!error && count > last.count)
            error = weft_copies_split(f->copies, component, last.items, last.count);
        VEC_FREE(&last);
        TRY(error);
    }
    return NULL;
}

/* What the node is an instance of by now: jobs before this one may have cloned it, or what is on the way to it. */
static weft_error_t *component_now(finder_t *f, selected_t *node, def_t **component) {
    if (!node->path) TRY(new_path(f, node, &node->path));
    TRY(update_path(f, node->path, false));
    *component = component_of(node->path->steps[node->path->count - 1]);
    return NULL;
}

static weft_error_t *make_group(finder_t *f, size_t first, def_t *component, group_t *group) {
    const selected_t *node = f->nodes.items[first];
    for (size_t i = first; i < f->nodes.count; i++) {
        selected_t *other = f->nodes.items[i];
        def_t *now;
        if (other->grouped || other->node->scope != node->node->scope || !same_sites(node, other))
            continue;
        TRY(component_now(f, other, &now));
        if (now != component) continue;
        other->grouped = true;
        TRY(VEC_PUSH(group, other));
    }
    return NULL;
}

static weft_error_t *find_group(finder_t *f, size_t first) {
    group_t group = {0};
    def_t *component;
    uint32_t count = 0;
    weft_error_t *error = component_now(f, f->nodes.items[first], &component);
    if (!error) error = make_group(f, first, component, &group);
    if (!error) error = weft_census_total(&f->copies->census, component, &count);
    if (!error && count > group.count) error = split_group(f, &group);
    VEC_FREE(&group);
    return error;
}

/* ---- the result ---- */

static weft_error_t *move_sites(finder_t *f, const selected_t *node, woven_body_t *body) {
    body->site_count = node->sites.count;
    body->sites = ARENA_ARRAY(&f->paths->arena, weave_site_t, body->site_count);
    if (!body->sites) return weft_error_oom();
    for (size_t i = 0; i < body->site_count; i++) {
        context_t *node_now = ARENA_NEW(&f->paths->arena, context_t);
        if (!node_now) return weft_error_oom();
        *node_now = *node->node;
        node_now->scope = body->scope;
        body->sites[i] = node->sites.items[i];
        body->sites[i].node = node_now;
        body->sites[i].port = weft_copies_live(f->copies, node->sites.items[i].port, body->scope);
        if (!body->sites[i].port) return weft_error_new(WEFT_INTERNAL, "a port that no clone has");
    }
    return NULL;
}

/* The path of a node, and its body when that is a new one; `known` has the bodies' indices + 1 by scope. */
static weft_error_t *list_path(finder_t *f, selected_t *node, map_t *known) {
    paths_t *paths = f->paths;
    def_t *component;
    scope_t *scope;
    TRY(component_now(f, node, &component));
    TRY(weft_component_body(component, &scope));
    size_t body = (size_t)(uintptr_t)weft_map_get_ptr(known, scope);
    if (!body) {
        body = ++paths->body_count;
        paths->bodies[body - 1].scope = scope;
        TRY(move_sites(f, node, &paths->bodies[body - 1]));
        TRY(weft_map_set_ptr(known, scope, (void *)(uintptr_t)body));
    }
    node->path->body = body - 1;
    paths->items[paths->count++] = *node->path;
    return NULL;
}

static weft_error_t *list_bodies(finder_t *f) {
    paths_t *paths = f->paths;
    map_t known = {0};
    weft_error_t *error = NULL;
    paths->items = ARENA_ARRAY(&paths->arena, path_t, f->nodes.count);
    paths->bodies = ARENA_ARRAY(&paths->arena, woven_body_t, f->nodes.count);
    if (!paths->items || !paths->bodies) return weft_error_oom();
    for (size_t i = 0; i < f->nodes.count && !error; i++)
        error = list_path(f, f->nodes.items[i], &known);
    weft_map_free(&known);
    return error;
}

weft_error_t *weft_paths_find(paths_t *paths, copies_t *copies, const weave_site_t *sites,
                              size_t count) {
    finder_t f = {.paths = paths, .copies = copies};
    weft_error_t *error = weft_census_take(&copies->census, copies->document);
    if (!error) error = gather_nodes(&f, sites, count);
    for (size_t i = 0; i < f.nodes.count && !error; i++)
        if (!f.nodes.items[i]->grouped) error = find_group(&f, i);
    if (!error) error = list_bodies(&f);
    for (size_t i = 0; i < f.nodes.count; i++) VEC_FREE(&f.nodes.items[i]->sites);
    VEC_FREE(&f.nodes);
    return error;
}

void weft_paths_free(paths_t *paths) {
    weft_arena_free(&paths->arena);
    *paths = (paths_t){0};
}
