/* `weft run`: runs a command component. */
#ifdef WEFT_HAVE_RUNTIME

#include "cli/guest.h"
#include "cli/input.h"
#include "cli/progress.h"

static weft_error_t *run_input(invocation_t *invocation, const input_t *input, const guest_t *guest,
                               weft_engine_t *engine) {
    weft_plugin_t *plugin = NULL;
    progress_t *progress = weft_progress_begin(invocation, "compiling");
    weft_error_t *error = weft_plugin_read(engine, input->bytes, &guest->options, &plugin);
    weft_progress_end(progress);
    if (!error) weft_guest_explain(invocation, plugin);
    if (!error) error = weft_plugin_run(plugin, &invocation->status);
    weft_plugin_delete(plugin);
    return weft_input_error(input, error);
}

static weft_error_t *run_guest(invocation_t *invocation, const guest_t *guest) {
    input_t input;
    weft_engine_t *engine;
    TRY(weft_input_open(invocation->operands.items[0], &input));
    weft_error_t *error = weft_guest_engine(invocation, &engine);
    if (!error) {
        error = run_input(invocation, &input, guest, engine);
        weft_engine_delete(engine);
    }
    weft_input_close(&input);
    return error;
}

static weft_error_t *run(invocation_t *invocation) {
    guest_t guest;
    TRY(weft_guest_read(invocation, invocation->operands.items[0], &guest));
    weft_error_t *error = run_guest(invocation, &guest);
    weft_guest_free(&guest);
    return error;
}

const command_t weft_cmd_run = {
    .name = "run",
    .summary = "Run a command component",
    .description =
        "Runs the component IN, which must export wasi:cli/run. Its exit status is that of "
        "weft. It has the standard streams; everything else is granted by options. What "
        "stands after -- are its arguments.",
    .operands =
        (const operand_t[]){
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {0},
        },
    .options =
        (const option_t[]){
            OPTIONS_GUEST,
            {0},
        },
    .rest = "ARG",
    .examples = "  weft run --dir . tool.wasm -- --verbose input.txt\n",
    .run = run,
};

#else
typedef int weft_run_needs_the_runtime_t;
#endif
