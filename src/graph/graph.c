/* The graph as a whole, and what can be asked of it. */
#include "graph/graph.h"

#include "graph/build.h"

weft_error_t *weft_graph_new(document_t *document, graph_t **graph) {
    graph_t *g = weft_alloc_zero(1, sizeof *g);
    if (!g) return weft_error_oom();
    g->document = document;
    weft_error_t *error = NULL;
    TRY_OR(failed, weft_resolver_new(document, &g->resolver));
    TRY_OR(failed, weft_graph_find_nodes(g));
    TRY_OR(failed, weft_graph_find_edges(g));
    *graph = g;
    return NULL;
failed:
    weft_graph_delete(g);
    return error;
}

void weft_graph_delete(graph_t *graph) {
    if (!graph) return;
    weft_resolver_delete(graph->resolver);
    weft_map_free(&graph->by_path);
    weft_map_free(&graph->by_interface);
    weft_map_free(&graph->by_place);
    weft_arena_free(&graph->arena);
    weft_free(graph);
}

node_t *weft_graph_node(const graph_t *graph, weft_str_t path) {
    return weft_map_get(&graph->by_path, path);
}

const interface_t *weft_graph_interface(const graph_t *graph, weft_str_t name) {
    return weft_map_get(&graph->by_interface, name);
}

bool weft_node_encloses(const node_t *outer, const node_t *inner) {
    while (inner && inner != outer) inner = inner->parent;
    return inner && inner == outer;
}

edge_direction_t weft_edge_crosses(const edge_t *edge, const node_t *node) {
    bool from = weft_node_encloses(node, edge->consumer);
    bool to = weft_node_encloses(node, edge->provider);
    if (from == to) return EDGE_NONE;
    return from ? EDGE_LEAVES : EDGE_ENTERS;
}

const context_t *weft_edge_level(const graph_t *graph, const edge_t *edge) {
    return edge->meet ? edge->meet->inside : weft_resolver_root(graph->resolver);
}
