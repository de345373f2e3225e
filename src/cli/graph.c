/* `weft graph`: the composition of a component, as text, as a drawing for other tools, or as JSON. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "graph/render.h"

enum { USUAL_WIDTH = 80, WIDEST = 120 };

typedef struct format {
    const char *name;
    weft_error_t *(*render)(view_t *view, buf_t *out);
} format_t;

static const format_t formats[] = {
    {"text", weft_render_text},
    {"mermaid", weft_render_mermaid},
    {"dot", weft_render_dot},
    {"json", weft_render_json},
};

static const char *const details[] = {"edges", "interfaces", "full"};

static const format_t *find_format(const char *name) {
    const format_t *format = formats;
    while (strcmp(format->name, name) != 0) format++;
    return format;
}

static detail_t find_detail(const char *name) {
    int detail = 0;
    while (strcmp(details[detail], name) != 0) detail++;
    return (detail_t)detail;
}

/* Files and pipes get the same text everywhere; a terminal is used up to a width that reads well. */
static uint32_t text_width(const char *path) {
    struct winsize size;
    if (strcmp(path, "-") != 0 || !isatty(STDOUT_FILENO)) return USUAL_WIDTH;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || !size.ws_col) return USUAL_WIDTH;
    return size.ws_col < WIDEST ? size.ws_col : WIDEST;
}

static weft_str_t base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return weft_str(slash ? slash + 1 : path);
}

static weft_error_t *render(const invocation_t *invocation, const input_t *input, graph_t *graph,
                            buf_t *out) {
    const char *filter = weft_option(invocation, "filter");
    view_t *view;
    TRY(weft_view_new(graph, find_detail(weft_option(invocation, "detail")), base_name(input->name),
                      text_width(weft_option(invocation, "output")), weft_str(filter ? filter : ""),
                      &view));
    weft_error_t *error = find_format(weft_option(invocation, "format"))->render(view, out);
    weft_view_delete(view);
    if (!error && out->failed) error = weft_error_oom();
    return error;
}

static weft_error_t *show(const invocation_t *invocation, const input_t *input,
                          document_t *document, buf_t *out) {
    graph_t *graph;
    TRY(weft_graph_new(document, &graph));
    weft_error_t *error = render(invocation, input, graph, out);
    weft_graph_delete(graph);
    return error;
}

static weft_error_t *deliver(const char *path, const buf_t *out) {
    weft_bytes_t bytes = weft_buf_as_bytes(out);
    if (strcmp(path, "-") != 0) return weft_output_write(path, &bytes, 1);
    fwrite(bytes.ptr, 1, bytes.len, stdout);
    return NULL;
}

static weft_error_t *run(invocation_t *invocation) {
    input_t input;
    document_t *document;
    buf_t out = {0};
    progress_t *progress = weft_progress_begin(invocation, "reading");
    weft_error_t *error = weft_input_read(invocation->operands.items[0], &input, &document);
    if (!error) {
        error = weft_input_error(&input, show(invocation, &input, document, &out));
        weft_document_delete(document);
        weft_input_close(&input);
    }
    weft_progress_end(progress);
    if (!error) error = deliver(weft_option(invocation, "output"), &out);
    weft_buf_free(&out);
    return error;
}

const command_t weft_cmd_graph = {
    .name = "graph",
    .summary = "Show the composition of a component",
    .description =
        "Shows the nodes of the composition IN (component instances with code), what each imports "
        "from whom and exports to whom, and what the host provides and uses. Nodes inside a "
        "composed node are called outer/inner. A component that composes nothing is one node.\n\n"
        "The names shown are the ones that splicing rules use.",
    .operands =
        (const operand_t[]){
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {0},
        },
    .options =
        (const option_t[]){
            {.name = "format",
             .letter = 'f',
             .arg = "FORMAT",
             .fallback = "text",
             .words = "text|mermaid|dot|json",
             .help = "How to show it"},
            {.name = "detail",
             .letter = 'd',
             .arg = "DETAIL",
             .fallback = "interfaces",
             .words = "edges|interfaces|full",
             .help = "Which node uses which, by which interfaces, by which functions"},
            {.name = "filter",
             .arg = "GLOB",
             .help = "Only the nodes and interfaces whose names match, and what they touch"},
            {.name = "output",
             .letter = 'o',
             .arg = "FILE",
             .fallback = "-",
             .complete = COMPLETE_FILE,
             .help = "Write to FILE"},
            {0},
        },
    .examples = "  weft graph app.wasm\n"
                "  weft graph app.wasm --filter 'wasi:http/*'\n"
                "  weft graph app.wasm --format dot | dot -Tsvg > app.svg\n",
    .run = run,
};
