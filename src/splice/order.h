/* What needs what before it can be instantiated, once nodes serve middleware by wires: a component that hooks are
 * woven into needs the hooks, these need the nodes they are wired to, and so on. None may need itself.
 *
 *   front ==needs==> log ==is wired to==> store ==needs==> front        cannot be
 *
 * Nodes need each other as the document says. What the plan adds is added as it is decided. All instances of a middleware
 * at one place are one here, since they need the same. */
#ifndef WEFT_SPLICE_ORDER_H
#define WEFT_SPLICE_ORDER_H

#include "splice/plan.h"

/* Sets plan->order, NULL when nothing is wired. Knows of the wires and of what is wired in; a ring is an
 * error. */
weft_error_t *weft_order_new(plan_t *plan, findings_t *errors);
void weft_order_delete(order_t *order);

/* Whether hooks at one end of an edge, or what is wired in on it, would make a ring. (At the provider's end of a
 * segment before something wired in it is that what gets the hooks, and its consumer needs it.) */
weft_error_t *weft_order_closes(const plan_t *plan, const plan_edge_t *pe, bool provider,
                                bool *closes);

/* The error for a ring, at the wires in the rules file. */
weft_error_t *weft_order_ring(const plan_t *plan, const plan_edge_t *pe, bool provider,
                              weft_error_t **ring);

/* The hooks of an edge are at that end. */
weft_error_t *weft_order_decide(const plan_t *plan, const plan_edge_t *pe, bool provider);

#endif
