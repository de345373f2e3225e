/* Any component spliced on every edge: it is spliced or refused, never more, and never by a fault of weft's own. The middleware is a small one of the
 * tests, found in $WEFT_SOURCE_DIR or the current directory. */
#include <stdio.h>
#include <stdlib.h>

#include "splice/splice.h"
#include "support/file.h"

static file_t middleware;
static const char rules[] = "version: 1\n"
                            "rules:\n"
                            "  - on-node: { name: '**' }\n"
                            "    inject:\n"
                            "      - { name: m, path: /dev/null }\n";

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    const char *folder = getenv("WEFT_SOURCE_DIR");
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/guests/counter.wasm", folder ? folder : "..");
    if (weft_file_open(path, &middleware)) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    return 0;
}

static weft_error_t *open_middleware(void *context, const char *path, weft_bytes_t *bytes) {
    (void)context, (void)path;
    *bytes = middleware.bytes;
    return NULL;
}

static weft_error_t *run(document_t *document) {
    const splice_options_t options = {.opener = {open_middleware, NULL}};
    splice_t splice = {0};
    pieces_t pieces = {0};
    weft_error_t *error = weft_splice_plan(weft_str("fuzz.yaml"), weft_str(rules), document,
                                           weft_str("fuzz"), &options, &splice);
    if (!error) error = weft_splice_apply(&splice);
    if (!error) error = weft_document_write(document, &pieces);
    weft_pieces_free(&pieces);
    weft_error_delete(weft_splice_take_warnings(&splice));
    weft_splice_free(&splice);
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    document_t *document;
    weft_error_t *error = weft_document_read((weft_bytes_t){data, size}, &document);
    if (!error) {
        error = run(document);
        weft_document_delete(document);
    }
    if (weft_error_code(error) == WEFT_INTERNAL) abort();
    weft_error_delete(error);
    return 0;
}
