/* Text for people: first what the whole exports and imports, then node by node, the consumers before their
 * providers, each with what it imports from whom and exports to whom.
 *
 *   front
 *     imports  shop:orders/api@1.0.0        from orders
 *              wasi:io/{error,streams}@0.2.0  from (host)
 *     exports  shop:front/app@1.0.0         to (host)
 *
 * It lists instead of drawing, so it stays readable with any number of nodes, and wraps at the width. */
#include "graph/render.h"

enum {
    LABEL_WIDTH = 9, /* "imports  " */
    NAME_WIDTH = 44, /* a longer name has its phrase on a line of its own */
    MAX_INDENT = 16
};

typedef struct printer {
    view_t *view;
    buf_t *out;
    buf_t scratch;
    row_vec_t rows;
    size_t column;
} printer_t;

/* ---- laying out --------------------------------------------------------------------------------------- */

static size_t columns(weft_str_t text) {
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return count;
}

static void put(printer_t *printer, weft_str_t text) {
    weft_buf_str(printer->out, text);
    printer->column += columns(text);
}

static void new_line(printer_t *printer, size_t indent) {
    weft_buf_byte(printer->out, '\n');
    for (size_t i = 0; i < indent; i++) weft_buf_byte(printer->out, ' ');
    printer->column = indent;
}

static void pad_to(printer_t *printer, size_t column) {
    for (; printer->column < column; printer->column++) weft_buf_byte(printer->out, ' ');
}

/* The first piece that may not be broken: up to and with the next space or comma. */
static weft_str_t next_word(weft_str_t text) {
    size_t len = 0;
    while (len < text.len && text.ptr[len] != ' ' && text.ptr[len] != ',') len++;
    while (len < text.len && (text.ptr[len] == ' ' || text.ptr[len] == ',')) len++;
    return (weft_str_t){text.ptr, len};
}

static size_t trimmed(weft_str_t word) {
    size_t count = columns(word);
    for (size_t i = word.len; i > 0 && word.ptr[i - 1] == ' '; i--) count--;
    return count;
}

static void drop_spaces(buf_t *out) {
    while (out->len && out->data[out->len - 1] == ' ') out->len--;
}

/* Fills lines; the ones after the first begin at `hang`. */
static void put_filled(printer_t *printer, weft_str_t text, size_t hang) {
    while (text.len) {
        weft_str_t word = next_word(text);
        if (printer->column + trimmed(word) > printer->view->width && printer->column > hang) {
            drop_spaces(printer->out);
            new_line(printer, hang);
        }
        put(printer, word);
        text = (weft_str_t){text.ptr + word.len, text.len - word.len};
    }
    drop_spaces(printer->out);
}

static void put_functions(printer_t *printer, const row_t *row, size_t indent) {
    const edge_t *edge = row->edge;
    if (printer->view->detail != DETAIL_FULL || !edge || edge->sort != SORT_INSTANCE) return;
    new_line(printer, indent + 2);
    printer->scratch.len = 0;
    if (!edge->member_count) weft_buf_str(&printer->scratch, STR_LIT("(types only)"));
    for (uint32_t i = 0; i < edge->member_count; i++) {
        if (i) weft_buf_str(&printer->scratch, STR_LIT(", "));
        weft_buf_plain(&printer->scratch, edge->members[i].name);
    }
    put_filled(printer, weft_buf_as_str(&printer->scratch), indent + 2);
}

/* The rows of the printer under a label, and empties them. */
static weft_error_t *put_rows(printer_t *printer, const char *label, size_t indent) {
    row_vec_t *rows = &printer->rows;
    if (printer->view->detail != DETAIL_FULL) TRY(weft_rows_fold(&printer->view->arena, rows));
    size_t name_at = indent + LABEL_WIDTH, widest = 0;
    for (size_t i = 0; i < rows->count; i++) {
        size_t width = columns(rows->items[i].name);
        if (width <= NAME_WIDTH && width > widest) widest = width;
    }
    if (!widest) widest = NAME_WIDTH / 2;
    size_t phrase_at = name_at + widest + 2;
    for (size_t i = 0; i < rows->count; i++) {
        const row_t *row = &rows->items[i];
        new_line(printer, indent);
        if (i == 0) put(printer, weft_str(label));
        pad_to(printer, name_at);
        put_filled(printer, row->name, name_at + 2);
        if (printer->column + 2 > phrase_at) new_line(printer, phrase_at);
        pad_to(printer, phrase_at);
        put_filled(printer, row->phrase, phrase_at + 2);
        put_functions(printer, row, name_at);
    }
    rows->count = 0;
    return NULL;
}

/* ---- phrases ------------------------------------------------------------------------------------------- */

static void add_node(printer_t *printer, const node_t *node) {
    weft_buf_plain(&printer->scratch, weft_node_label(node));
}

/* " as NAME" when the two sides name it differently; `name` is the other side's. */
static void add_other_name(printer_t *printer, const edge_t *edge, weft_str_t name, bool provider) {
    if (weft_str_eq(edge->name, edge->export_name) && !edge->export_member.len) return;
    weft_buf_str(&printer->scratch, STR_LIT(" as "));
    weft_buf_plain(&printer->scratch, name);
    if (!provider || !edge->export_member.len) return;
    weft_buf_byte(&printer->scratch, '#');
    weft_buf_plain(&printer->scratch, edge->export_member);
}

static void add_passed(printer_t *printer, const edge_t *edge) {
    for (uint32_t i = 0; i < edge->passed_count; i++) {
        weft_buf_str(&printer->scratch, i ? STR_LIT(", ") : STR_LIT(" through "));
        add_node(printer, edge->passed[i]);
    }
}

static void add_part(printer_t *printer, const edge_t *edge) {
    if (!edge->partial || printer->view->detail == DETAIL_FULL) return;
    for (uint32_t i = 0; i < edge->member_count; i++) {
        weft_buf_str(&printer->scratch, i ? STR_LIT(", ") : STR_LIT(": "));
        weft_buf_plain(&printer->scratch, edge->members[i].name);
    }
}

/* Keeps what is in the scratch buffer. */
static weft_error_t *take_scratch(printer_t *printer, weft_str_t *text) {
    *text = weft_arena_str(&printer->view->arena, weft_buf_as_str(&printer->scratch));
    bool failed = printer->scratch.failed || !text->ptr;
    printer->scratch.len = 0;
    return failed ? weft_error_oom() : NULL;
}

static weft_error_t *name_row(printer_t *printer, sort_t sort, weft_str_t name, row_t *row) {
    weft_str_t label;
    TRY(weft_edge_label(&printer->view->arena, sort, name, &label));
    printer->scratch.len = 0;
    weft_buf_plain(&printer->scratch, label);
    return take_scratch(printer, &row->name);
}

/* ---- lists ---------------------------------------------------------------------------------------------- */

static weft_error_t *list_consumed(printer_t *printer, const edge_list_t *edges) {
    for (uint32_t i = 0; i < edges->count; i++) {
        edge_t *edge = edges->items[i];
        if (!printer->view->edge_shown[edge->index]) continue;
        if (printer->view->detail == DETAIL_FULL)
            TRY(weft_edge_members(printer->view->graph, edge));
        row_t row = {.edge = edge};
        TRY(name_row(printer, edge->sort, edge->name, &row));
        weft_buf_str(&printer->scratch, STR_LIT("from "));
        add_node(printer, edge->provider);
        add_other_name(printer, edge, edge->export_name, true);
        add_passed(printer, edge);
        add_part(printer, edge);
        TRY(take_scratch(printer, &row.phrase));
        TRY(VEC_PUSH(&printer->rows, row));
    }
    return NULL;
}

/* Edges to the same import or export, chained. */
typedef struct chain {
    const edge_t *edge;
    struct chain *next;
} chain_t;

typedef struct chains {
    chain_t *first, *last;
} chains_t;

static weft_error_t *chain_by_given(printer_t *printer, const edge_list_t *edges, map_t *by_given) {
    arena_t *arena = &printer->view->arena;
    for (uint32_t i = 0; i < edges->count; i++) {
        const edge_t *edge = edges->items[i];
        if (!printer->view->edge_shown[edge->index] || !edge->given) continue;
        chain_t *link = ARENA_NEW(arena, chain_t);
        if (!link) return weft_error_oom();
        link->edge = edge;
        chains_t *chains = weft_map_get_ptr(by_given, edge->given);
        if (!chains) {
            chains = ARENA_NEW(arena, chains_t);
            if (!chains) return weft_error_oom();
            chains->first = link;
            TRY(weft_map_set_ptr(by_given, edge->given, chains));
        } else {
            chains->last->next = link;
        }
        chains->last = link;
    }
    return NULL;
}

static void add_consumers(printer_t *printer, const chain_t *chain) {
    for (const chain_t *at = chain; at; at = at->next) {
        weft_buf_str(&printer->scratch, at == chain ? STR_LIT("to ") : STR_LIT(", "));
        add_node(printer, at->edge->consumer);
        add_other_name(printer, at->edge, at->edge->name, false);
    }
}

/* One row per definition in `given` (imports or exports), with those who use it; `sparse`: not of what has no
 * row otherwise. */
static weft_error_t *list_given(printer_t *printer, def_t *const *given, uint32_t count,
                                const map_t *by_given, bool sparse) {
    for (uint32_t i = 0; i < count; i++) {
        const def_t *def = given[i];
        bool is_import = def->kind == DEF_IMPORT;
        sort_t sort = is_import ? def->import.desc.sort : (sort_t)def->sort;
        const chains_t *chains = weft_map_get_ptr(by_given, def);
        if (sort == SORT_TYPE || (!chains && sparse)) continue;
        row_t row = {0};
        TRY(name_row(printer, sort, is_import ? def->import.name.name : def->export_.name.name,
                     &row));
        if (chains) add_consumers(printer, chains->first);
        else if (sort != SORT_COMPONENT && sort != SORT_CORE_MODULE)
            weft_buf_str(&printer->scratch, STR_LIT("unused"));
        TRY(take_scratch(printer, &row.phrase));
        TRY(VEC_PUSH(&printer->rows, row));
    }
    return NULL;
}

/* What is given without an export: whole instances, and what a node gives to instances inside it. */
static weft_error_t *list_unnamed(printer_t *printer, const edge_list_t *edges) {
    for (uint32_t i = 0; i < edges->count; i++) {
        const edge_t *edge = edges->items[i];
        if (!printer->view->edge_shown[edge->index] || edge->given) continue;
        row_t row = {0};
        TRY(name_row(printer, edge->sort, edge->export_name, &row));
        weft_buf_str(&printer->scratch, STR_LIT("to "));
        add_node(printer, edge->consumer);
        add_other_name(printer, edge, edge->name, false);
        TRY(take_scratch(printer, &row.phrase));
        TRY(VEC_PUSH(&printer->rows, row));
    }
    return NULL;
}

/* Whether somebody was given the whole instance, so that none of its exports is unused for sure. */
static bool gives_whole(const edge_list_t *edges) {
    for (uint32_t i = 0; i < edges->count; i++)
        if (!edges->items[i]->given && edges->items[i]->sort == SORT_INSTANCE) return true;
    return false;
}

static weft_error_t *list_provided(printer_t *printer, def_t *const *given, uint32_t count,
                                   const edge_list_t *edges) {
    map_t by_given = {0};
    bool sparse = printer->view->filtered || gives_whole(edges);
    weft_error_t *error = chain_by_given(printer, edges, &by_given);
    if (!error) error = list_given(printer, given, count, &by_given, sparse);
    if (!error) error = list_unnamed(printer, edges);
    weft_map_free(&by_given);
    return error;
}

/* ---- blocks --------------------------------------------------------------------------------------------- */

static void put_count(printer_t *printer, uint32_t count, const char *what) {
    weft_buf_printf(printer->out, "%u %s%s", count, what, count == 1 ? "" : "s");
}

static void put_title(printer_t *printer) {
    const view_t *view = printer->view;
    uint32_t nodes = 0, edges = 0;
    for (uint32_t i = 0; i < view->graph->node_count; i++) nodes += view->node_shown[i];
    for (uint32_t i = 0; i < view->graph->edge_count; i++) edges += view->edge_shown[i];
    weft_buf_plain(printer->out, view->title);
    if (view->title.len) weft_buf_str(printer->out, STR_LIT(": "));
    put_count(printer, nodes, "node");
    if (view->filtered) weft_buf_printf(printer->out, " of %u", view->graph->node_count);
    weft_buf_str(printer->out, STR_LIT(", "));
    put_count(printer, edges, "edge");
    if (view->filtered) weft_buf_printf(printer->out, " of %u", view->graph->edge_count);
}

static weft_error_t *put_whole(printer_t *printer) {
    const graph_t *graph = printer->view->graph;
    const scope_facts_t *facts = weft_resolver_root(graph->resolver)->facts;
    put_title(printer);
    TRY(list_consumed(printer, &graph->host_consumes));
    TRY(put_rows(printer, "exports", 2));
    TRY(list_provided(printer, facts->imports, facts->import_count, &graph->host_provides));
    TRY(put_rows(printer, "imports", 2));
    weft_buf_byte(printer->out, '\n');
    return NULL;
}

static void put_heading(printer_t *printer, const node_t *node, size_t indent) {
    new_line(printer, indent);
    weft_buf_plain(printer->out, node->path);
    if (!node->inside) weft_buf_str(printer->out, STR_LIT("  (a component of the host's)"));
    else if (!node->instance) weft_buf_str(printer->out, STR_LIT("  (the component itself)"));
    if (!node->child_count) return;
    weft_buf_str(printer->out, STR_LIT("  ("));
    put_count(printer, node->child_count, "node");
    weft_buf_str(printer->out, STR_LIT(" inside)"));
}

static weft_error_t *put_node(printer_t *printer, const node_t *node, uint32_t depth) {
    static const scope_facts_t unknown = {0};
    size_t indent = depth * 2 > MAX_INDENT ? MAX_INDENT : depth * 2;
    const scope_facts_t *facts = node->inside ? node->inside->facts : &unknown;
    put_heading(printer, node, indent);
    if (node->has_code) {
        TRY(list_consumed(printer, &node->consumes));
        TRY(put_rows(printer, "imports", indent + 2));
        TRY(list_provided(printer, facts->exports, facts->export_count, &node->provides));
        TRY(put_rows(printer, "exports", indent + 2));
    }
    weft_buf_byte(printer->out, '\n');
    return NULL;
}

static weft_error_t *put_blocks(printer_t *printer) {
    const view_t *view = printer->view;
    const node_t *root = view->graph->root;
    TRY(put_whole(printer));
    if (root && view->node_shown[root->index]) TRY(put_node(printer, root, 0));
    node_walk_t walk = weft_view_walk(view);
    for (const node_t *node; (node = weft_view_walk_next(&walk));)
        TRY(put_node(printer, node, walk.depth));
    return NULL;
}

/* ---- edges only ------------------------------------------------------------------------------------------- */

/* "front -> orders, store": the pairs from `first` on that have one consumer. */
static weft_error_t *put_providers(printer_t *printer, const pair_t *first, const pair_t *end) {
    new_line(printer, 2);
    printer->scratch.len = 0;
    add_node(printer, first->consumer);
    weft_buf_str(&printer->scratch, STR_LIT(" -> "));
    for (const pair_t *pair = first; pair < end && pair->consumer == first->consumer; pair++) {
        if (pair != first) weft_buf_str(&printer->scratch, STR_LIT(", "));
        add_node(printer, pair->provider);
    }
    if (printer->scratch.failed) return weft_error_oom();
    put_filled(printer, weft_buf_as_str(&printer->scratch), 6);
    return NULL;
}

static weft_error_t *put_pairs(printer_t *printer) {
    view_t *view = printer->view;
    const graph_t *graph = view->graph;
    pair_t *pairs;
    uint32_t count;
    TRY(weft_view_pairs(view, &pairs, &count));
    /* pairs of one consumer are neighbours; where each node's begin, the host's behind them */
    const pair_t **begin = ARENA_ARRAY(&view->arena, const pair_t *, (size_t)graph->node_count + 1);
    if (!begin) return weft_error_oom();
    for (uint32_t i = count; i > 0; i--) {
        const node_t *consumer = pairs[i - 1].consumer;
        begin[consumer ? consumer->index : graph->node_count] = &pairs[i - 1];
    }
    const pair_t *end = pairs + count, *first = begin[graph->node_count];
    put_title(printer);
    if (first) TRY(put_providers(printer, first, end));
    if (graph->root && begin[graph->root->index])
        TRY(put_providers(printer, begin[graph->root->index], end));
    node_walk_t walk = weft_view_walk(view);
    for (const node_t *node; (node = weft_view_walk_next(&walk));)
        if (begin[node->index]) TRY(put_providers(printer, begin[node->index], end));
    weft_buf_byte(printer->out, '\n');
    return NULL;
}

weft_error_t *weft_render_text(view_t *view, buf_t *out) {
    printer_t printer = {.view = view, .out = out};
    weft_error_t *error = view->detail == DETAIL_EDGES ? put_pairs(&printer) : put_blocks(&printer);
    if (!error && printer.scratch.failed) error = weft_error_oom();
    weft_buf_free(&printer.scratch);
    VEC_FREE(&printer.rows);
    return error;
}
