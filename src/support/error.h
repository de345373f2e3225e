/* Building errors (the public half is <weft/error.h>). Errors are built where they are understood,
 * with the place; callers add a note, not a new sentence. */
#ifndef WEFT_SUPPORT_ERROR_H
#define WEFT_SUPPORT_ERROR_H

#include <stdarg.h>

#include <weft/error.h>

/* `return` the error of a call that failed. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        weft_error_t *try_error_ = (call);                                                         \
        if (try_error_) return try_error_;                                                         \
    } while (0)

/* As TRY, but goes to a label (the function's one cleanup) with the error in `error`. */
#define TRY_OR(label, call)                                                                        \
    do {                                                                                           \
        error = (call);                                                                            \
        if (error) goto label;                                                                     \
    } while (0)

#if defined(__GNUC__)
#define WEFT_PRINTF(at, first) __attribute__((format(printf, at, first)))
/* Makers of errors never return NULL; said here, compilers can tell that what comes after a TRY has its
 * out parameters written. */
#define WEFT_NEVER_NULL __attribute__((returns_nonnull))
#else
#define WEFT_PRINTF(at, first)
#define WEFT_NEVER_NULL
#endif

/* Printing a weft_str_t with "%.*s". */
#define STR_ARG(str) (int)((str).len > 4096 ? 4096 : (str).len), ((str).ptr ? (str).ptr : "")
#define STR_LIT(literal) ((weft_str_t){"" literal, sizeof(literal) - 1})

/* The error for a failed allocation: a constant, so making it needs no memory. */
WEFT_NEVER_NULL weft_error_t *weft_error_oom(void);

WEFT_NEVER_NULL weft_error_t *weft_error_new(weft_code_t code, const char *format, ...)
    WEFT_PRINTF(2, 3);

/* An error at a byte offset of a WebAssembly binary. */
WEFT_NEVER_NULL weft_error_t *weft_error_at(weft_code_t code, uint64_t offset, const char *format,
                                            ...) WEFT_PRINTF(3, 4);

/* An error at a line and column (both from 1; columns count characters) of a text; `source_line` may be empty. */
WEFT_NEVER_NULL weft_error_t *weft_error_in_text(weft_code_t code, uint32_t line, uint32_t column,
                                                 weft_str_t source_line, const char *format, ...)
    WEFT_PRINTF(5, 6);

typedef struct text_place {
    uint32_t line, column;
    weft_str_t source_line; /* without its end */
} text_place_t;

/* What stands at a byte of a text; behind the end is at the end. */
text_place_t weft_text_place(weft_str_t text, size_t at);

/* The same at a byte of the text: line, column and source line are found. */
WEFT_NEVER_NULL weft_error_t *weft_error_at_byte(weft_code_t code, weft_str_t text, size_t at,
                                                 const char *format, ...) WEFT_PRINTF(4, 5);
WEFT_NEVER_NULL weft_error_t *weft_error_at_bytev(weft_code_t code, weft_str_t text, size_t at,
                                                  const char *format, va_list args)
    WEFT_PRINTF(4, 0);

/* weft_error_new with a va_list; `offset` WEFT_NO_OFFSET for none. */
WEFT_NEVER_NULL weft_error_t *weft_error_newv(weft_code_t code, uint64_t offset, const char *format,
                                              va_list args) WEFT_PRINTF(3, 0);

/* Each takes the error and gives it back (so calls nest); any failing allocation inside is ignored,
 * the error then lacks the addition. NULL and the out-of-memory error pass through unchanged. */
weft_error_t *weft_error_with_note(weft_error_t *error, const char *format, ...) WEFT_PRINTF(2, 3);
weft_error_t *weft_error_with_help(weft_error_t *error, const char *format, ...) WEFT_PRINTF(2, 3);

/* What `from` says beside its message goes to `error`: its notes, and its help where `error` has none. `from` is consumed. */
weft_error_t *weft_error_take_notes(weft_error_t *error, weft_error_t *from);

/* `reason` is why: its message becomes a note, and what it says beside follows. `reason` is consumed. */
weft_error_t *weft_error_because(weft_error_t *error, weft_error_t *reason);

/* Sets the file on this error and on those chained to it, where none is set. */
weft_error_t *weft_error_with_file(weft_error_t *error, weft_str_t file);

/* Moves a byte offset: the bytes were a part of something larger that starts `base` bytes earlier. */
weft_error_t *weft_error_with_base(weft_error_t *error, uint64_t base);

/* weft_error_render, with `kind` ("warning: ") before each message; NULL for none. */
weft_error_t *weft_error_render_as(const weft_error_t *error, const char *kind, char **text);

/* Sets the byte offset on this error where none is set. */
weft_error_t *weft_error_with_offset(weft_error_t *error, uint64_t offset);

/* Whether a person would read the same twice: place, message, notes and help. Not asked of the errors chained to them. */
bool weft_error_same(const weft_error_t *a, const weft_error_t *b);

/* `next` joins the end of `list`, which may be NULL; gives the list. Both are consumed. */
weft_error_t *weft_error_join(weft_error_t *list, weft_error_t *next);

#endif
