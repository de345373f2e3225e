/* `weft wit`: what a component imports and exports, as WIT. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "component/wit/wit.h"
#include "splice/match.h"

static bool matches(weft_str_t path, void *glob) {
    return weft_match_interface(weft_str(glob), path);
}

static weft_error_t *print(const invocation_t *invocation, const wit_t *wit) {
    const char *glob = weft_option(invocation, "interface");
    wit_wanted_t *wanted = glob ? matches : NULL;
    buf_t out = {0};
    size_t count;
    weft_error_t *error = weft_option_given(invocation, "json")
                              ? weft_wit_json(wit, wanted, (void *)(uintptr_t)glob, &out, &count)
                              : weft_wit_text(wit, wanted, (void *)(uintptr_t)glob, &out, &count);
    if (!error && glob && !count)
        error =
            weft_error_with_help(weft_error_new(WEFT_NOT_FOUND, "no interface matches '%s'", glob),
                                 "'weft wit' without --interface shows them all");
    if (!error) (void)fwrite(out.data, 1, out.len, stdout);
    weft_buf_free(&out);
    return error;
}

static weft_error_t *show(const invocation_t *invocation, document_t *document) {
    type_pool_t *pool;
    const ctype_t *type;
    wit_t wit;
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = weft_typing_scope(pool, document->root, &type);
    if (!error) error = weft_wit_collect(type, &wit);
    if (!error) {
        error = print(invocation, &wit);
        weft_wit_free(&wit);
    }
    weft_type_pool_delete(pool);
    return error;
}

static weft_error_t *run(invocation_t *invocation) {
    input_t input;
    document_t *document;
    TRY(weft_input_read(invocation->operands.items[0], &input, &document));
    weft_error_t *error = weft_input_error(&input, show(invocation, document));
    weft_document_delete(document);
    weft_input_close(&input);
    return error;
}

const command_t weft_cmd_wit = {
    .name = "wit",
    .summary = "Show what a component imports and exports, as WIT",
    .description =
        "Prints the world of the component IN and the interfaces it imports and exports, as one "
        "WIT document "
        "that wasm-tools reads. What WIT has no words for is a comment.",
    .operands =
        (const operand_t[]){
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {0},
        },
    .options =
        (const option_t[]){
            {.name = "interface",
             .arg = "GLOB",
             .help = "Only the interfaces whose name (ns:pkg/name@version) matches GLOB, without "
                     "the world"},
            OPTION_JSON,
            {0},
        },
    .examples = "  weft wit app.wasm\n"
                "  weft wit app.wasm --interface 'wasi:*'\n",
    .run = run,
};
