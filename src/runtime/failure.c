/* Wasmtime's errors as weft's. Wasmtime gives one text for everything: what was being done, a
 * backtrace, and the chain of causes, whose last is what happened:
 *
 *     error while executing at wasm backtrace:
 *         0:     0x3b - m!leaf
 *
 *     Caused by:
 *         wasm trap: wasm `unreachable` instruction executed
 *
 * The last cause becomes the message, the frames a note. */
#include "runtime/failure.h"

#include "runtime/generated.h"
#include "support/buf.h"

#define FRAMES_SHOWN 16

/* ---- the text --------------------------------------------------------------------------------- */

static weft_str_t skip(weft_str_t str, size_t count) {
    return (weft_str_t){str.ptr + count, str.len - count};
}

static bool starts_with(weft_str_t str, const char *start) {
    size_t len = strlen(start);
    return str.len >= len && memcmp(str.ptr, start, len) == 0;
}

/* A line of the text from *at on, which is moved behind it; spaces before it and the number of a
 * cause (`0: `) are left away. */
static weft_str_t next_line(weft_str_t text, size_t *at) {
    const char *newline = memchr(text.ptr + *at, '\n', text.len - *at);
    size_t end = newline ? (size_t)(newline - text.ptr) : text.len;
    weft_str_t line = {text.ptr + *at, end - *at};
    *at = newline ? end + 1 : end;
    while (line.len && line.ptr[0] == ' ') line = skip(line, 1);
    size_t digits = 0;
    while (digits < line.len && line.ptr[digits] >= '0' && line.ptr[digits] <= '9') digits++;
    if (digits && digits + 1 < line.len && line.ptr[digits] == ':' && line.ptr[digits + 1] == ' ') {
        line = skip(line, digits + 2);
        while (line.len && line.ptr[0] == ' ') line = skip(line, 1);
    }
    return line;
}

/* The first line, and the last cause (the first line again when there is none). */
static void take_apart(weft_str_t text, weft_str_t *first, weft_str_t *cause) {
    size_t at = 0;
    bool causes = false;
    *first = *cause = next_line(text, &at);
    while (at < text.len) {
        weft_str_t line = next_line(text, &at);
        if (starts_with(line, "Caused by:")) causes = true;
        else if (causes && line.len) *cause = line;
    }
}

/* ---- the frames ------------------------------------------------------------------------------- */

static void print_frame(buf_t *out, const wasm_frame_t *frame) {
    const wasm_name_t *module = wasmtime_frame_module_name(frame);
    const wasm_name_t *func = wasmtime_frame_func_name(frame);
    if (module && module->size) weft_buf_printf(out, "%.*s!", (int)module->size, module->data);
    if (func && func->size) weft_buf_printf(out, "%.*s", (int)func->size, func->data);
    else weft_buf_printf(out, "function %u", wasm_frame_func_index(frame));
}

/* Code that weft generated says nothing to people. */
static bool is_generated(const wasm_frame_t *frame) {
    const wasm_name_t *func = wasmtime_frame_func_name(frame);
    return func && func->size == strlen(GENERATED_NAME) &&
           memcmp(func->data, GENERATED_NAME, func->size) == 0;
}

static size_t next_shown(const wasm_frame_vec_t *frames, size_t at) {
    while (at < frames->size && is_generated(frames->data[at])) at++;
    return at;
}

/* How many frames from `at` on are of the same function: a recursion is one line. */
static size_t same_frames(const wasm_frame_vec_t *frames, size_t at) {
    size_t count = 1;
    uint32_t index = wasm_frame_func_index(frames->data[at]);
    const wasm_name_t *module = wasmtime_frame_module_name(frames->data[at]);
    for (; at + count < frames->size; count++) {
        const wasm_frame_t *next = frames->data[at + count];
        const wasm_name_t *name = wasmtime_frame_module_name(next);
        bool same = module && name ? module->size == name->size &&
                                         memcmp(module->data, name->data, name->size) == 0
                                   : module == name;
        if (!same || wasm_frame_func_index(next) != index || is_generated(next)) break;
    }
    return count;
}

static weft_error_t *with_frames(weft_error_t *error, const wasm_frame_vec_t *frames) {
    buf_t text = {0};
    size_t at = next_shown(frames, 0);
    for (size_t lines = 0; at < frames->size && lines < FRAMES_SHOWN; lines++) {
        size_t count = same_frames(frames, at);
        weft_buf_byte(&text, '\n');
        print_frame(&text, frames->data[at]);
        if (count > 1) weft_buf_printf(&text, " (%zu times)", count);
        at = next_shown(frames, at + count);
    }
    if (at < frames->size) weft_buf_printf(&text, "\n... and %zu more", frames->size - at);
    weft_str_t str = weft_buf_as_str(&text);
    if (str.len && !text.failed)
        error = weft_error_with_note(error, "it was in, innermost first:%.*s", STR_ARG(str));
    weft_buf_free(&text);
    return error;
}

/* ---- errors ----------------------------------------------------------------------------------- */

static weft_error_t *describe(failure_limits_t *limits, weft_str_t cause) {
    weft_error_t *ended = limits->ended;
    limits->ended = NULL;
    if (ended) return ended;
    if (starts_with(cause, "wasm trap: ")) cause = skip(cause, strlen("wasm trap: "));
    if (starts_with(cause, "all fuel consumed"))
        return weft_error_new(WEFT_TRAP, "the guest used up its fuel of %llu",
                              (unsigned long long)limits->fuel);
    if (starts_with(cause, "wasm `")) cause = skip(cause, strlen("wasm "));
    if (weft_str_eq(cause, STR_LIT("thrown Wasm exception"))) cause = STR_LIT(FAILURE_THROWN);
    return weft_error_new(WEFT_TRAP, "the guest trapped: %.*s", STR_ARG(cause));
}

/* Consumes the message and the frames. */
static weft_error_t *from_parts(failure_limits_t *limits, wasm_byte_vec_t *message,
                                wasm_frame_vec_t *frames) {
    weft_str_t first, cause, text = {message->data, message->size};
    if (text.len && !text.ptr[text.len - 1]) text.len--;
    take_apart(text, &first, &cause);
    weft_error_t *error = with_frames(describe(limits, cause), frames);
    wasm_byte_vec_delete(message);
    wasm_frame_vec_delete(frames);
    return error;
}

weft_error_t *weft_failure_error(failure_limits_t *limits, wasmtime_error_t *failure) {
    wasm_byte_vec_t message;
    wasm_frame_vec_t frames;
    wasmtime_error_message(failure, &message);
    wasmtime_error_wasm_trace(failure, &frames);
    weft_error_t *error = from_parts(limits, &message, &frames);
    wasmtime_error_delete(failure); /* the frames' names are the failure's */
    return error;
}

weft_error_t *weft_failure_trap(failure_limits_t *limits, wasm_trap_t *trap) {
    wasm_byte_vec_t message;
    wasm_frame_vec_t frames;
    wasm_trap_message(trap, &message);
    wasm_trap_trace(trap, &frames);
    weft_error_t *error = from_parts(limits, &message, &frames);
    wasm_trap_delete(trap);
    return error;
}

bool weft_failure_in_guest(const wasmtime_error_t *failure) {
    wasm_frame_vec_t frames;
    wasmtime_error_wasm_trace(failure, &frames);
    bool in_guest = frames.size > 0;
    wasm_frame_vec_delete(&frames);
    return in_guest;
}

weft_error_t *weft_failure_refusal(weft_code_t code, const char *what, wasmtime_error_t *failure) {
    wasm_byte_vec_t message;
    weft_str_t first, cause;
    wasmtime_error_message(failure, &message);
    take_apart((weft_str_t){message.data, message.size}, &first, &cause);
    weft_error_t *error = weft_error_new(code, "%s: %.*s", what, STR_ARG(cause));
    bool says_more = first.ptr != cause.ptr && !starts_with(first, "failed to parse");
    if (says_more) error = weft_error_with_note(error, "%.*s", STR_ARG(first));
    wasm_byte_vec_delete(&message);
    wasmtime_error_delete(failure);
    return error;
}
