/* WebAssembly text, by Wasmtime's own converter. */
#include <stdlib.h>
#include <wasmtime.h>

#include <weft/runtime.h>

#include "support/alloc.h"
#include "support/error.h"

/* The line of `text` that has a number, without its line break. */
static weft_str_t line_of(weft_str_t text, uint32_t number) {
    size_t at = 0;
    for (uint32_t line = 1; line < number; line++) {
        const char *newline = memchr(text.ptr + at, '\n', text.len - at);
        if (!newline) return weft_str("");
        at = (size_t)(newline - text.ptr) + 1;
    }
    const char *end = memchr(text.ptr + at, '\n', text.len - at);
    return (weft_str_t){text.ptr + at, end ? (size_t)(end - text.ptr) - at : text.len - at};
}

/* The converter's errors are a drawing, which is taken apart:
 *
 *     what is wrong
 *          --> <anon>:3:37
 *           |
 *         3 |  the line
 *           |    ^                                  */
static weft_error_t *parse_error(weft_str_t drawing, weft_str_t text) {
    static const char arrow[] = "--> <anon>:";
    const char *newline = memchr(drawing.ptr, '\n', drawing.len);
    weft_str_t what = {drawing.ptr, newline ? (size_t)(newline - drawing.ptr) : drawing.len};
    const char *place = memmem(drawing.ptr, drawing.len, arrow, sizeof arrow - 1);
    uint32_t numbers[2] = {0, 0};
    if (place) {
        const char *end = drawing.ptr + drawing.len;
        const char *at = place + sizeof arrow - 1;
        for (int i = 0; i < 2 && at < end; i++, at++)
            for (; at < end && *at >= '0' && *at <= '9'; at++)
                numbers[i] = numbers[i] * 10 + (uint32_t)(*at - '0');
    }
    if (!numbers[0]) return weft_error_new(WEFT_MALFORMED, "%.*s", STR_ARG(what));
    return weft_error_in_text(WEFT_MALFORMED, numbers[0], numbers[1], line_of(text, numbers[0]),
                              "%.*s", STR_ARG(what));
}

weft_error_t *weft_wat_to_wasm(weft_str_t text, weft_bytes_t *binary) {
    wasm_byte_vec_t made, message;
    wasmtime_error_t *failure = wasmtime_wat2wasm(text.ptr ? text.ptr : "", text.len, &made);
    if (failure) {
        wasmtime_error_message(failure, &message);
        weft_error_t *error = parse_error((weft_str_t){message.data, message.size}, text);
        wasm_byte_vec_delete(&message);
        wasmtime_error_delete(failure);
        return error;
    }
    uint8_t *copy = weft_alloc(made.size);
    if (copy) memcpy(copy, made.data, made.size);
    *binary = (weft_bytes_t){copy, made.size};
    wasm_byte_vec_delete(&made);
    return copy ? NULL : weft_error_oom();
}
