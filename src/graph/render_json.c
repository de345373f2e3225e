/* JSON for programs; docs/graph.md says what the keys mean. The host is null. */
#include "graph/render.h"
#include "support/utf8.h"

/* ---- values ------------------------------------------------------------------------------------------- */

static void put_string(buf_t *out, weft_str_t text) {
    weft_buf_byte(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        int32_t c = weft_utf8_next(text, &at);
        if (c < 0) {
            at++;
            weft_buf_str(out, STR_LIT("\\ufffd"));
        } else if (c == '"' || c == '\\') {
            weft_buf_byte(out, '\\');
            weft_buf_byte(out, (uint8_t)c);
        } else if (c < 0x20 || c == 0x7f) {
            weft_buf_printf(out, "\\u%04x", (unsigned)c);
        } else {
            weft_buf_bytes(out, text.ptr + begin, at - begin);
        }
    }
    weft_buf_byte(out, '"');
}

static void put_key(buf_t *out, const char *key) {
    weft_buf_printf(out, "\"%s\": ", key);
}

static void put_field(buf_t *out, const char *key, weft_str_t value) {
    put_key(out, key);
    put_string(out, value);
}

static void put_node(buf_t *out, const node_t *node) {
    if (node) put_string(out, node->path);
    else weft_buf_str(out, STR_LIT("null"));
}

/* Before each element of a list that has a line per element. */
static void put_separator(buf_t *out, bool *first) {
    weft_buf_str(out, *first ? STR_LIT("\n    ") : STR_LIT(",\n    "));
    *first = false;
}

static void begin_list(buf_t *out, const char *key) {
    weft_buf_printf(out, ",\n  \"%s\": [", key);
}

static void end_list(buf_t *out, bool empty) {
    weft_buf_str(out, empty ? STR_LIT("]") : STR_LIT("\n  ]"));
}

/* ---- parts of the document ------------------------------------------------------------------------------ */

static void put_extern(buf_t *out, weft_str_t name, sort_t sort) {
    weft_buf_byte(out, '{');
    put_field(out, "name", name);
    weft_buf_str(out, STR_LIT(", "));
    put_field(out, "kind", weft_str(weft_sort_words(sort)));
    weft_buf_byte(out, '}');
}

/* The imports or the exports of the root, types left out. */
static void put_externs(buf_t *out, const char *key, def_t *const *defs, uint32_t count) {
    bool first = true;
    begin_list(out, key);
    for (uint32_t i = 0; i < count; i++) {
        const def_t *def = defs[i];
        bool is_import = def->kind == DEF_IMPORT;
        sort_t sort = is_import ? def->import.desc.sort : (sort_t)def->sort;
        if (sort == SORT_TYPE) continue;
        put_separator(out, &first);
        put_extern(out, is_import ? def->import.name.name : def->export_.name.name, sort);
    }
    end_list(out, first);
}

static const char *node_kind(const node_t *node) {
    if (!node->inside) return "host";
    if (!node->instance) return "root";
    return node->has_code ? "code" : "composite";
}

static void put_nodes(const view_t *view, buf_t *out) {
    bool first = true;
    begin_list(out, "nodes");
    for (uint32_t i = 0; i < view->graph->node_count; i++) {
        const node_t *node = &view->graph->nodes[i];
        if (!view->node_shown[i]) continue;
        put_separator(out, &first);
        weft_buf_byte(out, '{');
        put_field(out, "path", node->path);
        weft_buf_str(out, STR_LIT(", "));
        put_field(out, "name", node->name);
        weft_buf_str(out, STR_LIT(", "));
        put_key(out, "parent");
        put_node(out, node->parent);
        weft_buf_str(out, STR_LIT(", "));
        put_field(out, "kind", weft_str(node_kind(node)));
        weft_buf_byte(out, '}');
    }
    end_list(out, first);
}

static void put_names(buf_t *out, const char *key, const edge_t *edge) {
    weft_buf_str(out, STR_LIT(", "));
    put_key(out, key);
    weft_buf_byte(out, '[');
    for (uint32_t i = 0; i < edge->member_count; i++) {
        if (i) weft_buf_str(out, STR_LIT(", "));
        put_string(out, edge->members[i].name);
    }
    weft_buf_byte(out, ']');
}

static void put_passed(buf_t *out, const edge_t *edge) {
    if (!edge->passed_count) return;
    weft_buf_str(out, STR_LIT(", \"through\": ["));
    for (uint32_t i = 0; i < edge->passed_count; i++) {
        if (i) weft_buf_str(out, STR_LIT(", "));
        put_node(out, edge->passed[i]);
    }
    weft_buf_byte(out, ']');
}

static void put_ends(buf_t *out, const node_t *consumer, const node_t *provider) {
    weft_buf_byte(out, '{');
    put_key(out, "consumer");
    put_node(out, consumer);
    weft_buf_str(out, STR_LIT(", "));
    put_key(out, "provider");
    put_node(out, provider);
}

static weft_error_t *put_edge(view_t *view, edge_t *edge, buf_t *out) {
    put_ends(out, edge->consumer, edge->provider);
    weft_buf_str(out, STR_LIT(", "));
    put_field(out, "kind", weft_str(weft_sort_words(edge->sort)));
    weft_buf_str(out, STR_LIT(", "));
    put_field(out, "interface", edge->interface);
    weft_buf_str(out, STR_LIT(", "));
    put_field(out, "import", edge->name);
    weft_buf_str(out, STR_LIT(", "));
    put_field(out, "export", edge->export_name);
    if (edge->export_member.len) {
        weft_buf_str(out, STR_LIT(", "));
        put_field(out, "member", edge->export_member);
    }
    put_passed(out, edge);
    if (edge->partial) weft_buf_str(out, STR_LIT(", \"partial\": true"));
    if (view->detail == DETAIL_FULL) TRY(weft_edge_members(view->graph, edge));
    if (edge->sort == SORT_INSTANCE && (view->detail == DETAIL_FULL || edge->partial))
        put_names(out, "functions", edge);
    weft_buf_byte(out, '}');
    return NULL;
}

static weft_error_t *put_edges(view_t *view, buf_t *out) {
    bool first = true;
    begin_list(out, "edges");
    for (uint32_t i = 0; i < view->graph->edge_count; i++) {
        if (!view->edge_shown[i]) continue;
        put_separator(out, &first);
        TRY(put_edge(view, &view->graph->edges[i], out));
    }
    end_list(out, first);
    return NULL;
}

static weft_error_t *put_pairs(view_t *view, buf_t *out) {
    pair_t *pairs;
    uint32_t count;
    bool first = true;
    TRY(weft_view_pairs(view, &pairs, &count));
    begin_list(out, "edges");
    for (uint32_t i = 0; i < count; i++) {
        put_separator(out, &first);
        put_ends(out, pairs[i].consumer, pairs[i].provider);
        weft_buf_byte(out, '}');
    }
    end_list(out, first);
    return NULL;
}

weft_error_t *weft_render_json(view_t *view, buf_t *out) {
    const scope_facts_t *facts = weft_resolver_root(view->graph->resolver)->facts;
    weft_buf_str(out, STR_LIT("{\n  "));
    put_key(out, "version");
    weft_buf_str(out, STR_LIT("1,\n  "));
    put_field(out, "name", view->title);
    put_externs(out, "imports", facts->imports, facts->import_count);
    put_externs(out, "exports", facts->exports, facts->export_count);
    put_nodes(view, out);
    TRY(view->detail == DETAIL_EDGES ? put_pairs(view, out) : put_edges(view, out));
    weft_buf_str(out, STR_LIT("\n}\n"));
    return NULL;
}
