/* Tokens of WAVE text. The lexer holds one token, the next one that nobody has consumed. */
#ifndef WEFT_VALUE_WAVE_LEX_H
#define WEFT_VALUE_WAVE_LEX_H

#include "support/buf.h"
#include "support/error.h"

typedef enum wave_token_kind {
    WAVE_END, /* of the text */
    WAVE_BRACE_OPEN,
    WAVE_BRACE_CLOSE,
    WAVE_PAREN_OPEN,
    WAVE_PAREN_CLOSE,
    WAVE_BRACKET_OPEN,
    WAVE_BRACKET_CLOSE,
    WAVE_COLON,
    WAVE_COMMA,
    WAVE_NUMBER,    /* 12, -1.5e3, -inf */
    WAVE_LABEL,     /* a label or keyword; nan and inf too */
    WAVE_CHAR,      /* with its quotes */
    WAVE_STRING,    /* with its quotes */
    WAVE_MULTILINE, /* with its quotes */
    WAVE_HANDLE     /* $name: weft's own, a handle that was bound to a name before */
} wave_token_kind_t;

typedef struct wave_lexer {
    weft_str_t text; /* valid UTF-8 */
    wave_token_kind_t kind;
    size_t start, end; /* of the token, in bytes */
} wave_lexer_t;

/* Starts at a byte of the text, which is checked to be UTF-8, and reads the first token. */
weft_error_t *weft_wave_lex_open(wave_lexer_t *lexer, weft_str_t text, size_t place);

/* Consumes the token and reads the next. */
weft_error_t *weft_wave_lex_next(wave_lexer_t *lexer);

static inline weft_str_t weft_wave_lex_slice(const wave_lexer_t *lexer) {
    return (weft_str_t){lexer->text.ptr + lexer->start, lexer->end - lexer->start};
}

/* The label without the `%` it may be written with. */
weft_str_t weft_wave_lex_label(const wave_lexer_t *lexer);

/* Whether the token is this word, written without a `%`. */
bool weft_wave_lex_is_word(const wave_lexer_t *lexer, const char *word);

/* Whether a label is a keyword, which as a case must be written with a `%`. */
bool weft_wave_is_keyword(weft_str_t label);

/* The content of a char, string or multi-line string token. */
weft_error_t *weft_wave_lex_char(const wave_lexer_t *lexer, uint32_t *character);
weft_error_t *weft_wave_lex_string(const wave_lexer_t *lexer, buf_t *out);

/* An error (WEFT_MALFORMED) at a byte of the text. */
weft_error_t *weft_wave_lex_error(const wave_lexer_t *lexer, size_t at, const char *format, ...)
    WEFT_PRINTF(3, 4);

/* An error at the token: "expected <what>, found <the token>". */
weft_error_t *weft_wave_lex_expected(const wave_lexer_t *lexer, const char *format, ...)
    WEFT_PRINTF(2, 3);

#endif
