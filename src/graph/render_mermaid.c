/* Mermaid: a flowchart from the consumers on the left to the providers on the right; composites are
 * subgraphs. Everything named is quoted, and in quotes only entities are escapes. */
#include "graph/drawing.h"
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

static void put_box(buf_t *out, const node_t *node, uint32_t depth) {
    weft_draw_indent(out, depth);
    weft_buf_printf(out, "n%u[\"", node->index);
    put_label(out, node->name);
    weft_buf_str(out, STR_LIT("\"]\n"));
}

static void put_subgraph(buf_t *out, const node_t *node, uint32_t depth) {
    weft_draw_indent(out, depth);
    weft_buf_printf(out, "subgraph g%u[\"", node->index);
    put_label(out, node->name);
    weft_buf_str(out, STR_LIT("\"]\n"));
}

static void put_host(buf_t *out, const char *id) {
    weft_buf_printf(out, "  %s([\"host\"])\n", id);
}

static void put_pair(buf_t *out, const pair_t *pair, const row_vec_t *rows) {
    weft_buf_str(out, STR_LIT("  "));
    weft_draw_end(out, pair->consumer, "caller");
    weft_buf_str(out, STR_LIT(" -->"));
    for (size_t i = 0; i < rows->count; i++) {
        weft_buf_str(out, i ? STR_LIT("<br/>") : STR_LIT("|\""));
        put_label(out, rows->items[i].name);
        if (!rows->items[i].phrase.len) continue;
        weft_buf_str(out, STR_LIT(": "));
        put_label(out, rows->items[i].phrase);
    }
    weft_buf_str(out, rows->count ? STR_LIT("\"| ") : STR_LIT(" "));
    weft_draw_end(out, pair->provider, "host");
    weft_buf_byte(out, '\n');
}

weft_error_t *weft_render_mermaid(view_t *view, buf_t *out) {
    const drawing_t drawing = {view, put_host, put_box, put_subgraph, "end\n", put_pair};
    weft_buf_str(out, STR_LIT("flowchart LR\n"));
    return weft_draw(&drawing, out);
}
