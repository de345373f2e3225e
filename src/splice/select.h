/* Which edges of a composition a rule selects.
 *
 * A pattern for a node fits a side of an edge when it fits the node there or a composed node around it that
 * the edge crosses: `shop` fits the provider of an edge that enters `shop`, whatever inside it answers, and does
 * not fit an edge between two nodes inside. The host is called `host`, and only a pattern that says so fits
 * it. */
#ifndef WEFT_SPLICE_SELECT_H
#define WEFT_SPLICE_SELECT_H

#include "graph/graph.h"
#include "splice/rules.h"

typedef VEC(edge_t *) edges_t;

/* Those of `all`, in their order, over which a function is consumed that the rule means (an edge may be there for its
 * types alone). */
weft_error_t *weft_select(graph_t *graph, const edges_t *all, const rule_t *rule, edges_t *edges);

/* Whether a selected edge's function is meant: `functions` and the exceptions. */
bool weft_rule_means(const rule_t *rule, const edge_t *edge, weft_str_t function);

/* Whether a function goes over the edge that the rule (NULL: any) means. */
bool weft_edge_has_function(graph_t *graph, edge_t *edge, const rule_t *rule, weft_error_t **error);

/* Whether the rule leaves out functions of the edge at all. */
bool weft_rule_limits(const rule_t *rule, const edge_t *edge);

/* The parts of selecting: whether the interface fits, whether the nodes do. */
bool weft_select_interface(const rule_t *rule, const edge_t *edge);
bool weft_select_nodes(const rule_t *rule, const edge_t *edge);

/* Why a rule selects nothing: which nodes carry the interface, which names are near. An error that points to
 * the pattern that does not fit. */
weft_error_t *weft_unmatched(graph_t *graph, const edges_t *all, const rules_t *rules,
                             const rule_t *rule);

/* The name of a side, for people. */
weft_str_t weft_node_name(const node_t *node);

#endif
