/* `weft splice`: puts middleware on the edges of a composition that the rules select. */
#include "splice/splice.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/splice_wac.h"
#include "support/alloc.h"
#include "support/file.h"

/* Middleware files stay open until the output is written. */
typedef struct files {
    VEC(input_t *) items;
    const char *output; /* must be none of them; NULL: nothing is written */
} files_t;

static weft_error_t *would_replace(const char *output, const char *what) {
    return weft_error_with_help(
        weft_error_new(WEFT_USAGE, "the output '%s' would replace %s", output, what),
        "name another file with -o");
}

static weft_error_t *open_file(void *context, const char *path, weft_bytes_t *bytes) {
    files_t *files = context;
    if (files->output && weft_output_replaces(files->output, path))
        return would_replace(files->output, "the middleware");
    input_t *input = weft_alloc_zero(1, sizeof *input);
    if (!input) return weft_error_oom();
    weft_error_t *error = weft_input_open(path, input);
    if (!error) error = VEC_PUSH(&files->items, input);
    if (error) {
        weft_free(input);
        return error;
    }
    *bytes = input->bytes;
    return NULL;
}

static void close_files(files_t *files) {
    for (size_t i = 0; i < files->items.count; i++) {
        weft_input_close(files->items.items[i]);
        weft_free(files->items.items[i]);
    }
    VEC_FREE(&files->items);
}

static how_t find_how(const char *word) {
    return strcmp(word, "weave") == 0   ? HOW_WEAVE
           : strcmp(word, "proxy") == 0 ? HOW_PROXY
                                        : HOW_AUTO;
}

/* The file's name without folder and ending: what a plain component is called when it has no name. */
static weft_str_t stem(const char *path) {
    const char *slash = strrchr(path, '/');
    weft_str_t name = weft_str(slash ? slash + 1 : path);
    for (size_t i = name.len; i-- > 1;)
        if (name.ptr[i] == '.') return (weft_str_t){name.ptr, i};
    return name;
}

static void fill_options(const invocation_t *invocation, files_t *files,
                         splice_options_t *options) {
    const char *folder = getenv("SPLICER_BUILTINS_DIR");
    *options = (splice_options_t){
        .plan = {.how = find_how(weft_option(invocation, "how")),
                 .strict = weft_option_given(invocation, "strict"),
                 .allow_unmatched = weft_option_given(invocation, "allow-unmatched"),
                 .need_files = !weft_option_given(invocation, "plan")},
        .opener = {open_file, files},
        .builtins_dir = folder && *folder ? folder : NULL,
        .apply = {.skip_type_check = weft_option_given(invocation, "skip-type-check")},
    };
}

static void report_warnings(const invocation_t *invocation, splice_t *splice) {
    weft_report_warning(invocation, weft_splice_take_warnings(splice));
}

/* ---- what is wanted of it ------------------------------------------------------------------- */

static weft_error_t *print_plan(const invocation_t *invocation, const splice_t *splice) {
    buf_t out = {0};
    bool json = strcmp(weft_option(invocation, "plan"), "json") == 0;
    weft_error_t *error =
        json ? weft_plan_json(&splice->plan, &out) : weft_plan_text(&splice->plan, &out);
    if (!error) fwrite(out.data, 1, out.len, stdout);
    weft_buf_free(&out);
    return error;
}

static weft_error_t *write_output(const invocation_t *invocation, const input_t *input,
                                  splice_t *splice) {
    const char *path = weft_option(invocation, "output");
    if (splice->changes) return weft_output_document(path, splice->document);
    return weft_output_write(path, &input->bytes, 1);
}

/* A plan is also tried out, so that what does not fit is known before anything is written. */
static weft_error_t *deliver(const invocation_t *invocation, const input_t *input,
                             splice_t *splice) {
    bool plans = weft_option_given(invocation, "plan");
    if (plans) TRY(print_plan(invocation, splice));
    if (plans && !splice->complete) return NULL;
    weft_error_t *error = weft_splice_apply(splice);
    report_warnings(invocation, splice);
    if (error) return error;
    if (!plans && !weft_option_given(invocation, "check"))
        TRY(write_output(invocation, input, splice));
    return weft_emits_wac(invocation) ? weft_emit_wac(invocation, splice) : NULL;
}

/* NULL: nothing is written. */
static const char *output_path(const invocation_t *invocation) {
    bool writes = !weft_option_given(invocation, "plan") && !weft_option_given(invocation, "check");
    return writes ? weft_option(invocation, "output") : NULL;
}

/* What the order of the operands is easily mistaken for. */
static weft_error_t *check_rules(const invocation_t *invocation, const file_t *rules) {
    const char *path = invocation->operands.items[0], *output = output_path(invocation);
    if (rules->bytes.len >= 4 && memcmp(rules->bytes.ptr, "\0asm", 4) == 0)
        return weft_error_with_help(
            weft_error_with_file(weft_error_new(WEFT_INVALID, "this is WebAssembly, not rules"),
                                 weft_str(path)),
            "the rules stand before the component: weft splice RULES IN -o OUT");
    return output && weft_output_replaces(output, path) ? would_replace(output, "the rules") : NULL;
}

static weft_error_t *splice_into(const invocation_t *invocation, const input_t *input,
                                 const file_t *rules, document_t *document) {
    files_t files = {.output = output_path(invocation)};
    splice_options_t options;
    splice_t splice = {0};
    const char *rules_name = invocation->operands.items[0];
    fill_options(invocation, &files, &options);
    weft_str_t text = {(const char *)rules->bytes.ptr, rules->bytes.len};
    weft_error_t *error = weft_splice_plan(weft_str(rules_name), text, document,
                                           stem(invocation->operands.items[1]), &options, &splice);
    report_warnings(invocation, &splice);
    if (!error) error = deliver(invocation, input, &splice);
    weft_splice_free(&splice);
    close_files(&files);
    return error;
}

static weft_error_t *run(invocation_t *invocation) {
    bool writes = !weft_option_given(invocation, "plan") && !weft_option_given(invocation, "check");
    if (writes && !weft_option(invocation, "output"))
        return weft_error_with_help(weft_error_new(WEFT_USAGE, "splice needs --output"),
                                    "write -o OUT, or --plan or --check to write nothing");
    file_t rules;
    input_t input;
    document_t *document;
    TRY(weft_file_open(invocation->operands.items[0], &rules));
    weft_error_t *error = check_rules(invocation, &rules);
    if (error) {
        weft_file_close(&rules);
        return error;
    }
    progress_t *progress = weft_progress_begin(invocation, "splicing");
    error = weft_input_read(invocation->operands.items[1], &input, &document);
    if (!error) {
        error = weft_input_error(&input, splice_into(invocation, &input, &rules, document));
        weft_document_delete(document);
        weft_input_close(&input);
    }
    weft_progress_end(progress);
    weft_file_close(&rules);
    return error;
}

const command_t weft_cmd_splice = {
    .name = "splice",
    .summary = "Put middleware on the edges of a composition",
    .description =
        "Finds the edges of the composition IN that RULES select and puts the rules' middleware on "
        "them, in the order of the file: the first is nearest to the caller. A middleware that "
        "exports the interface of the edge itself is wired in between; one that exports hooks "
        "(weft:hooks, splicer:tier1) is woven into the components at either end.\n\n"
        "A middleware's `wire` maps its imports to nodes that satisfy them; what is not wired is "
        "left to the host. A wire is an edge for the rules behind it.\n\n"
        "RULES is YAML, version 1; the files of splicer 2 work as they are. Paths in it are looked "
        "for "
        "beside it, then in the current directory. Builtins are looked for in "
        "$SPLICER_BUILTINS_DIR.",
    .operands =
        (const operand_t[]){
            {.name = "RULES",
             .min = 1,
             .max = 1,
             .complete = COMPLETE_YAML,
             .help = "The rules file"},
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {0},
        },
    .options =
        (const option_t[]){
            {.name = "output",
             .letter = 'o',
             .arg = "OUT",
             .complete = COMPLETE_WASM,
             .help = "Write the component to OUT (- is stdout)"},
            {.name = "plan",
             .arg = "FORMAT",
             .arg_optional = true,
             .words = "text|json",
             .help = "Only print what would be done, edge by edge, and why"},
            {.name = "check", .help = "Do everything but write the output"},
            {.name = "emit-wac",
             .arg = "FILE",
             .complete = COMPLETE_FILE,
             .help = "Also write the result as a WAC document, for wac compose (- is stdout)"},
            {.name = "splits-dir",
             .letter = 'd',
             .arg = "DIR",
             .fallback = "splits",
             .complete = COMPLETE_DIR,
             .help = "Also write the components of the WAC document, as DIR/part/NAME.wasm"},
            {.name = "package",
             .arg = "NAME",
             .fallback = "example:composition",
             .help = "The package of the WAC document"},
            {.name = "skip-type-check",
             .help = "Take a middleware or a wire whose types do not fit as a warning"},
            {.name = "strict", .help = "A rule that selects nothing is an error"},
            {.name = "allow-unmatched",
             .help = "A rule that selects nothing is not even a warning"},
            {.name = "how",
             .arg = "WAY",
             .fallback = "auto",
             .words = "auto|weave|proxy",
             .help = "How hooks are put on edges, for rules that do not say"},
            {0},
        },
    .examples = "  weft splice rules.yaml app.wasm -o traced.wasm\n"
                "  weft splice rules.yaml app.wasm --plan\n",
    .run = run,
};
