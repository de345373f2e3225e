/* `weft proxy`: a component that passes interfaces on and does nothing else. */
#include "weave/proxy/proxy.h"

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "splice/match.h"
#include "value/validate.h"

typedef struct chosen {
    extern_item_t *items; /* imports, then exports */
    bool *wanted;
    uint32_t count, wanted_count;
} chosen_t;

static weft_error_t *choose(const invocation_t *invocation, const ctype_t *component,
                            chosen_t *chosen) {
    const extern_list_t *lists[] = {&component->component.imports, &component->component.exports};
    chosen->items = weft_alloc_zero(lists[0]->count + lists[1]->count, sizeof *chosen->items);
    chosen->wanted = weft_alloc_zero(lists[0]->count + lists[1]->count, sizeof *chosen->wanted);
    if (!chosen->items || !chosen->wanted) return weft_error_oom();
    for (unsigned i = 0; i < 2; i++)
        for (uint32_t k = 0; k < lists[i]->count; k++) {
            bool *wanted = &chosen->wanted[chosen->count];
            chosen->items[chosen->count++] = lists[i]->items[k];
            size_t at = 0;
            for (const char *glob; (glob = weft_option_next(invocation, "interface", &at));)
                *wanted |= weft_match_interface(weft_str(glob), lists[i]->items[k].name);
            chosen->wanted_count += *wanted;
        }
    return NULL;
}

static weft_error_t *none_matches(const invocation_t *invocation) {
    weft_error_t *error =
        weft_error_new(WEFT_NOT_FOUND, "nothing that it imports or exports matches '%s'",
                       weft_option(invocation, "interface"));
    return weft_error_with_help(error, "'weft wit' shows what there is");
}

static weft_error_t *make(const invocation_t *invocation, type_pool_t *pool,
                          const ctype_t *component, buf_t *out) {
    chosen_t chosen = {0};
    weft_error_t *error = choose(invocation, component, &chosen);
    if (!error && !chosen.wanted_count) error = none_matches(invocation);
    if (!error) {
        proxy_options_t options = {
            .bytes = weft_option_given(invocation, "bytes-as-text") ? PROXY_TEXT : PROXY_BYTES,
            .wanted = chosen.wanted};
        error = weft_proxy_make(pool, chosen.items, chosen.count, &options, out);
    }
    weft_free(chosen.items);
    weft_free(chosen.wanted);
    return error;
}

static weft_error_t *proxy(const invocation_t *invocation, document_t *document, buf_t *out) {
    type_pool_t *pool;
    const ctype_t *type;
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = weft_validate_all(pool, document);
    if (!error) error = weft_typing_scope(pool, document->root, &type);
    if (!error) error = make(invocation, pool, type, out);
    weft_type_pool_delete(pool);
    return error;
}

static weft_error_t *run(invocation_t *invocation) {
    input_t input;
    document_t *document;
    buf_t out = {0};
    TRY(weft_input_read(invocation->operands.items[0], &input, &document));
    weft_error_t *error = weft_input_error(&input, proxy(invocation, document, &out));
    weft_document_delete(document);
    weft_input_close(&input);
    if (!error) {
        weft_bytes_t bytes = weft_buf_as_bytes(&out);
        error = weft_output_write(weft_option(invocation, "output"), &bytes, 1);
    }
    weft_buf_free(&out);
    return error;
}

const command_t weft_cmd_proxy = {
    .name = "proxy",
    .summary = "Make a component that passes interfaces on",
    .description =
        "Makes a component that imports the interfaces of the component IN, imported or exported "
        "by "
        "it, whose "
        "name matches GLOB, and exports the same: every call goes through to the import. Put "
        "between "
        "two components it changes nothing; it is there for tests, for study, and as a start for "
        "middleware.\n\n"
        "Interfaces whose types those use are imported with their types only.",
    .operands =
        (const operand_t[]){
            {.name = "IN", .min = 1, .max = 1, .complete = COMPLETE_WASM, .help = "The component"},
            {0},
        },
    .options =
        (const option_t[]){
            {.name = "interface",
             .arg = "GLOB",
             .required = true,
             .repeats = true,
             .help = "Pass on the interfaces (ns:pkg/name@version) and bare functions whose name "
                     "matches GLOB"},
            {.name = "bytes-as-text",
             .help =
                 "The exported functions have string where the imported ones have list<u8>: each "
                 "byte is a character up to U+00FF"},
            OPTION_OUTPUT,
            {0},
        },
    .examples = "  weft proxy store.wasm --interface 'shop:store/*' -o pass.wasm\n"
                "  weft compose front.wasm pass.wasm store.wasm -o app.wasm\n",
    .run = run,
};
