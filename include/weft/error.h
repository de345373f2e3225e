/* Errors: what every weft call that can fail returns.
 *
 * A call returns NULL on success, else an error that the caller owns and frees with
 * weft_error_delete. An error has a code, a one-line message, at most one place (a line and a column
 * in text, or a byte offset in WebAssembly), notes (what was found, what is near) and at most one
 * help line (what to do). Errors are plain data: they may be read from any thread, changed by one. */
#ifndef WEFT_ERROR_H
#define WEFT_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include <weft/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum weft_code {
    WEFT_OK = 0,
    WEFT_NO_MEMORY,   /* an allocation failed; the error itself needs no memory */
    WEFT_IO,          /* a file could not be read or written */
    WEFT_MALFORMED,   /* bytes or text that do not follow their grammar */
    WEFT_INVALID,     /* well-formed, but breaks a rule of the specification */
    WEFT_MISMATCH,    /* two types that must agree do not */
    WEFT_NOT_FOUND,   /* a name that nothing bears */
    WEFT_UNSUPPORTED, /* valid, but weft or the engine cannot do it (the message says which) */
    WEFT_LIMIT,       /* a limit of weft or of an engine is passed */
    WEFT_TRAP,        /* the guest trapped */
    WEFT_CANCELLED,   /* the call was ended by weft_plugin_cancel */
    WEFT_BUSY,        /* the plugin was running another call for as long as could be waited */
    WEFT_USAGE,       /* the call or the command line is wrong */
    WEFT_INTERNAL     /* a bug in weft */
} weft_code_t;

typedef struct weft_error weft_error_t;

/* No byte offset / no line: the value of a place that is absent. */
#define WEFT_NO_OFFSET UINT64_MAX

WEFT_API void weft_error_delete(weft_error_t *error); /* NULL is allowed */
WEFT_API weft_code_t weft_error_code(const weft_error_t *error);

/* The one-line message, without place and without a final newline. Owned by the error. */
WEFT_API weft_str_t weft_error_message(const weft_error_t *error);

/* Where: the file's name (empty when unknown), the line and column in it (both from 1, 0 when there
 * is none; a column counts characters, a tab is one), the byte offset (WEFT_NO_OFFSET when there is none). */
WEFT_API weft_str_t weft_error_file(const weft_error_t *error);
WEFT_API uint32_t weft_error_line(const weft_error_t *error);
WEFT_API uint32_t weft_error_column(const weft_error_t *error);
WEFT_API uint64_t weft_error_offset(const weft_error_t *error);

/* The text of the source line that line and column point into, empty when unknown. */
WEFT_API weft_str_t weft_error_source_line(const weft_error_t *error);

/* Notes in the order in which they were added; index from 0. */
WEFT_API size_t weft_error_note_count(const weft_error_t *error);
WEFT_API weft_str_t weft_error_note(const weft_error_t *error, size_t index);

/* What to do about it, empty when there is nothing to say. */
WEFT_API weft_str_t weft_error_help(const weft_error_t *error);

/* Errors that were found together (all problems of one file): the next one, or NULL. The list is
 * owned by its first error. */
WEFT_API const weft_error_t *weft_error_next(const weft_error_t *error);

/* The whole paragraph as the command prints it:
 *   weft: FILE:LINE:COL: message        (or FILE: message (at offset 0x1f), or message)
 *   <source line>
 *        ^
 *   note: ...
 *   help: ...
 * followed by the next errors, each with a final newline, an empty line between two where either has more
 * than one line. A long source line is cut to what stands around the column; control characters, which may
 * come from untrusted input, are shown as \x1b. The caller frees *text with weft_free. */
WEFT_API weft_error_t *weft_error_render(const weft_error_t *error, char **text);

#ifdef __cplusplus
}
#endif
#endif
