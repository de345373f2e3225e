/* Errors as the paragraphs that a person reads (the format stands in <weft/error.h>).
 *
 * All text may hold bytes from untrusted files (names of a component, lines of a rules file), which must not
 * reach a terminal as commands to it nor deceive the eye: what is hidden is escaped. */
#include "support/alloc.h"
#include "support/buf.h"
#include "support/error.h"
#include "support/utf8.h"

enum {
    LINE_WIDTH = 76, /* characters of a source line that are shown */
    INDENT = 2       /* before it */
};

/* ---- text ----------------------------------------------------------------------------------- */

/* Appends one character of `text` at *pos, escaped where a terminal could obey it; gives its width. */
static size_t put_char(buf_t *out, weft_str_t text, size_t *pos) {
    size_t start = *pos;
    int32_t c = weft_utf8_next(text, pos);
    if (c >= 0 && (c == '\t' || !weft_utf8_is_hidden((uint32_t)c))) {
        weft_buf_bytes(out, text.ptr + start, *pos - start);
        return 1;
    }
    if (c < 0) *pos = start + 1; /* not UTF-8: a byte */
    size_t before = out->len;
    unsigned code = c < 0 ? (unsigned char)text.ptr[start] : (unsigned)c;
    weft_buf_printf(out, code < 0x100 ? "\\x%02x" : "\\u{%x}", code);
    return out->len - before;
}

/* A message, a note or a help line; a newline that its writer put there continues it, indented. */
static void put_text(buf_t *out, weft_str_t text) {
    for (size_t pos = 0; pos < text.len;) {
        if (text.ptr[pos] == '\n') weft_buf_str(out, STR_LIT("\n      ")), pos++;
        else put_char(out, text, &pos);
    }
}

/* ---- the source line ------------------------------------------------------------------------ */

static size_t char_count(weft_str_t text) {
    size_t count = 0;
    for (size_t pos = 0; pos < text.len; count++) {
        if (weft_utf8_next(text, &pos) < 0) pos++;
    }
    return count;
}

static void put_spaces(buf_t *out, size_t count) {
    while (count--) weft_buf_byte(out, ' ');
}

/* The line, or the part of it around the column, and below it a caret under the column. The spaces before the
 * caret are tabs where the line has tabs, so that it stands right whatever a tab's width. */
static void put_source_line(buf_t *out, weft_str_t line, size_t column) {
    size_t total = char_count(line), first = 1, last = total;
    if (column == 0) column = 1;
    if (column > total + 1) column = total + 1;
    if (total > LINE_WIDTH) {
        first = column > LINE_WIDTH / 2 ? column - LINE_WIDTH / 2 : 1;
        if (first + LINE_WIDTH > total) first = total - LINE_WIDTH + 1;
        last = first + LINE_WIDTH - 1;
    }
    buf_t below = {0};
    put_spaces(out, INDENT);
    put_spaces(&below, INDENT);
    if (first > 1) {
        weft_buf_str(out, STR_LIT("..."));
        put_spaces(&below, 3);
    }
    size_t pos = 0, at = 1;
    for (; pos < line.len && at <= last; at++) {
        if (at < first) {
            if (weft_utf8_next(line, &pos) < 0) pos++;
            continue;
        }
        bool tab = line.ptr[pos] == '\t';
        size_t width = put_char(out, line, &pos);
        if (at >= column) continue;
        if (tab) weft_buf_byte(&below, '\t');
        else put_spaces(&below, width);
    }
    weft_buf_str(out, last < total ? STR_LIT("...\n") : STR_LIT("\n"));
    weft_buf_str(out, weft_buf_as_str(&below));
    weft_buf_str(out, STR_LIT("^\n"));
    if (below.failed) out->failed = true;
    weft_buf_free(&below);
}

/* ---- an error ------------------------------------------------------------------------------- */

static bool is_one_line(const weft_error_t *error) {
    return !weft_error_source_line(error).len && !weft_error_note_count(error) &&
           !weft_error_help(error).len;
}

static void put_error(buf_t *out, const weft_error_t *error, const char *kind) {
    weft_str_t file = weft_error_file(error), line = weft_error_source_line(error);
    weft_str_t help = weft_error_help(error);
    uint64_t offset = weft_error_offset(error);

    weft_buf_str(out, STR_LIT("weft: "));
    if (file.len) {
        put_text(out, file);
        weft_buf_byte(out, ':');
    }
    if (weft_error_line(error))
        weft_buf_printf(out, "%u:%u:", weft_error_line(error), weft_error_column(error));
    if (file.len || weft_error_line(error)) weft_buf_byte(out, ' ');
    if (kind) weft_buf_str(out, weft_str(kind));
    put_text(out, weft_error_message(error));
    if (offset != WEFT_NO_OFFSET)
        weft_buf_printf(out, " (at offset 0x%llx)", (unsigned long long)offset);
    weft_buf_byte(out, '\n');
    if (line.len) put_source_line(out, line, weft_error_column(error));
    for (size_t i = 0; i < weft_error_note_count(error); i++) {
        weft_buf_str(out, STR_LIT("note: "));
        put_text(out, weft_error_note(error, i));
        weft_buf_byte(out, '\n');
    }
    if (!help.len) return;
    weft_buf_str(out, STR_LIT("help: "));
    put_text(out, help);
    weft_buf_byte(out, '\n');
}

weft_error_t *weft_error_render_as(const weft_error_t *error, const char *kind, char **text) {
    buf_t out = {0};
    for (const weft_error_t *next; error; error = next) {
        put_error(&out, error, kind);
        next = weft_error_next(error);
        if (next && !(is_one_line(error) && is_one_line(next))) weft_buf_byte(&out, '\n');
    }
    weft_buf_byte(&out, '\0');
    if (out.failed) {
        weft_buf_free(&out);
        return weft_error_oom();
    }
    *text = (char *)out.data;
    return NULL;
}

weft_error_t *weft_error_render(const weft_error_t *error, char **text) {
    return weft_error_render_as(error, NULL, text);
}
