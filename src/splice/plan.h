/* The plan: which middleware goes on which edges, in which order, which way, and why. Nothing is edited to make
 * it.
 *
 * A *step* is one middleware of one rule, steps are in file order. The middlewares of all steps that concern one
 * edge form its *chain*, from the caller on: a later step is nearer to the provider.
 *
 *   consumer --[ step 1 ]--[ step 2, wired in ]--[ step 3 ]--> provider
 *             `-- segment 0 -----'             `-- segment 1 --'
 *
 * A middleware that is wired in stands between two components and splits the edge into segments. Hooks are woven
 * at either end of their segment. At the provider's end they see all its consumers, at the consumer's end
 * only that one; and hooks at the consumer's end come before those at the provider's. So the steps are
 * decided from the last to the first.
 *
 * A middleware's `wire` makes edges from it to nodes. They follow those of the graph in `edges`, and the rules
 * behind in the file select among them as among the others (wires.h). */
#ifndef WEFT_SPLICE_PLAN_H
#define WEFT_SPLICE_PLAN_H

#include "splice/middleware.h"
#include "splice/select.h"
#include "weave/weave.h"

typedef enum way {
    WAY_UNKNOWN,  /* the middleware's file is not known */
    WAY_WIRE,     /* it exports the interface: it is put between */
    WAY_PROVIDER, /* hooks, woven into the provider */
    WAY_CONSUMER  /* hooks, woven into the consumer */
} way_t;

typedef struct plan_step plan_step_t;
typedef struct order order_t;

/* One middleware on one edge. */
typedef struct plan_edge {
    edge_t *edge;
    plan_step_t *step;
    way_t way;
    const char *why;
    uint32_t position;        /* in the chain */
    const exported_t *export; /* WAY_WIRE */
    weft_str_t instance_path; /* WAY_WIRE: of the node put there, once it is */
    const struct plan_edge
        *before; /* the nearest that is wired in, towards the consumer; NULL: none */
    const struct plan_edge *after; /* ... towards the provider */
} plan_edge_t;

/* One entry of `wire`. */
typedef struct plan_wire {
    const wire_t *written;
    def_t *import;   /* of the middleware's root; NULL: its file is not known */
    weft_str_t name; /* of the import, else as written */
    node_t *node;    /* NULL: the host, which gets what is wired to nobody */
    def_t *export_;  /* a DEF_EXPORT of node->inside->scope */
} plan_wire_t;

/* A level of the composition where instances of a wired middleware stand, all of them with the same wires. */
typedef struct plan_place {
    node_t node; /* the consumer of the wires' edges; its `parent` is the level, NULL: the root */
    plan_step_t *step;
    bool hooks; /* of the edges where its hooks are called, else where it is wired in */
    VEC(weft_str_t) instances; /* paths of the nodes, once they are there */
} plan_place_t;

struct plan_step {
    const rule_t *rule;
    const inject_t *inject;
    const middleware_t *middleware; /* NULL: not known */
    weft_str_t name;                /* of the instance: the inject's, or made unique */
    plan_edge_t *edges;             /* in the plan's order */
    plan_edge_t **by_edge;          /* edge->index -> of `edges`, or NULL */
    uint32_t edge_count;
    uint32_t edge_limit; /* of by_edge: later edges are of later wires */
    plan_wire_t *wires;
    uint32_t wire_count;
    plan_place_t
        *places; /* one for its hooks; where it is wired in, one for each level of its consumers */
    uint32_t place_count;
    uint32_t instance_count; /* made so far */
};

typedef struct chain {
    plan_edge_t **items; /* from the consumer on */
    uint32_t count;
} chain_t;

typedef struct plan_options {
    how_t how;            /* for rules that do not say */
    bool strict;          /* a rule that selects nothing is an error */
    bool allow_unmatched; /* ... is nothing at all */
    bool need_files;      /* a middleware without path is an error */
    bool skip_type_check; /* a wire whose types do not fit is a warning */
} plan_options_t;

typedef struct plan {
    arena_t arena;
    graph_t *graph;
    const rules_t *rules;
    edges_t edges; /* the graph's, then those of wires; each at its index */
    plan_step_t *steps;
    uint32_t step_count;
    uint32_t *selected;     /* rule -> number of edges */
    chain_t *chains;        /* edge->index -> chain */
    weft_error_t *warnings; /* a list */
    weaver_t *weaver;       /* asked whether a port can be woven; edits nothing */
    type_pool_t *pool;
    order_t *order; /* NULL: nothing is wired */
    bool misfits;   /* there is a warning of types that do not fit */
} plan_t;

/* Makes the plan. All that is wrong comes in one list of errors. Graph, rules and middleware outlive the plan.
 * Freed with weft_plan_free, also after an error. */
weft_error_t *weft_plan_make(graph_t *graph, const rules_t *rules, middlewares_t *middlewares,
                             type_pool_t *pool, const plan_options_t *options, plan_t *plan);
void weft_plan_free(plan_t *plan);

/* For people, as `weft splice --plan` prints it; and as JSON. */
weft_error_t *weft_plan_text(const plan_t *plan, buf_t *out);
weft_error_t *weft_plan_json(const plan_t *plan, buf_t *out);

/* "provider", "consumer", "wire", "unknown" */
const char *weft_way_name(way_t way);

/* ---- between the parts of planning ---- */

/* What a step does with an edge; NULL: nothing. */
static inline plan_edge_t *weft_plan_at(const plan_step_t *step, const edge_t *edge) {
    return edge->index < step->edge_limit ? step->by_edge[edge->index] : NULL;
}

/* The place of a wire's edge; NULL: it is one of the graph. */
static inline plan_place_t *weft_plan_place(const plan_t *plan, const edge_t *edge) {
    return edge->index < plan->graph->edge_count ? NULL : (plan_place_t *)edge->consumer;
}

/* Decides WAY_PROVIDER or WAY_CONSUMER for all edges of hooks. */
weft_error_t *weft_plan_sides(plan_t *plan, findings_t *errors);

/* Warns of asynchronous hooks: of those that can suspend, and of the first ones in the component. */
weft_error_t *weft_plan_warn_async(const plan_t *plan, findings_t *warnings);

/* What went wrong when a step was done, as an error that points to its middleware in the rules file. */
weft_error_t *weft_plan_error(const plan_t *plan, const plan_step_t *step, weft_error_t *error);

/* The site of a woven edge, without node and port: names and which functions. */
weave_site_t weft_plan_site(const plan_edge_t *pe);

/* Whether it is wired in and answers calls alone: it does not import the interface, so the provider is left out. */
bool weft_plan_replaces(const plan_edge_t *pe);

/* Whether two edges of one step share its wired instance: the same thing is wired at the same place, and the same
 * middleware comes after it. Where it answers alone, or has resources of its own in several interfaces, the same node is what it stands for. */
bool weft_plan_same_wiring(const plan_edge_t *a, const plan_edge_t *b);

#endif
