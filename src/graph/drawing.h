/* What the drawings (Mermaid, DOT) have in common: boxes that nest, then a line for each pair of them. What the parts look
 * like is each one's own. */
#ifndef WEFT_GRAPH_DRAWING_H
#define WEFT_GRAPH_DRAWING_H

#include "graph/render.h"

typedef struct drawing {
    view_t *view;
    void (*host)(buf_t *out, const char *id); /* "caller" or "host" */
    void (*box)(buf_t *out, const node_t *node, uint32_t depth);
    void (*open)(buf_t *out, const node_t *node, uint32_t depth); /* a box that has others in it */
    const char *close;
    void (*pair)(buf_t *out, const pair_t *pair, const row_vec_t *rows);
} drawing_t;

weft_error_t *weft_draw(const drawing_t *drawing, buf_t *out);

void weft_draw_indent(buf_t *out, uint32_t depth);

/* The id of an end of a pair; the host is `host`. */
void weft_draw_end(buf_t *out, const node_t *node, const char *host);

#endif
