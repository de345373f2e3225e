/* Making a graph, in two steps: the nodes, then the edges between them. */
#ifndef WEFT_GRAPH_BUILD_H
#define WEFT_GRAPH_BUILD_H

#include "graph/graph.h"

/* Finds and names the nodes. Afterwards every context's `owner` is the innermost node that holds it (NULL:
 * none does), also where the context is structure of that node. */
weft_error_t *weft_graph_find_nodes(graph_t *graph);

/* Finds the edges and files them by consumer, provider and interface. */
weft_error_t *weft_graph_find_edges(graph_t *graph);

/* The node that an end of an instance, function or other entity belongs to; NULL: the wiring of the root. */
node_t *weft_graph_owner(const place_t *end);

/* ---- members ---------------------------------------------------------------------------------- */

typedef VEC(member_t) member_vec_t;

/* Appends what an instance is asked for by the instance type of the import `wanted`, or, when that is no
 * import or its type cannot be looked into, what the instance at `end` has. Places are not filled in. */
weft_error_t *weft_graph_list_members(graph_t *graph, const edge_t *edge, bool types,
                                      member_vec_t *members);

/* Fills in the place of a member of the instance at `end`. */
weft_error_t *weft_graph_place_member(graph_t *graph, const place_t *end, member_t *member);

#endif
