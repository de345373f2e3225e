/* weft_component_graph of <weft/component.h>. */
#include "component/public.h"
#include "graph/render.h"

static weft_error_t *render(weft_graph_format_t format, view_t *view, buf_t *out) {
    switch (format) {
    case WEFT_GRAPH_MERMAID: return weft_render_mermaid(view, out);
    case WEFT_GRAPH_DOT: return weft_render_dot(view, out);
    case WEFT_GRAPH_JSON: return weft_render_json(view, out);
    case WEFT_GRAPH_TEXT: break;
    }
    return weft_render_text(view, out);
}

static detail_t detail_of(weft_graph_detail_t detail) {
    return detail == WEFT_GRAPH_EDGES  ? DETAIL_EDGES
           : detail == WEFT_GRAPH_FULL ? DETAIL_FULL
                                       : DETAIL_INTERFACES;
}

enum { WIDTH = 80 };

weft_error_t *weft_component_graph(weft_component_t *component, weft_graph_format_t format,
                                   weft_graph_detail_t detail, const char *title, char **text) {
    graph_t *graph;
    view_t *view = NULL;
    buf_t out = {0};
    TRY(weft_graph_new(component->document, &graph));
    weft_error_t *error =
        weft_view_new(graph, detail_of(detail), weft_str(title), WIDTH, weft_str(""), &view);
    if (!error) error = render(format, view, &out);
    if (!error) error = weft_text_of(&out, text);
    else weft_buf_free(&out);
    weft_view_delete(view);
    weft_graph_delete(graph);
    return error;
}
