/* Mermaid: a flowchart from the consumers on the left to the providers on the right; composites are
 * subgraphs. Everything named is quoted, and in quotes only entities are escapes. */
#include "graph/render.h"
#include "support/utf8.h"

static void put_label(buf_t *out, weft_str_t text) {
    buf_t plain = {0};
    weft_buf_plain(&plain, text);
    weft_str_t safe = weft_buf_as_str(&plain);
    if (plain.failed) out->failed = true;
    for (size_t i = 0; i < safe.len; i++) {
        switch (safe.ptr[i]) {
        case '"': weft_buf_str(out, STR_LIT("#quot;")); break;
        case '#': weft_buf_str(out, STR_LIT("#35;")); break;
        case '&': weft_buf_str(out, STR_LIT("#amp;")); break;
        case '<': weft_buf_str(out, STR_LIT("#lt;")); break;
        case '>': weft_buf_str(out, STR_LIT("#gt;")); break;
        case '`': weft_buf_str(out, STR_LIT("#96;")); break;
        case '\\': weft_buf_str(out, STR_LIT("#92;")); break;
        default: weft_buf_byte(out, (uint8_t)safe.ptr[i]);
        }
    }
    weft_buf_free(&plain);
}

static void put_indent(buf_t *out, uint32_t depth) {
    for (uint32_t i = 0; i <= depth && i < 40; i++) weft_buf_str(out, STR_LIT("  "));
}

static void put_box(buf_t *out, const node_t *node, uint32_t depth) {
    put_indent(out, depth);
    weft_buf_printf(out, "n%u[\"", node->index);
    put_label(out, node->name);
    weft_buf_str(out, STR_LIT("\"]\n"));
}

static void close_subgraphs(buf_t *out, uint32_t *depth, uint32_t wanted) {
    while (*depth > wanted) {
        put_indent(out, --*depth);
        weft_buf_str(out, STR_LIT("end\n"));
    }
}

static void put_node(buf_t *out, const node_t *node, uint32_t *depth) {
    if (!node->child_count) {
        put_box(out, node, *depth);
        return;
    }
    put_indent(out, *depth);
    weft_buf_printf(out, "subgraph g%u[\"", node->index);
    put_label(out, node->name);
    weft_buf_str(out, STR_LIT("\"]\n"));
    ++*depth;
    if (node->has_code) put_box(out, node, *depth);
}

/* Node after node in the order in which they nest. */
static void put_nodes(const view_t *view, buf_t *out) {
    const node_t *root = view->graph->root;
    if (root && view->node_shown[root->index]) put_box(out, root, 0);
    node_walk_t walk = weft_view_walk(view);
    uint32_t depth = 0;
    for (const node_t *node; (node = weft_view_walk_next(&walk));) {
        close_subgraphs(out, &depth, walk.depth);
        put_node(out, node, &depth);
    }
    close_subgraphs(out, &depth, 0);
}

static void put_end(buf_t *out, const node_t *node, const char *host) {
    if (node) weft_buf_printf(out, "n%u", node->index);
    else weft_buf_str(out, weft_str(host));
}

static weft_error_t *put_pair(view_t *view, const pair_t *pair, row_vec_t *rows, buf_t *out) {
    TRY(weft_pair_rows(view, pair, rows));
    weft_buf_str(out, STR_LIT("  "));
    put_end(out, pair->consumer, "caller");
    weft_buf_str(out, STR_LIT(" -->"));
    for (size_t i = 0; i < rows->count; i++) {
        weft_buf_str(out, i ? STR_LIT("<br/>") : STR_LIT("|\""));
        put_label(out, rows->items[i].name);
        if (!rows->items[i].phrase.len) continue;
        weft_buf_str(out, STR_LIT(": "));
        put_label(out, rows->items[i].phrase);
    }
    weft_buf_str(out, rows->count ? STR_LIT("\"| ") : STR_LIT(" "));
    put_end(out, pair->provider, "host");
    weft_buf_byte(out, '\n');
    return NULL;
}

weft_error_t *weft_render_mermaid(view_t *view, buf_t *out) {
    pair_t *pairs;
    uint32_t count;
    bool called = false, hosted = false;
    TRY(weft_view_pairs(view, &pairs, &count));
    for (uint32_t i = 0; i < count; i++) {
        called = called || !pairs[i].consumer;
        hosted = hosted || !pairs[i].provider;
    }
    weft_buf_str(out, STR_LIT("flowchart LR\n"));
    if (called) weft_buf_str(out, STR_LIT("  caller([\"host\"])\n"));
    put_nodes(view, out);
    if (hosted) weft_buf_str(out, STR_LIT("  host([\"host\"])\n"));

    row_vec_t rows = {0};
    weft_error_t *error = NULL;
    for (uint32_t i = 0; i < count && !error; i++) error = put_pair(view, &pairs[i], &rows, out);
    VEC_FREE(&rows);
    return error;
}
