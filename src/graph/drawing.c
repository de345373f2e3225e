#include "graph/drawing.h"

void weft_draw_indent(buf_t *out, uint32_t depth) {
    for (uint32_t i = 0; i <= depth && i < 40; i++) weft_buf_str(out, STR_LIT("  "));
}

void weft_draw_end(buf_t *out, const node_t *node, const char *host) {
    if (node) weft_buf_printf(out, "n%u", node->index);
    else weft_buf_str(out, weft_str(host));
}

static void close_boxes(const drawing_t *drawing, buf_t *out, uint32_t *depth, uint32_t wanted) {
    while (*depth > wanted) {
        weft_draw_indent(out, --*depth);
        weft_buf_str(out, weft_str(drawing->close));
    }
}

/* Node after node in the order in which they nest. */
static void draw_nodes(const drawing_t *drawing, buf_t *out) {
    const view_t *view = drawing->view;
    const node_t *root = view->graph->root;
    if (root && view->node_shown[root->index]) drawing->box(out, root, 0);
    node_walk_t walk = weft_view_walk(view);
    uint32_t depth = 0;
    for (const node_t *node; (node = weft_view_walk_next(&walk));) {
        close_boxes(drawing, out, &depth, walk.depth);
        if (node->child_count) drawing->open(out, node, depth++);
        if (node->has_code || !node->child_count) drawing->box(out, node, depth);
    }
    close_boxes(drawing, out, &depth, 0);
}

static weft_error_t *draw_pairs(const drawing_t *drawing, const pair_t *pairs, uint32_t count,
                                buf_t *out) {
    row_vec_t rows = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < count && !error; i++) {
        error = weft_pair_rows(drawing->view, &pairs[i], &rows);
        if (!error) drawing->pair(out, &pairs[i], &rows);
    }
    VEC_FREE(&rows);
    return error;
}

weft_error_t *weft_draw(const drawing_t *drawing, buf_t *out) {
    pair_t *pairs;
    uint32_t count;
    bool called = false, hosted = false;
    TRY(weft_view_pairs(drawing->view, &pairs, &count));
    for (uint32_t i = 0; i < count; i++) {
        called = called || !pairs[i].consumer;
        hosted = hosted || !pairs[i].provider;
    }
    if (called) drawing->host(out, "caller");
    draw_nodes(drawing, out);
    if (hosted) drawing->host(out, "host");
    return draw_pairs(drawing, pairs, count, out);
}
