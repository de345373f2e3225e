/* `weft validate`: whether a component is sound: by what weft knows, and if asked for by what the engine says. */
#include "value/validate.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/progress.h"

#ifdef WEFT_HAVE_RUNTIME
#include <weft/runtime.h>
#endif

static weft_error_t *validate(document_t *document) {
    type_pool_t *pool;
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = weft_validate_all(pool, document);
    weft_type_pool_delete(pool);
    return error;
}

#ifdef WEFT_HAVE_RUNTIME
static weft_error_t *ask_engine(weft_bytes_t component) {
    weft_engine_t *engine;
    TRY(weft_engine_new(&engine));
    weft_error_t *error = weft_engine_check(engine, component);
    weft_engine_delete(engine);
    return error;
}
#else
static weft_error_t *ask_engine(weft_bytes_t component) {
    (void)component;
    return weft_error_new(WEFT_UNSUPPORTED,
                          "this weft was built without the runtime, which --engine needs");
}
#endif

static weft_error_t *run(invocation_t *invocation) {
    input_t input;
    document_t *document;
    TRY(weft_input_read(invocation->operands.items[0], &input, &document));
    progress_t *progress = weft_progress_begin(invocation, "validating");
    weft_error_t *error = validate(document);
    weft_document_delete(document);
    if (!error && weft_option_given(invocation, "engine")) error = ask_engine(input.bytes);
    weft_progress_end(progress);
    error = weft_input_error(&input, error);
    weft_input_close(&input);
    return error;
}

const command_t weft_cmd_validate = {
    .name = "validate",
    .summary = "Say whether a component is sound",
    .description =
        "Checks the component IN and everything nested in it: indices, types, names, arguments, "
        "ascriptions, canonical definitions. Prints nothing when all is well, else the first "
        "error with its byte offset. The code of core modules is not looked at. With --engine "
        "Wasmtime compiles it as well, core modules included.",
    .operands =
        (const operand_t[]){
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {0},
        },
    .options = (const option_t[]){{.name = "engine", .help = "Ask Wasmtime too"}, {0}},
    .examples = "  weft validate app.wasm && echo sound\n",
    .run = run,
};
