/* The composition graph of a document.
 *
 * A *node* is a component instance with code somewhere in it. An *edge* is (consumer, provider, what is
 * consumed). The host stands on both sides: it provides what the root imports and consumes what the root
 * exports; as a node it is NULL. Edges join the innermost nodes: a composite that only wires others is
 * transparent, but an edge can tell which composites it leaves and enters.
 *
 *   host ==orders==> auth ==orders==> shop/service ==stock==> shop/store ==wasi:io==> host
 *                              enters `shop`                           leaves `shop`
 *
 * Not nodes are the re-export components that wit-component makes, one per exported interface, and any
 * other component without code: they are structure of the node that holds them. A component that has code
 * and is the whole document (a plain component) is a graph of one node. A component that has code *and*
 * nodes inside consumes and provides like any other, and may consume its own children.
 *
 * Everything belongs to the graph, which describes the document as it was when it was made. */
#ifndef WEFT_GRAPH_GRAPH_H
#define WEFT_GRAPH_GRAPH_H

#include "graph/resolve.h"

typedef struct graph graph_t;
typedef struct node node_t;
typedef struct edge edge_t;

typedef struct edge_list {
    edge_t **items;
    uint32_t count;
} edge_list_t;

struct node {
    uint32_t index; /* in graph->nodes; outer nodes come before those inside them */
    weft_str_t
        name; /* of the instance, else of its component, else instance-N; unique in its level */
    weft_str_t path;  /* outer/inner: unique in the graph */
    node_t *parent;   /* the node around it; NULL: at the top */
    node_t *children; /* those directly inside, in the order of their definitions */
    uint32_t child_count;
    bool has_code;   /* of its own: it consumes and provides */
    def_t *instance; /* the DEF_INSTANTIATE, in outside->scope; NULL: the node is the root itself */
    const context_t *outside; /* NULL: the node is the root itself */
    const context_t
        *inside; /* its body; NULL: a component that the host provides (then has_code) */
    edge_list_t consumes, provides; /* edges of which it is the consumer, the provider */
    uint32_t mark;                  /* used while the graph is made */
};

/* A function (or other member) of an edge's interface. */
typedef struct member {
    weft_str_t name;
    sort_t sort; /* SORT_FUNC, or what else is not a type */
    const place_t
        *place; /* resolved, where the provider or what wires it names it; NULL: the host's */
} member_t;

struct edge {
    uint32_t index;   /* in graph->edges */
    node_t *consumer; /* NULL: the host */
    node_t *provider; /* NULL: the host */
    sort_t sort; /* SORT_INSTANCE: an interface; else SORT_FUNC, VALUE, COMPONENT, CORE_MODULE */

    /* The consumer's side. `name` is the name of its import (host: of the root's export) and `interface`
     * the same unless the name says which interface it implements. */
    weft_str_t name, interface;
    def_t *wanted; /* the DEF_IMPORT in consumer->inside->scope; host: the root's DEF_EXPORT;
                             * NULL: the consumer uses an instance inside itself */
    const named_def_t
        *arg; /* the argument of consumer->instance; NULL: the host, the root, an instance inside */
    const place_t *from; /* the first place of the way, resolved: `wanted`, or what is used */

    /* The provider's side. `export_name` is its name for the same; of the host: the root's import. A bare
     * function taken out of an interface has its name in `export_member`, else that is empty. */
    weft_str_t export_name, export_interface, export_member;
    def_t *given; /* the DEF_EXPORT in provider->inside->scope; host: the root's DEF_IMPORT; NULL:
                          * given without an export (a whole instance, or a node to one inside it) */
    const place_t *door; /* the place of `given` when that is a DEF_EXPORT */
    const place_t *end;  /* what it ends in; of a partial edge: what its first member ends in */

    /* The interface was assembled from what several provide, this edge is one provider's part. */
    bool partial;

    node_t *meet;    /* the innermost node around both ends; NULL: the root */
    node_t **passed; /* nodes that hand it on without code of theirs, from the consumer on */
    uint32_t passed_count;

    const member_t *members; /* of a partial edge from the start, else after weft_edge_members */
    uint32_t member_count;
};

/* All edges of one interface (or bare name). An edge whose two sides name it differently is in both. */
typedef struct interface {
    weft_str_t name;
    edge_list_t edges;
} interface_t;

struct graph {
    document_t *document;
    resolver_t *resolver;
    node_t *nodes;
    uint32_t node_count;
    node_t *root;  /* the node that the root itself is; NULL when it has no code */
    edge_t *edges; /* by consumer in the order of nodes, then by import; those of the host last */
    uint32_t edge_count;
    interface_t *interfaces; /* in the order of the edges */
    uint32_t interface_count;
    edge_list_t host_consumes, host_provides;
    map_t by_path;      /* path -> node_t */
    map_t by_interface; /* name -> interface_t */
    map_t by_place;     /* of an instance of a component that the host provides -> node_t */
    arena_t arena;
};

/* `document` must outlive the graph. Bodies that were not parsed yet are parsed. */
weft_error_t *weft_graph_new(document_t *document, graph_t **graph);
void weft_graph_delete(graph_t *graph);

/* By path; NULL: none. */
node_t *weft_graph_node(const graph_t *graph, weft_str_t path);
/* By exact name; NULL: none. */
const interface_t *weft_graph_interface(const graph_t *graph, weft_str_t name);

/* Whether `inner` is `outer` or inside it. The host (NULL) is inside nothing. */
bool weft_node_encloses(const node_t *outer, const node_t *inner);

/* Which way an edge crosses the boundary of a node: of a composite, of a node with code, or of one that
 * is both. EDGE_NONE also when both its ends are inside. */
typedef enum edge_direction { EDGE_NONE, EDGE_LEAVES, EDGE_ENTERS } edge_direction_t;
edge_direction_t weft_edge_crosses(const edge_t *edge, const node_t *node);

/* Fills edge->members: the functions (and other things that are not types) of an interface that the
 * consumer asks for; when that is the host, those that the provider has. Of a bare import: none. */
weft_error_t *weft_edge_members(graph_t *graph, edge_t *edge);

/* The edges there would be if `consumer`, which need not be a node of the graph, imported what stands at `from` under
 * a name. They are no part of the graph. `wanted` becomes edge->wanted and may be NULL. */
weft_error_t *weft_graph_what_if(graph_t *graph, node_t *consumer, weft_str_t name, def_t *wanted,
                                 const place_t *from, edge_t **edges, uint32_t *count);

/* The context at the common level of both ends, where the wiring between them stands. */
const context_t *weft_edge_level(const graph_t *graph, const edge_t *edge);

#endif
