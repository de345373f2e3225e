#include "value/wave_lex.h"

#include <stdarg.h>
#include <stdio.h>

#include "support/utf8.h"

/* ---- errors ----------------------------------------------------------------------------------- */

weft_error_t *weft_wave_lex_error(const wave_lexer_t *lexer, size_t at, const char *format, ...) {
    va_list args;
    va_start(args, format);
    weft_error_t *error = weft_error_at_bytev(WEFT_MALFORMED, lexer->text, at, format, args);
    va_end(args);
    return error;
}

weft_error_t *weft_wave_lex_expected(const wave_lexer_t *lexer, const char *format, ...) {
    char wanted[320];
    va_list args;
    va_start(args, format);
    vsnprintf(wanted, sizeof wanted, format, args);
    va_end(args);
    if (lexer->kind == WAVE_END)
        return weft_wave_lex_error(lexer, lexer->start, "expected %s, found the end", wanted);
    weft_str_t found = weft_wave_lex_slice(lexer);
    bool whole = found.len <= 40 && !memchr(found.ptr, '\n', found.len);
    if (!whole) {
        found.len = 0;
        while (found.len < 36 && found.ptr[found.len] != '\n') found.len++;
        while (found.len && ((uint8_t)found.ptr[found.len] & 0xC0) == 0x80) found.len--;
    }
    return weft_wave_lex_error(lexer, lexer->start, "expected %s, found `%.*s`%s", wanted,
                               STR_ARG(found), whole ? "" : "...");
}

/* ---- tokens ----------------------------------------------------------------------------------- */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_label_char(char c) {
    return is_letter(c) || is_digit(c) || c == '-';
}

/* The byte at a place, NUL behind the end (a NUL in the text is no part of any token). */
static char at(const wave_lexer_t *lexer, size_t place) {
    return place < lexer->text.len ? lexer->text.ptr[place] : '\0';
}

static size_t skip_space(const wave_lexer_t *lexer, size_t place) {
    for (;;) {
        char c = at(lexer, place);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            place++;
        } else if (c == '/' && at(lexer, place + 1) == '/') {
            const char *from = lexer->text.ptr + place;
            const char *newline = memchr(from, '\n', lexer->text.len - place);
            if (!newline) return lexer->text.len;
            place += (size_t)(newline - from) + 1;
        } else {
            return place;
        }
    }
}

static size_t skip_digits(const wave_lexer_t *lexer, size_t place) {
    while (is_digit(at(lexer, place))) place++;
    return place;
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?, or -inf; nothing that could go on the number may
 * follow. */
static weft_error_t *lex_number(wave_lexer_t *lexer) {
    size_t place = lexer->start, digits;
    if (at(lexer, place) == '-') place++;
    if (lexer->text.len - place >= 3 && memcmp(lexer->text.ptr + place, "inf", 3) == 0) {
        place += 3;
    } else {
        digits = place;
        place = skip_digits(lexer, place);
        if (place == digits || (place - digits > 1 && at(lexer, digits) == '0')) goto malformed;
        if (at(lexer, place) == '.') {
            digits = ++place;
            place = skip_digits(lexer, place);
            if (place == digits) goto malformed;
        }
        if (at(lexer, place) == 'e' || at(lexer, place) == 'E') {
            place++;
            if (at(lexer, place) == '+' || at(lexer, place) == '-') place++;
            digits = place;
            place = skip_digits(lexer, place);
            if (place == digits) goto malformed;
        }
    }
    if (is_label_char(at(lexer, place)) || at(lexer, place) == '.') goto malformed;
    lexer->kind = WAVE_NUMBER;
    lexer->end = place;
    return NULL;
malformed:
    return weft_wave_lex_error(lexer, lexer->start, "this is not a number");
}

static weft_error_t *lex_label(wave_lexer_t *lexer, wave_token_kind_t kind, size_t place) {
    if (!is_letter(at(lexer, place)))
        return weft_wave_lex_error(lexer, lexer->start, "expected a name after `%c`",
                                   at(lexer, lexer->start));
    while (is_label_char(at(lexer, place))) place++;
    lexer->kind = kind;
    lexer->end = place;
    return NULL;
}

static weft_error_t *lex_char(wave_lexer_t *lexer) {
    size_t place = lexer->start + 1;
    char c = at(lexer, place);
    if (c == '\'' && at(lexer, place + 1) == '\'')
        return weft_wave_lex_error(lexer, place, "a quote in a char is written '\\''");
    if (c == '\'') return weft_wave_lex_error(lexer, lexer->start, "a char may not be empty");
    if (c == '\\') {
        place += 2;
        if (at(lexer, place - 1) == 'u')
            while (place < lexer->text.len && at(lexer, place) != '\'' && at(lexer, place) != '\n')
                place++;
    } else if (c != '\n') {
        weft_utf8_next(lexer->text, &place);
    }
    if (at(lexer, place) != '\'')
        return weft_wave_lex_error(lexer, lexer->start,
                                   "expected one character between single quotes");
    lexer->kind = WAVE_CHAR;
    lexer->end = place + 1;
    return NULL;
}

static weft_error_t *lex_string(wave_lexer_t *lexer) {
    size_t place = lexer->start + 1;
    for (; place < lexer->text.len && at(lexer, place) != '\n'; place++) {
        if (at(lexer, place) == '\\') {
            place++;
        } else if (at(lexer, place) == '"') {
            lexer->kind = WAVE_STRING;
            lexer->end = place + 1;
            return NULL;
        }
    }
    weft_error_t *error = weft_wave_lex_error(lexer, lexer->start, "this string has no end");
    if (at(lexer, place) == '\n')
        error = weft_error_with_help(
            error, "a string ends on its line: write \\n, or use a multi-line string (\"\"\")");
    return error;
}

static weft_error_t *lex_multiline(wave_lexer_t *lexer) {
    const char *from = lexer->text.ptr + lexer->start + 3;
    const char *close = memmem(from, lexer->text.len - lexer->start - 3, "\"\"\"", 3);
    if (!close) return weft_wave_lex_error(lexer, lexer->start, "this string has no end (\"\"\")");
    lexer->kind = WAVE_MULTILINE;
    lexer->end = (size_t)(close - lexer->text.ptr) + 3;
    return NULL;
}

static weft_error_t *lex_unknown(const wave_lexer_t *lexer) {
    size_t end = lexer->start;
    int32_t c = weft_utf8_next(lexer->text, &end);
    if (c < 0x20 || c == 0x7F)
        return weft_wave_lex_error(lexer, lexer->start, "unexpected character U+%04X", (unsigned)c);
    weft_str_t found = {lexer->text.ptr + lexer->start, end - lexer->start};
    return weft_wave_lex_error(lexer, lexer->start, "unexpected character `%.*s`", STR_ARG(found));
}

weft_error_t *weft_wave_lex_next(wave_lexer_t *lexer) {
    static const char punctuation[] = "{}()[]:,";
    size_t start = skip_space(lexer, lexer->end);
    lexer->start = lexer->end = start;
    lexer->kind = WAVE_END;
    if (start == lexer->text.len) return NULL;
    char c = at(lexer, start);
    const char *mark = c ? strchr(punctuation, c) : NULL;
    if (mark) {
        lexer->kind = (wave_token_kind_t)(WAVE_BRACE_OPEN + (mark - punctuation));
        lexer->end = start + 1;
        return NULL;
    }
    if (is_digit(c) || c == '-') return lex_number(lexer);
    if (is_letter(c)) return lex_label(lexer, WAVE_LABEL, start);
    if (c == '%') return lex_label(lexer, WAVE_LABEL, start + 1);
    if (c == '$') return lex_label(lexer, WAVE_HANDLE, start + 1);
    if (c == '\'') return lex_char(lexer);
    if (c == '"' && at(lexer, start + 1) == '"' && at(lexer, start + 2) == '"')
        return lex_multiline(lexer);
    if (c == '"') return lex_string(lexer);
    return lex_unknown(lexer);
}

weft_error_t *weft_wave_lex_open(wave_lexer_t *lexer, weft_str_t text, size_t place) {
    *lexer = (wave_lexer_t){text, WAVE_END, place, place};
    if (!weft_utf8_valid(text)) {
        size_t bad = 0;
        while (weft_utf8_next(text, &bad) >= 0) {
        }
        wave_lexer_t valid = {{text.ptr, bad}, WAVE_END, 0, 0};
        return weft_wave_lex_error(&valid, bad, "the text is not UTF-8");
    }
    return weft_wave_lex_next(lexer);
}

weft_str_t weft_wave_lex_label(const wave_lexer_t *lexer) {
    weft_str_t label = weft_wave_lex_slice(lexer);
    if (label.len && (label.ptr[0] == '%' || label.ptr[0] == '$'))
        label = (weft_str_t){label.ptr + 1, label.len - 1};
    return label;
}

bool weft_wave_lex_is_word(const wave_lexer_t *lexer, const char *word) {
    return lexer->kind == WAVE_LABEL && weft_str_eq(weft_wave_lex_slice(lexer), weft_str(word));
}

bool weft_wave_is_keyword(weft_str_t label) {
    static const char *const keywords[] = {"true", "false", "some", "none",
                                           "ok",   "err",   "inf",  "nan"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (weft_str_eq(label, weft_str(keywords[i]))) return true;
    return false;
}

/* ---- the content of quotes -------------------------------------------------------------------- */

static int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* \u{...}: one to six digits of a Unicode scalar value; *place is behind the `u`. */
static bool unescape_unicode(const wave_lexer_t *lexer, size_t *place, size_t end, uint32_t *c) {
    size_t i = *place;
    uint32_t value = 0;
    if (i >= end || at(lexer, i) != '{') return false;
    size_t first = ++i;
    while (i < end && hex_digit(at(lexer, i)) >= 0 && i - first < 6)
        value = value << 4 | (uint32_t)hex_digit(at(lexer, i++));
    if (i == first || i >= end || at(lexer, i) != '}') return false;
    char utf8[4];
    if (!weft_utf8_put(value, utf8)) return false;
    *place = i + 1;
    *c = value;
    return true;
}

/* The escape at *place (a backslash), which is moved behind it. */
static weft_error_t *unescape(const wave_lexer_t *lexer, size_t *place, size_t end, uint32_t *c) {
    size_t start = *place, next = start + 2;
    switch (start + 1 < end ? at(lexer, start + 1) : '\0') {
    case '\\': *c = '\\'; break;
    case '\'': *c = '\''; break;
    case '"': *c = '"'; break;
    case 't': *c = '\t'; break;
    case 'n': *c = '\n'; break;
    case 'r': *c = '\r'; break;
    case 'u':
        if (unescape_unicode(lexer, &next, end, c)) break;
        return weft_wave_lex_error(lexer, start,
                                   "\\u must be followed by {...} with the one to six hexadecimal "
                                   "digits of a Unicode scalar value");
    default:
        return weft_error_with_help(weft_wave_lex_error(lexer, start, "unknown escape"),
                                    "the escapes are \\\\ \\' \\\" \\t \\n \\r \\u{...}");
    }
    *place = next;
    return NULL;
}

/* Appends the bytes from `place` to `end`, escapes resolved. */
static weft_error_t *unescape_run(const wave_lexer_t *lexer, size_t place, size_t end, buf_t *out) {
    while (place < end) {
        const char *from = lexer->text.ptr + place;
        const char *escape = memchr(from, '\\', end - place);
        size_t plain = escape ? (size_t)(escape - from) : end - place;
        weft_buf_bytes(out, from, plain);
        place += plain;
        if (place == end) break;
        uint32_t c;
        char utf8[4];
        TRY(unescape(lexer, &place, end, &c));
        weft_buf_bytes(out, utf8, weft_utf8_put(c, utf8));
    }
    return out->failed ? weft_error_oom() : NULL;
}

weft_error_t *weft_wave_lex_char(const wave_lexer_t *lexer, uint32_t *character) {
    size_t place = lexer->start + 1, end = lexer->end - 1;
    if (at(lexer, place) == '\\') TRY(unescape(lexer, &place, end, character));
    else *character = (uint32_t)weft_utf8_next(lexer->text, &place);
    if (place == end) return NULL;
    return weft_wave_lex_error(lexer, place, "a char is one character");
}

/* A multi-line string: a line break right behind the opening quotes; the closing quotes on a line of
 * their own; that line's spaces are the indent, which every line must have and which is taken away.
 *
 *     """<break>  first<break>    second<break>  """    ->   first\n  second                    */
static weft_error_t *multiline(const wave_lexer_t *lexer, buf_t *out) {
    const char *text = lexer->text.ptr;
    size_t place = lexer->start + 3, last = lexer->end - 3;
    if (at(lexer, place) == '\r') place++;
    if (place >= last || at(lexer, place) != '\n')
        return weft_wave_lex_error(lexer, lexer->start + 3,
                                   "the opening \"\"\" must be followed by a line break");
    size_t indent = 0;
    while (at(lexer, last - indent - 1) == ' ') indent++;
    if (at(lexer, last - indent - 1) != '\n')
        return weft_wave_lex_error(lexer, last,
                                   "the closing \"\"\" must be on a line of its own, behind spaces "
                                   "only");
    size_t close = last - indent - 1; /* the last line break */
    for (place++; place <= close;) {
        const char *newline = memchr(text + place, '\n', close - place + 1);
        size_t end = (size_t)(newline - text), next = end + 1;
        for (size_t i = 0; i < indent; i++, place++)
            if (place >= end || text[place] != ' ')
                return weft_wave_lex_error(lexer, place,
                                           "this line must be indented by the %zu spaces that "
                                           "stand before the closing \"\"\"",
                                           indent);
        if (end > place && text[end - 1] == '\r') end--;
        TRY(unescape_run(lexer, place, end, out));
        if (next <= close) weft_buf_byte(out, '\n');
        place = next;
    }
    return out->failed ? weft_error_oom() : NULL;
}

weft_error_t *weft_wave_lex_string(const wave_lexer_t *lexer, buf_t *out) {
    if (lexer->kind == WAVE_MULTILINE) return multiline(lexer, out);
    return unescape_run(lexer, lexer->start + 1, lexer->end - 1, out);
}
