/* `weft compose`: wires separate components into one. */
#include "compose/compose.h"

#include <limits.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/report.h"

/* What the options say, and what they point into. */
typedef struct job {
    compose_options_t options;
    VEC(compose_input_t) inputs;
    VEC(input_t) files;
    VEC(compose_wire_t) wires;
    VEC(weft_str_t) exports;
} job_t;

/* ---- reading the command line --------------------------------------------------------------- */

static bool is_name(weft_str_t text) {
    if (!text.len) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && !strchr("-_.", c)) return false;
    }
    return true;
}

/* `NAME=PATH`, or a path, whose file name without ending is the name then. */
static void split_operand(const char *operand, weft_str_t *name, const char **path) {
    const char *equals = strchr(operand, '=');
    *name = (weft_str_t){operand, equals ? (size_t)(equals - operand) : 0};
    *path = operand;
    if (equals && is_name(*name)) {
        *path = equals + 1;
        return;
    }
    const char *slash = strrchr(operand, '/');
    *name = weft_str(slash ? slash + 1 : operand);
    const char *dot = memchr(name->ptr, '.', name->len);
    if (dot && dot > name->ptr) name->len = (size_t)(dot - name->ptr);
    if (weft_str_eq(*name, STR_LIT("-"))) *name = STR_LIT("stdin");
}

static weft_error_t *open_input(job_t *job, const char *operand) {
    compose_input_t input;
    input_t file;
    const char *path;
    split_operand(operand, &input.name, &path);
    TRY(weft_input_open(path, &file));
    input.path = weft_str(file.name);
    input.bytes = file.bytes;
    weft_error_t *error = VEC_PUSH(&job->files, file);
    if (error) weft_input_close(&file);
    else error = VEC_PUSH(&job->inputs, input);
    return error;
}

/* NODE:INTERFACE=PROVIDER; an interface has colons of its own. */
static weft_error_t *read_wire(job_t *job, const char *text) {
    const char *colon = strchr(text, ':'), *equals = strrchr(text, '=');
    if (!colon || !equals || equals < colon || colon == text || equals == colon + 1 || !equals[1])
        return weft_error_with_help(
            weft_error_new(WEFT_USAGE, "'--wire' takes NODE:INTERFACE=PROVIDER, not '%s'", text),
            "'weft compose --help' shows the usage");
    compose_wire_t wire = {{text, (size_t)(colon - text)},
                           {colon + 1, (size_t)(equals - colon - 1)},
                           weft_str(equals + 1)};
    return VEC_PUSH(&job->wires, wire);
}

static weft_error_t *read_options(const invocation_t *invocation, job_t *job) {
    weft_error_t *errors = NULL;
    const char *value;
    for (size_t at = 0; (value = weft_option_next(invocation, "wire", &at));)
        TRY(read_wire(job, value));
    for (size_t at = 0; (value = weft_option_next(invocation, "export", &at));)
        TRY(VEC_PUSH(&job->exports, weft_str(value)));
    for (size_t i = 0; i < invocation->operands.count; i++)
        errors = weft_error_join(errors, open_input(job, invocation->operands.items[i]));
    job->options = (compose_options_t){job->inputs.items, job->inputs.count,  job->wires.items,
                                       job->wires.count,  job->exports.items, job->exports.count};
    return errors;
}

static void free_job(job_t *job) {
    for (size_t i = 0; i < job->files.count; i++) weft_input_close(&job->files.items[i]);
    VEC_FREE(&job->inputs);
    VEC_FREE(&job->files);
    VEC_FREE(&job->wires);
    VEC_FREE(&job->exports);
}

/* ---- doing it ------------------------------------------------------------------------------- */

static weft_error_t *print_plan(const compose_t *compose, const char *format) {
    buf_t text = {0};
    weft_error_t *error = strcmp(format, "json") == 0 ? weft_compose_plan_json(compose, &text)
                                                      : weft_compose_plan_text(compose, &text);
    if (!error) fwrite(text.data, 1, text.len, stdout);
    weft_buf_free(&text);
    return error;
}

static weft_error_t *write_wac(const compose_t *compose, const char *path) {
    buf_t text = {0};
    weft_error_t *error = weft_compose_wac(compose, &text);
    weft_bytes_t bytes = weft_buf_as_bytes(&text);
    if (!error) error = weft_output_write(path, &bytes, 1);
    weft_buf_free(&text);
    return error;
}

static weft_error_t *finish(const invocation_t *invocation, const compose_t *compose) {
    const char *plan = weft_option(invocation, "plan");
    weft_report_warning(invocation, weft_compose_near_misses(compose));
    if (weft_option_given(invocation, "emit-wac"))
        TRY(write_wac(compose, weft_option(invocation, "emit-wac")));
    if (plan) return print_plan(compose, plan);
    return weft_output_document(weft_option(invocation, "output"), compose->document);
}

static weft_error_t *run(invocation_t *invocation) {
    job_t job = {0};
    compose_t *compose = NULL;
    if (!weft_option_given(invocation, "plan") && !weft_option_given(invocation, "output"))
        return weft_error_with_help(weft_error_new(WEFT_USAGE, "option '-o OUT' is missing"),
                                    "'weft compose --help' shows the usage");
    progress_t *progress = weft_progress_begin(invocation, "composing");
    weft_error_t *error = read_options(invocation, &job);
    if (!error) error = weft_compose_new(&job.options, &compose);
    weft_progress_end(progress);
    if (!error) error = finish(invocation, compose);
    weft_compose_delete(compose);
    free_job(&job);
    return error;
}

const command_t weft_cmd_compose = {
    .name = "compose",
    .summary = "Wire separate components into one",
    .description = "Instantiates each component once and connects imports to the exports of the "
                   "others: by name, for "
                   "interfaces in a version that goes together (the same semver track), checking "
                   "the types. What nobody "
                   "exports stays an import of the result, once for all components; what nobody "
                   "imports becomes an export.\n\n"
                   "A component is known by the name of its file, or by NAME. Components of equal "
                   "bytes are stored once.",
    .operands =
        (const operand_t[]){
            {.name = "[NAME=]IN",
             .min = 1,
             .max = UINT_MAX,
             .complete = COMPLETE_WASM,
             .help = "A component, and what to call it"},
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
             .help = "Write nothing, print what would be wired"},
            {.name = "emit-wac",
             .arg = "FILE",
             .complete = COMPLETE_FILE,
             .help = "Write the composition to FILE as a WAC document as well"},
            {.name = "export",
             .arg = "NODE",
             .repeats = true,
             .help = "The result has the exports of NODE, instead of what nobody imports"},
            {.name = "wire",
             .arg = "NODE:INTERFACE=PROVIDER",
             .repeats = true,
             .help = "Connect this import of NODE to PROVIDER, or leave it to the host where that "
                     "is 'host'"},
            {0},
        },
    .examples = "  weft compose front.wasm orders.wasm store.wasm -o shop.wasm\n"
                "  weft compose --plan front.wasm cache=lru.wasm store.wasm --wire "
                "front:shop:store/stock=cache\n",
    .run = run,
};
