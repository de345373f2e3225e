/* What the renderers have in common: which part of the graph is shown, and how things are called. */
#include "graph/render.h"
#include "support/utf8.h"

/* ---- the filter ------------------------------------------------------------------------------------ */

/* * is any run of characters, ? any one. Time is bounded by the product of the lengths: only the last star
 * seen is ever tried again. */
static bool glob(weft_str_t pattern, weft_str_t text) {
    size_t p = 0, t = 0, star = SIZE_MAX, retry = 0;
    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.len && (pattern.ptr[p] == '?' || pattern.ptr[p] == text.ptr[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*') p++;
    return p == pattern.len;
}

static bool edge_matches(const edge_t *edge, weft_str_t filter) {
    return glob(filter, edge->name) || glob(filter, edge->interface) ||
           glob(filter, edge->export_name) || glob(filter, edge->export_interface) ||
           (edge->consumer && glob(filter, edge->consumer->path)) ||
           (edge->provider && glob(filter, edge->provider->path));
}

static void show_node(view_t *view, const node_t *node) {
    for (; node && !view->node_shown[node->index]; node = node->parent)
        view->node_shown[node->index] = true;
}

static weft_error_t *apply_filter(view_t *view, weft_str_t filter) {
    const graph_t *graph = view->graph;
    bool any = !view->filtered;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const edge_t *edge = &graph->edges[i];
        if (view->filtered && !edge_matches(edge, filter)) continue;
        any = view->edge_shown[i] = true;
        show_node(view, edge->consumer);
        show_node(view, edge->provider);
    }
    for (uint32_t i = 0; i < graph->node_count; i++) {
        if (view->filtered && !glob(filter, graph->nodes[i].path)) continue;
        any = true;
        show_node(view, &graph->nodes[i]);
    }
    if (any) return NULL;
    return weft_error_with_help(
        weft_error_new(WEFT_NOT_FOUND, "no node and no interface matches '%.*s'", STR_ARG(filter)),
        "* stands for any characters: 'wasi:http/*', 'auth*'");
}

weft_error_t *weft_view_new(graph_t *graph, detail_t detail, weft_str_t title, uint32_t width,
                            weft_str_t filter, view_t **view) {
    view_t *v = weft_alloc_zero(1, sizeof *v);
    if (!v) return weft_error_oom();
    v->graph = graph;
    v->detail = detail;
    v->title = title;
    v->width = width < 40 ? 40 : width;
    v->filtered = filter.len != 0;
    v->edge_shown = ARENA_ARRAY(&v->arena, bool, (size_t)graph->edge_count + 1);
    v->node_shown = ARENA_ARRAY(&v->arena, bool, (size_t)graph->node_count + 1);
    weft_error_t *error =
        v->edge_shown && v->node_shown ? apply_filter(v, filter) : weft_error_oom();
    if (error) {
        weft_view_delete(v);
        return error;
    }
    *view = v;
    return NULL;
}

void weft_view_delete(view_t *view) {
    if (!view) return;
    weft_arena_free(&view->arena);
    weft_free(view);
}

/* ---- the walk --------------------------------------------------------------------------------------- */

/* The nodes of one level are neighbours in graph->nodes. */
static node_t *first_of_level(const graph_t *graph, const node_t *parent) {
    return parent ? parent->children : graph->nodes + (graph->root ? 1 : 0);
}

static node_t *last_of_level(const graph_t *graph, const node_t *parent) {
    if (parent) return parent->child_count ? parent->children + parent->child_count - 1 : NULL;
    node_t *first = first_of_level(graph, NULL), *last = NULL;
    node_t *end = graph->nodes + graph->node_count;
    for (node_t *node = first; node < end && !node->parent; node++) last = node;
    return last;
}

static node_t *step(node_walk_t *walk) {
    const graph_t *graph = walk->view->graph;
    node_t *node = walk->node;
    if (!node) return last_of_level(graph, NULL);
    if (node->child_count && walk->view->node_shown[node->index]) {
        walk->depth++;
        return last_of_level(graph, node);
    }
    while (node && node == first_of_level(graph, node->parent)) {
        node = node->parent;
        if (node) walk->depth--;
    }
    return node ? node - 1 : NULL;
}

node_walk_t weft_view_walk(const view_t *view) {
    return (node_walk_t){.view = view};
}

node_t *weft_view_walk_next(node_walk_t *walk) {
    do {
        walk->node = step(walk);
    } while (walk->node && !walk->view->node_shown[walk->node->index]);
    return walk->node;
}

/* ---- names ------------------------------------------------------------------------------------------ */

weft_str_t weft_node_label(const node_t *node) {
    return node ? node->path : STR_LIT("(host)");
}

weft_error_t *weft_edge_label(arena_t *arena, sort_t sort, weft_str_t name, weft_str_t *label) {
    *label = name;
    if (sort == SORT_INSTANCE) return NULL;
    buf_t text = {0};
    weft_buf_str(&text, name);
    weft_buf_printf(&text, " (%s)", weft_sort_words(sort));
    *label = weft_arena_str(arena, weft_buf_as_str(&text));
    bool failed = text.failed || !label->ptr;
    weft_buf_free(&text);
    return failed ? weft_error_oom() : NULL;
}

/* ---- folding rows --------------------------------------------------------------------------------------- */

/* my:pkg/iface@1.0.0 taken apart; false: it is not of this form. */
static bool take_apart(weft_str_t name, weft_str_t *package, weft_str_t *interface,
                       weft_str_t *version) {
    const char *end = name.ptr + name.len;
    const char *slash = name.len ? memchr(name.ptr, '/', name.len) : NULL;
    if (!slash || memchr(name.ptr, ' ', name.len)) return false;
    const char *at = memchr(slash, '@', (size_t)(end - slash));
    if (!at) at = end;
    *package = (weft_str_t){name.ptr, (size_t)(slash - name.ptr)};
    *interface = (weft_str_t){slash + 1, (size_t)(at - slash - 1)};
    *version = (weft_str_t){at, (size_t)(end - at)};
    return !memchr(interface->ptr, '/', interface->len);
}

static weft_error_t *fold_key(arena_t *arena, const row_t *row, weft_str_t *key) {
    weft_str_t package, interface, version;
    *key = (weft_str_t){0};
    if (!take_apart(row->name, &package, &interface, &version)) return NULL;
    buf_t text = {0};
    weft_buf_str(&text, package);
    weft_buf_byte(&text, '\n');
    weft_buf_str(&text, version);
    weft_buf_byte(&text, '\n');
    weft_buf_str(&text, row->phrase);
    *key = weft_arena_str(arena, weft_buf_as_str(&text));
    bool failed = text.failed || !key->ptr;
    weft_buf_free(&text);
    return failed ? weft_error_oom() : NULL;
}

static weft_error_t *folded_name(arena_t *arena, row_t *row) {
    weft_str_t package, interface, version;
    buf_t text = {0};
    take_apart(row->name, &package, &interface, &version);
    weft_buf_str(&text, package);
    weft_buf_str(&text, STR_LIT("/{"));
    for (const row_t *at = row; at; at = at->same) {
        take_apart(at->name, &package, &interface, &version);
        if (at != row) weft_buf_byte(&text, ',');
        weft_buf_str(&text, interface);
    }
    weft_buf_byte(&text, '}');
    weft_buf_str(&text, version);
    row->name = weft_arena_str(arena, weft_buf_as_str(&text));
    bool failed = text.failed || !row->name.ptr;
    weft_buf_free(&text);
    return failed ? weft_error_oom() : NULL;
}

/* A row in the making: copied, since the vector is overwritten while rows are folded. */
typedef struct fold {
    row_t row;
    row_t *last;
} fold_t;

static weft_error_t *collect_folds(arena_t *arena, const row_vec_t *rows, map_t *by_key,
                                   fold_t *folds, size_t *count) {
    for (size_t i = 0; i < rows->count; i++) {
        weft_str_t key;
        TRY(fold_key(arena, &rows->items[i], &key));
        fold_t *known = key.len ? weft_map_get(by_key, key) : NULL;
        if (known) {
            row_t *copy = ARENA_NEW(arena, row_t);
            if (!copy) return weft_error_oom();
            *copy = rows->items[i];
            known->last->same = copy;
            known->last = copy;
            continue;
        }
        fold_t *fold = &folds[(*count)++];
        fold->row = rows->items[i];
        fold->last = &fold->row;
        if (key.len) TRY(weft_map_set(by_key, key, fold));
    }
    return NULL;
}

weft_error_t *weft_rows_fold(arena_t *arena, row_vec_t *rows) {
    map_t by_key = {0};
    size_t count = 0;
    fold_t *folds = ARENA_ARRAY(arena, fold_t, rows->count + 1);
    if (!folds) return weft_error_oom();
    weft_error_t *error = collect_folds(arena, rows, &by_key, folds, &count);
    for (size_t i = 0; !error && i < count; i++) {
        rows->items[i] = folds[i].row;
        if (rows->items[i].same) error = folded_name(arena, &rows->items[i]);
    }
    if (!error) rows->count = count;
    weft_map_free(&by_key);
    return error;
}

/* ---- pairs ---------------------------------------------------------------------------------------------- */

typedef struct pair_key {
    node_t *consumer, *provider;
} pair_key_t;

static weft_error_t *pair_of(view_t *view, map_t *known, const edge_t *edge, pair_t *pairs,
                             uint32_t *count, pair_t **pair) {
    pair_key_t wanted = {edge->consumer, edge->provider};
    *pair = weft_map_get(known, (weft_str_t){(const char *)&wanted, sizeof wanted});
    if (*pair) return NULL;
    pair_key_t *key = ARENA_NEW(&view->arena, pair_key_t);
    if (!key) return weft_error_oom();
    *key = wanted;
    *pair = &pairs[(*count)++];
    (*pair)->consumer = wanted.consumer;
    (*pair)->provider = wanted.provider;
    return weft_map_set(known, (weft_str_t){(const char *)key, sizeof *key}, *pair);
}

static weft_error_t *fill_pairs(view_t *view, map_t *known, pair_t *pairs, uint32_t *count) {
    graph_t *graph = view->graph;
    pair_t *pair;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        if (!view->edge_shown[i]) continue;
        TRY(pair_of(view, known, &graph->edges[i], pairs, count, &pair));
        pair->edges.count++;
    }
    for (uint32_t i = 0; i < *count; i++) {
        edge_list_t *edges = &pairs[i].edges;
        edges->items = ARENA_ARRAY(&view->arena, edge_t *, edges->count);
        if (!edges->items) return weft_error_oom();
        edges->count = 0;
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        if (!view->edge_shown[i]) continue;
        TRY(pair_of(view, known, &graph->edges[i], pairs, count, &pair));
        pair->edges.items[pair->edges.count++] = &graph->edges[i];
    }
    return NULL;
}

weft_error_t *weft_view_pairs(view_t *view, pair_t **pairs, uint32_t *count) {
    map_t known = {0};
    *count = 0;
    *pairs = ARENA_ARRAY(&view->arena, pair_t, (size_t)view->graph->edge_count + 1);
    if (!*pairs) return weft_error_oom();
    weft_error_t *error = fill_pairs(view, &known, *pairs, count);
    weft_map_free(&known);
    return error;
}

/* "get, put": the functions of an edge, where they are asked for. */
static weft_error_t *member_phrase(view_t *view, edge_t *edge, weft_str_t *phrase) {
    *phrase = (weft_str_t){0};
    if (view->detail != DETAIL_FULL && !edge->partial) return NULL;
    TRY(weft_edge_members(view->graph, edge));
    buf_t text = {0};
    for (uint32_t i = 0; i < edge->member_count; i++) {
        if (i) weft_buf_str(&text, STR_LIT(", "));
        weft_buf_str(&text, edge->members[i].name);
    }
    *phrase = weft_arena_str(&view->arena, weft_buf_as_str(&text));
    bool failed = text.failed || !phrase->ptr;
    weft_buf_free(&text);
    return failed ? weft_error_oom() : NULL;
}

weft_error_t *weft_pair_rows(view_t *view, const pair_t *pair, row_vec_t *rows) {
    rows->count = 0;
    if (view->detail == DETAIL_EDGES) return NULL;
    for (uint32_t i = 0; i < pair->edges.count; i++) {
        edge_t *edge = pair->edges.items[i];
        row_t row = {.edge = edge};
        TRY(weft_edge_label(&view->arena, edge->sort, edge->name, &row.name));
        TRY(member_phrase(view, edge, &row.phrase));
        TRY(VEC_PUSH(rows, row));
    }
    return view->detail == DETAIL_FULL ? NULL : weft_rows_fold(&view->arena, rows);
}
