/* WAVE, the text form of component values: what people type as arguments and read as results.
 *
 * Reading and writing are directed by the type: the text of an enum case and of a variant case without
 * payload is the same, the type says which it is. Behaviour follows the reference implementation
 * (the Rust crate wasm-wave) where that has one; docs/values.md lists the forms, and the three that are
 * weft's own: maps, handles, and that a string's single quotes are not escaped. */
#ifndef WEFT_VALUE_WAVE_H
#define WEFT_VALUE_WAVE_H

#include "value/value.h"
#include "value/wave_lex.h"

/* Where `$name` in a text finds the handle it stands for. `find` writes a value that is then owned by
 * what is being read; an error without a place gets the place of the name. */
typedef struct wave_handles {
    weft_error_t *(*find)(void *context, weft_str_t name, const type_t *type, weft_value_t *value);
    void *context;
} wave_handles_t;

/* Reads a text that is one value and nothing else. */
weft_error_t *weft_wave_read(weft_str_t text, const type_t *type, weft_value_t *value);

/* Appends the value, which must be of the type (weft_value_check), on one line. */
void weft_wave_write(buf_t *out, const type_t *type, const weft_value_t *value);

/* ---- reading step by step, for texts in which values are embedded ------------------------------ */

typedef struct wave_reader {
    wave_lexer_t lexer;
    const wave_handles_t *handles; /* NULL: `$name` is an error */
    map_t labels;                  /* of types with many: type -> map of label -> field */
} wave_reader_t;

weft_error_t *weft_wave_reader_open(wave_reader_t *reader, weft_str_t text, size_t at);
void weft_wave_reader_close(wave_reader_t *reader);

/* Reads one value that starts at the lexer's token and consumes it. */
weft_error_t *weft_wave_read_value(wave_reader_t *reader, const type_t *type, weft_value_t *value);

/* Consumes a token of the kind, or it is an error that names it as `what`. */
weft_error_t *weft_wave_expect(wave_reader_t *reader, wave_token_kind_t kind, const char *what);

/* In a sequence `a, b, c,` that ends with `close`: consumes what follows an element (a comma, also a
 * trailing one, or nothing) and says whether another element follows. */
weft_error_t *weft_wave_more(wave_reader_t *reader, wave_token_kind_t close, const char *what,
                             bool *more);

#endif
