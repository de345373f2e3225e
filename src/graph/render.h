/* Showing a graph: as text for people, as Mermaid and DOT for drawing, as JSON for programs. */
#ifndef WEFT_GRAPH_RENDER_H
#define WEFT_GRAPH_RENDER_H

#include "graph/graph.h"

typedef enum detail {
    DETAIL_EDGES,      /* which node uses which */
    DETAIL_INTERFACES, /* and by which interfaces */
    DETAIL_FULL        /* and the functions, one interface to a line */
} detail_t;

/* What is shown of a graph. */
typedef struct view {
    graph_t *graph;
    detail_t detail;
    weft_str_t title; /* what the root is called, a file's name; may be empty */
    uint32_t width;   /* columns of text, at least 40 */
    bool filtered;
    bool *edge_shown; /* by index */
    bool *node_shown;
    arena_t arena;
} view_t;

/* `filter` is a glob (* and ?) over paths of nodes and names of interfaces; empty shows everything. Shown are
 * the edges that match themselves or at an end, and the nodes that match or that those edges join. A filter that
 * matches nothing is an error. */
weft_error_t *weft_view_new(graph_t *graph, detail_t detail, weft_str_t title, uint32_t width,
                            weft_str_t filter, view_t **view);
void weft_view_delete(view_t *view);

/* Each appends a whole document. The same graph always gives the same text. */
weft_error_t *weft_render_text(view_t *view, buf_t *out);
weft_error_t *weft_render_mermaid(view_t *view, buf_t *out);
weft_error_t *weft_render_dot(view_t *view, buf_t *out);
weft_error_t *weft_render_json(view_t *view, buf_t *out);

/* ---- for the renderers --------------------------------------------------------------------------- */

/* Something listed: a name and what is said of it. */
typedef struct row {
    weft_str_t name;
    weft_str_t phrase;
    const edge_t *edge; /* one of those it stands for; NULL: none */
    struct row *same;   /* the next row that was folded into this one */
} row_t;

typedef VEC(row_t) row_vec_t;

/* Folds rows with equal phrases that name interfaces of one package and version into their first:
 * wasi:io/{error, streams}@0.2.0. */
weft_error_t *weft_rows_fold(arena_t *arena, row_vec_t *rows);

/* All shown edges between one consumer and one provider. */
typedef struct pair {
    node_t *consumer, *provider;
    edge_list_t edges;
} pair_t;

/* In the order of the edges; *pairs is in the view's arena. */
weft_error_t *weft_view_pairs(view_t *view, pair_t **pairs, uint32_t *count);

/* "front", or "(host)" for NULL. */
weft_str_t weft_node_label(const node_t *node);

/* "run (func)"; an interface is its name alone. */
weft_error_t *weft_edge_label(arena_t *arena, sort_t sort, weft_str_t name, weft_str_t *label);

/* What a drawing writes on the line of a pair: rows, folded unless the detail is full. */
weft_error_t *weft_pair_rows(view_t *view, const pair_t *pair, row_vec_t *rows);

/* All shown nodes but the root itself, each before those inside it, on every level the consumers before their
 * providers (the order of definitions, backwards). */
typedef struct node_walk {
    const view_t *view;
    node_t *node;   /* the one given last; NULL: none yet */
    uint32_t depth; /* its level, 0 at the top */
} node_walk_t;

node_walk_t weft_view_walk(const view_t *view);
node_t *weft_view_walk_next(node_walk_t *walk); /* NULL: no more */

#endif
