/* Middleware that exports the target interface itself is wired in: an instance of it stands on the edge.
 *
 *   consumer --interface--> provider     becomes     consumer --interface--> middleware --interface--> provider
 *
 * Nothing inside the consumer or the provider changes, only what the consumer is given. Whether the types
 * fit is not asked here: type the edited document (component/types/typing.h) afterwards. */
#ifndef WEFT_WEAVE_WIRE_H
#define WEFT_WEAVE_WIRE_H

#include "graph/graph.h"
#include "weave/given.h"
#include "weave/sites/census.h"

typedef struct wire_edge {
    edge_t *edge;
    weft_str_t
        import; /* the middleware's import of the interface; empty: it has none, and replaces the provider */
    weft_str_t export; /* the middleware's export of the interface */
} wire_edge_t;

typedef struct wire_job {
    weft_str_t name;         /* of the middleware */
    weft_bytes_t middleware; /* a component; must outlive the document */
    bool together; /* one instance takes and gives the interfaces of all edges of a scope */
    const wire_edge_t *edges;
    size_t edge_count;
    const weave_given_t *givens; /* definitions of the scope where the consumers stand */
    size_t given_count;
    census_t *census; /* of the document; all zero before the first job */
} wire_job_t;

/* One instance of the middleware is made for each provider of the edges (its import can be satisfied once; without
 * import, one for all), beside the consumers. The graph knows nothing of them; what it does know stays as it is, but where edges lead. */
weft_error_t *weft_wire_in(graph_t *graph, const wire_job_t *job);

/* That one instance cannot take an import from two places. */
weft_error_t *weft_wire_differs(weft_str_t name, weft_str_t import);

/* An instance on an edge whose consumer does not exist yet: it stands in `scope`, behind what it is given (its import of the
 * interface included), and nobody uses it. */
weft_error_t *weft_wire_ahead(scope_t *scope, const wire_job_t *job);

#endif
