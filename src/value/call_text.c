#include "value/call_text.h"

#include <stdarg.h>
#include <stdio.h>

#include "support/alloc.h"
#include "support/utf8.h"
#include "value/json.h"

/* ---- the name --------------------------------------------------------------------------------- */

static weft_str_t part(weft_str_t text, size_t start, size_t end) {
    return (weft_str_t){text.ptr + start, end - start};
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static weft_str_t trim(weft_str_t str) {
    while (str.len && is_space(str.ptr[0])) str = (weft_str_t){str.ptr + 1, str.len - 1};
    while (str.len && is_space(str.ptr[str.len - 1])) str.len--;
    return str;
}

/* The place of the first byte of `set` from `at` on, or the text's length. */
static size_t find_any(weft_str_t text, size_t at, const char *set) {
    while (at < text.len && (!text.ptr[at] || !strchr(set, text.ptr[at]))) at++;
    return at;
}

static wave_lexer_t whole(weft_str_t text) {
    return (wave_lexer_t){text, WAVE_END, 0, 0};
}

static size_t place_of(const call_text_t *call, weft_str_t inside) {
    return (size_t)(inside.ptr - call->text.ptr);
}

weft_error_t *weft_call_text_error(const call_text_t *call, weft_code_t code, const char *format,
                                   ...) {
    va_list args;
    va_start(args, format);
    size_t at = call->func.len ? place_of(call, call->func) : 0;
    weft_error_t *error = weft_error_at_bytev(code, call->text, at, format, args);
    va_end(args);
    return error;
}

/* `$name =` at the start. */
static weft_error_t *read_bind(call_text_t *call, size_t *at) {
    wave_lexer_t lexer = whole(call->text);
    *at = find_any(call->text, 0, "$=(#\"");
    if (*at == call->text.len || call->text.ptr[*at] != '$') {
        *at = 0;
        return NULL;
    }
    size_t equals = find_any(call->text, *at, "=(#\"");
    if (equals == call->text.len || call->text.ptr[equals] != '=')
        return weft_wave_lex_error(&lexer, *at, "expected `$name = ` and a call");
    call->bind = trim(part(call->text, *at + 1, equals));
    if (!call->bind.len || find_any(call->bind, 0, " \t\r\n$") != call->bind.len)
        return weft_wave_lex_error(&lexer, *at, "expected a name between `$` and `=`");
    *at = equals + 1;
    return NULL;
}

weft_error_t *weft_call_text_read(weft_str_t text, call_text_t *call) {
    static const char form[] =
        "a call is written 'ns:pkg/iface#func(arg, ...)', at the component's "
        "root '#func(arg, ...)'";
    call_text_t read = {.text = text};
    wave_lexer_t lexer = whole(text);
    size_t at;
    if (!weft_utf8_valid(text)) TRY(weft_wave_lex_open(&lexer, text, 0));
    TRY(read_bind(&read, &at));
    size_t hash = find_any(text, at, "#(\"");
    if (hash < text.len && text.ptr[hash] == '#') {
        read.has_hash = true;
        read.interface = trim(part(text, at, hash));
        at = hash + 1;
    }
    read.args = find_any(text, at, "(\"");
    read.func = trim(part(text, at, read.args));
    size_t name_at = read.func.len ? place_of(&read, read.func) : read.args;
    if (!read.func.len)
        return weft_error_with_help(
            weft_wave_lex_error(&lexer, name_at, "expected the name of a function"), "%s", form);
    size_t bad = find_any(read.func, 0, " \t\r\n#");
    if (bad != read.func.len)
        return weft_error_with_help(
            weft_wave_lex_error(&lexer, name_at + bad, "this is not the name of a function"), "%s",
            form);
    if (read.args == text.len || text.ptr[read.args] != '(')
        return weft_error_with_help(
            weft_wave_lex_error(&lexer, name_at + read.func.len,
                                "expected `(` and the arguments behind `%.*s`", STR_ARG(read.func)),
            "%s", form);
    *call = read;
    return NULL;
}

/* ---- the arguments ---------------------------------------------------------------------------- */

static void print_func(buf_t *out, const call_text_t *call, const func_type_t *type) {
    weft_buf_str(out, call->func);
    weft_buf_str(out, STR_LIT(": "));
    weft_func_type_print(out, type);
}

/* A note with the function's type, for errors about its arguments. */
static weft_error_t *with_type(weft_error_t *error, const call_text_t *call,
                               const func_type_t *type) {
    buf_t text = {0};
    print_func(&text, call, type);
    weft_str_t str = weft_buf_as_str(&text);
    if (!text.failed) error = weft_error_with_note(error, "%.*s", STR_ARG(str));
    weft_buf_free(&text);
    return error;
}

/* Parameters from `args->count` on must be options: they are none. */
static bool fill_options(const func_type_t *type, value_vec_t *args, weft_error_t **error) {
    while (args->count < type->param_count) {
        if (type->params[args->count].type->kind != TYPE_OPTION) return false;
        weft_value_t none = weft_none();
        none.borrowed = false;
        *error = VEC_PUSH(args, none);
        if (*error) return true;
    }
    return true;
}

static weft_error_t *too_many(wave_lexer_t *lexer, const func_type_t *type) {
    return weft_wave_lex_error(lexer, lexer->start, "the function takes %u argument%s",
                               type->param_count, type->param_count == 1 ? "" : "s");
}

/* The arguments' way of reading values, which stand between tokens that are the same for both. */
typedef struct args_reader {
    wave_reader_t wave;
    bool json;
} args_reader_t;

static weft_error_t *read_value(args_reader_t *reader, const type_t *type, weft_value_t *value) {
    wave_lexer_t *lexer = &reader->wave.lexer;
    if (!reader->json) return weft_wave_read_value(&reader->wave, type, value);
    size_t at = lexer->start;
    weft_value_t read;
    TRY(weft_json_read_at(lexer->text, &at, type, &read));
    lexer->end = at;
    weft_error_t *error = weft_wave_lex_next(lexer);
    if (error) weft_value_clear(&read);
    else *value = read;
    return error;
}

static weft_error_t *read_args(args_reader_t *reader, const func_type_t *type, value_vec_t *args) {
    weft_error_t *error = NULL;
    wave_reader_t *wave = &reader->wave;
    TRY(weft_wave_expect(wave, WAVE_PAREN_OPEN, "`(`"));
    for (bool more = wave->lexer.kind != WAVE_PAREN_CLOSE; more;) {
        weft_value_t arg;
        if (args->count == type->param_count) return too_many(&wave->lexer, type);
        const type_field_t *param = &type->params[args->count];
        error = read_value(reader, param->type, &arg);
        if (error)
            return weft_error_with_note(error, "in the argument `%.*s`", STR_ARG(param->name));
        error = VEC_PUSH(args, arg);
        if (error) {
            weft_value_clear(&arg);
            return error;
        }
        TRY(weft_wave_more(wave, WAVE_PAREN_CLOSE, "`)`", &more));
    }
    if (!fill_options(type, args, &error))
        return weft_wave_lex_error(&wave->lexer, wave->lexer.start,
                                   "the argument `%.*s` is missing",
                                   STR_ARG(type->params[args->count].name));
    if (!error) error = weft_wave_lex_next(&wave->lexer);
    if (!error && wave->lexer.kind != WAVE_END)
        error = weft_wave_lex_expected(&wave->lexer, "the end of the call");
    return error;
}

static weft_error_t *read_all(args_reader_t *reader, const call_text_t *call,
                              const func_type_t *type, value_vec_t *args) {
    value_vec_t read = {0};
    weft_error_t *error = read_args(reader, type, &read);
    if (error) {
        weft_value_vec_free(&read);
        return with_type(error, call, type);
    }
    *args = read;
    return NULL;
}

weft_error_t *weft_call_args_read(const call_text_t *call, const func_type_t *type,
                                  const wave_handles_t *handles, bool json, value_vec_t *args) {
    args_reader_t reader = {.json = json};
    weft_error_t *error = weft_wave_reader_open(&reader.wave, call->text, call->args);
    reader.wave.handles = handles;
    if (!error) error = read_all(&reader, call, type, args);
    weft_wave_reader_close(&reader.wave);
    return error;
}
