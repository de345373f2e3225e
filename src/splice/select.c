#include "splice/select.h"

#include "splice/match.h"

weft_str_t weft_node_name(const node_t *node) {
    return node ? node->path : weft_str("host");
}

/* The node itself, or a node around it that does not hold the edge's other end as well. */
static bool fits_side(weft_str_t pattern, const node_t *node, const node_t *other) {
    if (!node) return weft_str_eq(pattern, weft_str("host"));
    do {
        if (weft_match_node(pattern, node->path)) return true;
        node = node->parent;
    } while (node && !(other && weft_node_encloses(node, other)));
    return false;
}

static bool fits_provider(weft_str_t pattern, const edge_t *edge) {
    return fits_side(pattern, edge->provider, edge->consumer);
}

static bool fits_consumer(weft_str_t pattern, const edge_t *edge) {
    return fits_side(pattern, edge->consumer, edge->provider);
}

typedef bool (*fits_t)(weft_str_t pattern, const edge_t *edge);

static bool fits_interface(weft_str_t pattern, const edge_t *edge) {
    return weft_match_interface(pattern, edge->interface) ||
           weft_match_interface(pattern, edge->export_interface);
}

/* Any of the patterns; none given: everything. */
static bool fits_any(const texts_t *patterns, const edge_t *edge, fits_t fits) {
    for (uint32_t i = 0; i < patterns->count; i++)
        if (fits(patterns->items[i].str, edge)) return true;
    return patterns->count == 0;
}

static bool fits_directions(const rule_t *rule, const edge_t *edge) {
    bool in = fits_any(&rule->nodes, edge, fits_provider);
    bool out = fits_any(&rule->nodes, edge, fits_consumer);
    if (rule->kind == RULE_ON_SUBGRAPH && in && out) return false; /* stays inside */
    return (in && (rule->direction & DIRECTION_IN)) || (out && (rule->direction & DIRECTION_OUT));
}

static bool fits_nodes(const rule_t *rule, const edge_t *edge) {
    weft_str_t provider = rule->provider.name.str, consumer = rule->consumer.name.str;
    switch (rule->kind) {
    case RULE_BEFORE: return provider.ptr ? fits_provider(provider, edge) : edge->provider != NULL;
    case RULE_BETWEEN: return fits_provider(provider, edge) && fits_consumer(consumer, edge);
    default: return fits_directions(rule, edge);
    }
}

/* ---- exceptions and functions --------------------------------------------------------------- */

static bool is_exception(const exception_t *e, const edge_t *edge) {
    return fits_any(&e->interfaces, edge, fits_interface) &&
           fits_any(&e->providers, edge, fits_provider) &&
           fits_any(&e->consumers, edge, fits_consumer);
}

static bool names_function(const texts_t *patterns, weft_str_t function) {
    for (uint32_t i = 0; i < patterns->count; i++)
        if (weft_match_function(patterns->items[i].str, function)) return true;
    return false;
}

static bool is_left_out(const rule_t *rule, const edge_t *edge) {
    for (uint32_t i = 0; i < rule->exception_count; i++)
        if (!rule->exceptions[i].functions.count && is_exception(&rule->exceptions[i], edge))
            return true;
    return false;
}

bool weft_rule_limits(const rule_t *rule, const edge_t *edge) {
    if (rule->functions.count) return true;
    for (uint32_t i = 0; i < rule->exception_count; i++)
        if (rule->exceptions[i].functions.count && is_exception(&rule->exceptions[i], edge))
            return true;
    return false;
}

bool weft_rule_means(const rule_t *rule, const edge_t *edge, weft_str_t function) {
    if (rule->functions.count && !names_function(&rule->functions, function)) return false;
    for (uint32_t i = 0; i < rule->exception_count; i++) {
        const exception_t *e = &rule->exceptions[i];
        if (names_function(&e->functions, function) && is_exception(e, edge)) return false;
    }
    return true;
}

bool weft_edge_has_function(graph_t *graph, edge_t *edge, const rule_t *rule,
                            weft_error_t **error) {
    *error = weft_edge_members(graph, edge);
    if (*error) return false;
    if (edge->sort == SORT_FUNC) return !rule || weft_rule_means(rule, edge, edge->name);
    for (uint32_t i = 0; i < edge->member_count; i++) {
        const member_t *member = &edge->members[i];
        if (member->sort == SORT_FUNC && (!rule || weft_rule_means(rule, edge, member->name)))
            return true;
    }
    return false;
}

static bool is_callable(const edge_t *edge) {
    return edge->sort == SORT_INSTANCE || edge->sort == SORT_FUNC;
}

weft_error_t *weft_select(graph_t *graph, const edges_t *all, const rule_t *rule, edges_t *edges) {
    for (size_t i = 0; i < all->count; i++) {
        edge_t *edge = all->items[i];
        if (!is_callable(edge) || !fits_any(&rule->interfaces, edge, fits_interface)) continue;
        if (!fits_nodes(rule, edge) || is_left_out(rule, edge)) continue;
        weft_error_t *error;
        bool has_function = weft_edge_has_function(graph, edge, rule, &error);
        if (error) return error;
        if (has_function) TRY(VEC_PUSH(edges, edge));
    }
    return NULL;
}

bool weft_select_interface(const rule_t *rule, const edge_t *edge) {
    return is_callable(edge) && fits_any(&rule->interfaces, edge, fits_interface);
}

bool weft_select_nodes(const rule_t *rule, const edge_t *edge) {
    return fits_nodes(rule, edge);
}
