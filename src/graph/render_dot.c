/* DOT, for Graphviz: composites are clusters. */
#include "graph/drawing.h"

/* Graphviz refuses strings of more than 16 KiB, but joins as many as one likes. */
enum { LONG_STRING = 2048 };

static void split_string(buf_t *out) {
    weft_buf_str(out, STR_LIT("\" + \""));
}

/* Inside quotes. */
static void put_text(buf_t *out, weft_str_t text) {
    buf_t plain = {0};
    weft_buf_plain(&plain, text);
    weft_str_t safe = weft_buf_as_str(&plain);
    if (plain.failed) out->failed = true;
    for (size_t i = 0; i < safe.len; i++) {
        if (i && i % LONG_STRING == 0) split_string(out);
        if (safe.ptr[i] == '"' || safe.ptr[i] == '\\') weft_buf_byte(out, '\\');
        weft_buf_byte(out, (uint8_t)safe.ptr[i]);
    }
    weft_buf_free(&plain);
}

static void put_box(buf_t *out, const node_t *node, uint32_t depth) {
    weft_draw_indent(out, depth);
    weft_buf_printf(out, "n%u [label=\"", node->index);
    put_text(out, node->name);
    weft_buf_str(out, STR_LIT("\"];\n"));
}

static void put_cluster(buf_t *out, const node_t *node, uint32_t depth) {
    weft_draw_indent(out, depth);
    weft_buf_printf(out, "subgraph cluster_%u {\n", node->index);
    weft_draw_indent(out, depth + 1);
    weft_buf_str(out, STR_LIT("label=\""));
    put_text(out, node->name);
    weft_buf_str(out, STR_LIT("\";\n"));
}

static void put_host(buf_t *out, const char *id) {
    weft_buf_printf(out, "  %s [label=\"host\", shape=oval];\n", id);
}

static void put_pair(buf_t *out, const pair_t *pair, const row_vec_t *rows) {
    weft_buf_str(out, STR_LIT("  "));
    weft_draw_end(out, pair->consumer, "caller");
    weft_buf_str(out, STR_LIT(" -> "));
    weft_draw_end(out, pair->provider, "host");
    size_t begin = out->len;
    for (size_t i = 0; i < rows->count; i++) {
        if (out->len - begin > LONG_STRING) {
            split_string(out);
            begin = out->len;
        }
        weft_buf_str(out, i ? STR_LIT("\\n") : STR_LIT(" [label=\""));
        put_text(out, rows->items[i].name);
        if (!rows->items[i].phrase.len) continue;
        weft_buf_str(out, STR_LIT(": "));
        put_text(out, rows->items[i].phrase);
    }
    weft_buf_str(out, rows->count ? STR_LIT("\"];\n") : STR_LIT(";\n"));
}

weft_error_t *weft_render_dot(view_t *view, buf_t *out) {
    const drawing_t drawing = {view, put_host, put_box, put_cluster, "}\n", put_pair};
    weft_buf_str(out, STR_LIT("digraph \""));
    put_text(out, view->title);
    weft_buf_str(out, STR_LIT("\" {\n  rankdir=LR;\n  node [shape=box];\n"));
    TRY(weft_draw(&drawing, out));
    weft_buf_str(out, STR_LIT("}\n"));
    return NULL;
}
