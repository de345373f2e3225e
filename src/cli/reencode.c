/* `weft reencode`: reads a component with everything nested in it and writes it anew. What weft cannot represent
 * shows here, and only here, as a difference. */
#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/progress.h"

static weft_error_t *reencode(document_t *document, const char *path) {
    TRY(weft_document_edit_all(document));
    return weft_output_document(path, document);
}

static weft_error_t *run(invocation_t *invocation) {
    input_t input;
    document_t *document;
    progress_t *progress = weft_progress_begin(invocation, "reencoding");
    weft_error_t *error = weft_input_read(invocation->operands.items[0], &input, &document);
    if (!error) {
        error = weft_input_error(&input, reencode(document, weft_option(invocation, "output")));
        weft_document_delete(document);
        weft_input_close(&input);
    }
    weft_progress_end(progress);
    return error;
}

const command_t weft_cmd_reencode = {
    .name = "reencode",
    .summary = "Read a component and write everything in it anew",
    .description = "Reads the component IN, nested components included, and writes every "
                   "definition anew instead of "
                   "copying it. Core modules, custom sections and the order of sections stay. The "
                   "result means the "
                   "same; for what wasm-tools and wac write it is the same bytes.",
    .operands =
        (const operand_t[]){
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {0},
        },
    .options = (const option_t[]){OPTION_OUTPUT, {0}},
    .examples = "  weft reencode app.wasm -o - | cmp - app.wasm\n",
    .run = run,
};
