/* The nodes: every instance is entered, level by level; those with code somewhere inside are nodes. */
#include "graph/build.h"

/* An instance seen on the way. Those made by one body follow one another. */
typedef struct seen {
    context_t *inside;        /* NULL: of a component that the host provides */
    const context_t *outside; /* NULL: the root */
    def_t *instance;
    uint32_t parent; /* in the list */
    bool has_code;   /* itself or inside */
    node_t *node;
} seen_t;

typedef VEC(seen_t) seen_vec_t;

static weft_error_t *enter_all(graph_t *graph, seen_vec_t *seen) {
    context_t *root = weft_resolver_root(graph->resolver);
    TRY(VEC_PUSH(seen, (seen_t){.inside = root, .has_code = root->facts->has_code}));
    for (size_t at = 0; at < seen->count; at++) {
        const context_t *context = seen->items[at].inside;
        if (!context) continue;
        const scope_facts_t *facts = context->facts;
        for (uint32_t i = 0; i < facts->instance_count; i++) {
            seen_t next = {
                .outside = context, .instance = facts->instances[i], .parent = (uint32_t)at};
            TRY(weft_enter(graph->resolver, context, next.instance, &next.inside));
            next.has_code = !next.inside || next.inside->facts->has_code;
            TRY(VEC_PUSH(seen, next));
        }
    }
    for (size_t at = seen->count - 1; at > 0; at--)
        if (seen->items[at].has_code) seen->items[seen->items[at].parent].has_code = true;
    return NULL;
}

/* ---- names ---------------------------------------------------------------------------------------- */

/* The first of: the instance's name, what its component is called where it is defined, what it calls
 * itself, the name under which the host provides it. Empty: none of them. */
static weft_error_t *given_name(graph_t *graph, const node_t *node, weft_str_t *name) {
    *name = (weft_str_t){0};
    if (!node->instance) {
        *name = node->inside->scope->name.len ? node->inside->scope->name : weft_str("root");
        return NULL;
    }
    if (node->instance->name.len) {
        *name = node->instance->name;
    } else if (node->inside) {
        const def_t *component = node->inside->component;
        *name = component->name.len ? component->name : node->inside->scope->name;
    } else {
        const place_t *component;
        TRY(weft_resolve(graph->resolver, node->outside, node->instance->instantiate.target,
                         &component));
        const def_t *end = component->end->def;
        if (end->name.len) *name = end->name;
        else *name = end->kind == DEF_IMPORT ? end->import.name.name : end->alias.name;
    }
    return NULL;
}

/* Bytes of all paths: instances inside one another with long names could ask for any number. */
enum { MAX_PATHS = 1 << 26 };

typedef struct namer {
    graph_t *graph;
    map_t counters; /* path -> counter_t */
    size_t spent;   /* bytes of paths so far */
} namer_t;

/* How often a path was asked for, so that the n-th `x` of a level finds its suffix at once. */
typedef struct counter {
    uint32_t count;
} counter_t;

static weft_error_t *keep_path(namer_t *namer, const node_t *node, const buf_t *text,
                               weft_str_t *path) {
    namer->spent += text->len;
    if (namer->spent > MAX_PATHS)
        return weft_error_at(WEFT_LIMIT,
                             node->instance ? weft_def_offset(node->instance) : WEFT_NO_OFFSET,
                             "the paths of the nodes have more than %d bytes in all", MAX_PATHS);
    *path = weft_arena_str(&namer->graph->arena, weft_buf_as_str(text));
    return text->failed || !path->ptr ? weft_error_oom() : NULL;
}

static weft_error_t *format_path(namer_t *namer, const node_t *node, weft_str_t name,
                                 uint32_t suffix, weft_str_t *path, size_t *name_at) {
    buf_t text = {0};
    if (node->parent) {
        weft_buf_str(&text, node->parent->path);
        weft_buf_byte(&text, '/');
    }
    *name_at = text.len;
    if (name.len) weft_buf_str(&text, name);
    else weft_buf_printf(&text, "instance-%u", node->instance->index);
    if (suffix) weft_buf_printf(&text, "-%u", suffix);
    weft_error_t *error = keep_path(namer, node, &text, path);
    weft_buf_free(&text);
    return error;
}

static weft_error_t *counter_of(namer_t *namer, weft_str_t path, counter_t **counter) {
    *counter = weft_map_get(&namer->counters, path);
    if (*counter) return NULL;
    *counter = ARENA_NEW(&namer->graph->arena, counter_t);
    if (!*counter) return weft_error_oom();
    (*counter)->count = 1;
    return weft_map_set(&namer->counters, path, *counter);
}

static weft_error_t *name_node(namer_t *namer, node_t *node) {
    graph_t *graph = namer->graph;
    weft_str_t name, path;
    size_t name_at;
    TRY(given_name(graph, node, &name));
    TRY(format_path(namer, node, name, 0, &path, &name_at));
    if (weft_map_get(&graph->by_path, path)) {
        counter_t *counter;
        TRY(counter_of(namer, path, &counter));
        do {
            TRY(format_path(namer, node, name, ++counter->count, &path, &name_at));
        } while (weft_map_get(&graph->by_path, path));
    }
    node->path = path;
    node->name = (weft_str_t){path.ptr + name_at, path.len - name_at};
    return weft_map_set(&graph->by_path, path, node);
}

/* ---- putting it together ---------------------------------------------------------------------------- */

static bool is_node(const seen_t *seen) {
    return seen->instance ? seen->has_code : seen->inside->facts->has_code;
}

/* The node that encloses what is made in `parent`: the root, which encloses all, is not said. */
static node_t *parent_node(const graph_t *graph, const seen_t *parent) {
    return parent->node == graph->root ? NULL : parent->node;
}

static void fill_node(graph_t *graph, const seen_vec_t *seen, seen_t *own) {
    node_t *node = own->node;
    node->index = (uint32_t)(node - graph->nodes);
    node->instance = own->instance;
    node->outside = own->outside;
    node->inside = own->inside;
    node->has_code = !own->inside || own->inside->facts->has_code;
    if (!own->instance) {
        graph->root = node;
        return;
    }
    node->parent = parent_node(graph, &seen->items[own->parent]);
    if (node->parent) {
        if (!node->parent->children) node->parent->children = node;
        node->parent->child_count++;
    }
}

static weft_error_t *make_nodes(graph_t *graph, seen_vec_t *seen) {
    uint32_t count = 0;
    for (size_t i = 0; i < seen->count; i++) count += is_node(&seen->items[i]);
    graph->nodes = ARENA_ARRAY(&graph->arena, node_t, count ? count : 1);
    if (!graph->nodes) return weft_error_oom();

    for (size_t i = 0; i < seen->count; i++) {
        seen_t *own = &seen->items[i];
        if (is_node(own)) {
            own->node = &graph->nodes[graph->node_count++];
            fill_node(graph, seen, own);
        }
        if (!own->inside) {
            const place_t *place;
            TRY(weft_resolve(graph->resolver, own->outside, own->instance, &place));
            TRY(weft_map_set_ptr(&graph->by_place, place, own->node));
            continue;
        }
        own->inside->owner = own->node;
        if (!own->node && own->instance) own->inside->owner = own->outside->owner;
    }
    return NULL;
}

weft_error_t *weft_graph_find_nodes(graph_t *graph) {
    seen_vec_t seen = {0};
    namer_t namer = {.graph = graph};
    weft_error_t *error = NULL;
    TRY_OR(done, enter_all(graph, &seen));
    TRY_OR(done, make_nodes(graph, &seen));
    for (uint32_t i = 0; i < graph->node_count; i++)
        TRY_OR(done, name_node(&namer, &graph->nodes[i]));
done:
    VEC_FREE(&seen);
    weft_map_free(&namer.counters);
    return error;
}
