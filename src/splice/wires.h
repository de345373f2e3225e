/* Wires: imports of a middleware that nodes of the composition satisfy.
 *
 *   front -----> orders -----> store          rules:  log on front -> orders, wire: { "my:app/store": store }
 *          [log]                 ^                    print before my:app/store
 *            `---[print]---------'            the wire is an edge, which rules further down select
 *
 * What is wired to what is decided by weft_plan_wires: which import is meant, which node, and the *place*, a level of the
 * composition where the middleware can stand and see all its nodes. A node is seen from its own level, and
 * from a level further out when the composed nodes between export what it exports.
 *
 * Hooks stand anywhere around what they are woven into: the innermost such place is taken. What is wired in stands
 * beside its consumer. */
#ifndef WEFT_SPLICE_WIRES_H
#define WEFT_SPLICE_WIRES_H

#include "splice/plan.h"
#include "weave/given.h"

/* Finds a step's wires and places and adds their edges to the plan's. What is wrong goes to `errors`. */
weft_error_t *weft_plan_wires(plan_t *plan, plan_step_t *step, findings_t *errors);

/* Compares the types of what is wired: each wire that does not fit is a finding. */
weft_error_t *weft_plan_check_wires(plan_t *plan, findings_t *findings);

/* What the instances at a place are given for their wires, with all that must come along. `graph` is the document's
 * as it is by now; where a middleware has been wired in on a wire, it is what is given. */
weft_error_t *weft_plan_givens(const plan_t *plan, graph_t *graph, const plan_place_t *place,
                               weave_givens_t *givens);

/* The place of a step where what concerns an edge stands; NULL: the step has no wires. */
plan_place_t *weft_plan_place_for(const plan_step_t *step, const edge_t *edge);

/* The export of a node, as seen from a level (a composed node of `graph`, NULL: the root); seen->from NULL: it cannot be
 * seen. seen->import is left alone. */
weft_error_t *weft_see(graph_t *graph, const node_t *level, const node_t *node,
                       const def_t *export_, weave_given_t *seen);

/* Finds what one entry of `wire` means, its import, node and export; *error says what is wrong with it. */
weft_error_t *weft_wire_find(const plan_t *plan, const plan_step_t *step, const wire_t *written,
                             plan_wire_t *wire, weft_error_t **wrong);

#endif
