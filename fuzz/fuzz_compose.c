/* Any two files given as components to be composed are composed or refused, never more, and never by a fault of
 * weft's own. The first two bytes are the length of the first file. */
#include <stdlib.h>

#include "compose/compose.h"

static weft_error_t *compose(weft_bytes_t first, weft_bytes_t second) {
    compose_input_t inputs[2] = {{weft_str("a"), weft_str("a.wasm"), first},
                                 {weft_str("b"), weft_str("b.wasm"), second}};
    compose_options_t options = {.inputs = inputs, .input_count = second.len ? 2 : 1};
    compose_t *composition;
    pieces_t pieces;
    buf_t text = {0};
    TRY(weft_compose_new(&options, &composition));
    weft_error_delete(weft_compose_near_misses(composition));
    weft_error_t *error = weft_compose_plan_json(composition, &text);
    if (!error) error = weft_document_write(composition->document, &pieces);
    if (!error) weft_pieces_free(&pieces);
    weft_buf_free(&text);
    weft_compose_delete(composition);
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    size_t length = (size_t)(data[0] | data[1] << 8);
    data += 2;
    size -= 2;
    if (length > size) length = size;
    weft_error_t *error =
        compose((weft_bytes_t){data, length}, (weft_bytes_t){data + length, size - length});
    if (weft_error_code(error) == WEFT_INTERNAL) abort();
    if (error) {
        char *text = NULL;
        weft_error_delete(weft_error_render(error, &text));
        weft_free(text);
    }
    weft_error_delete(error);
    return 0;
}
