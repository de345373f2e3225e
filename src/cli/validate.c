/* `weft validate`: whether a component is sound, as far as that can be said without an engine. */
#include "component/validate.h"
#include "cli/command.h"
#include "cli/input.h"

static weft_error_t *validate(document_t *document) {
    type_pool_t *pool;
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = weft_validate(pool, document);
    weft_type_pool_delete(pool);
    return error;
}

static weft_error_t *run(invocation_t *invocation) {
    input_t input;
    document_t *document;
    TRY(weft_input_read(invocation->operands.items[0], &input, &document));
    weft_error_t *error = weft_input_error(&input, validate(document));
    weft_document_delete(document);
    weft_input_close(&input);
    return error;
}

const command_t weft_cmd_validate = {
    .name = "validate",
    .summary = "Say whether a component is sound",
    .description =
        "Checks the component IN and everything nested in it: indices, types, names, arguments, "
        "ascriptions, canonical definitions. Prints nothing when all is well, else the first "
        "error with its byte offset. The code of core modules is not looked at.",
    .operands =
        (const operand_t[]){
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {0},
        },
    .examples = "  weft validate app.wasm && echo sound\n",
    .run = run,
};
