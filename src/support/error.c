#include "support/error.h"

#include <stdio.h>
#include <string.h>

#include "support/alloc.h"
#include "support/buf.h"

struct weft_error {
    weft_code_t code;
    uint32_t line;   /* from 1; 0: none */
    uint32_t column; /* from 1; 0: none */
    uint64_t offset; /* WEFT_NO_OFFSET: none */
    char *message;
    char *file;        /* NULL: unknown */
    char *source_line; /* NULL: unknown */
    char *help;        /* NULL: none */
    char **notes;
    size_t note_count;
    weft_error_t *next;
    bool lasting; /* nothing of it is on the heap, and it is nobody's */
};

static char oom_message[] = "out of memory";
static weft_error_t oom = {
    .code = WEFT_NO_MEMORY, .offset = WEFT_NO_OFFSET, .message = oom_message, .lasting = true};

/* This library's, or that of another copy of it in the process: the program and libweft-runtime have one each. */
static bool is_oom(const weft_error_t *error) {
    return error && error->lasting;
}

weft_error_t *weft_error_oom(void) {
    return &oom;
}

static char *format_text(const char *format, va_list args) WEFT_PRINTF(1, 0);
static char *format_text(const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) return NULL;
    char *text = weft_alloc((size_t)length + 1);
    if (text) vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

weft_error_t *weft_error_newv(weft_code_t code, uint64_t offset, const char *format, va_list args) {
    weft_error_t *error = weft_alloc_zero(1, sizeof *error);
    if (!error) return &oom;
    error->code = code;
    error->offset = offset;
    error->message = format_text(format, args);
    if (!error->message) {
        weft_free(error);
        return &oom;
    }
    return error;
}

weft_error_t *weft_error_new(weft_code_t code, const char *format, ...) {
    va_list args;
    va_start(args, format);
    weft_error_t *error = weft_error_newv(code, WEFT_NO_OFFSET, format, args);
    va_end(args);
    return error;
}

weft_error_t *weft_error_at(weft_code_t code, uint64_t offset, const char *format, ...) {
    va_list args;
    va_start(args, format);
    weft_error_t *error = weft_error_newv(code, offset, format, args);
    va_end(args);
    return error;
}

static weft_error_t *set_place(weft_error_t *error, uint32_t line, uint32_t column,
                               weft_str_t source_line) {
    if (is_oom(error)) return error;
    error->line = line;
    error->column = column;
    if (source_line.len) error->source_line = weft_alloc_str(source_line);
    return error;
}

weft_error_t *weft_error_in_text(weft_code_t code, uint32_t line, uint32_t column,
                                 weft_str_t source_line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    weft_error_t *error = weft_error_newv(code, WEFT_NO_OFFSET, format, args);
    va_end(args);
    return set_place(error, line, column, source_line);
}

text_place_t weft_text_place(weft_str_t text, size_t at) {
    text_place_t place = {1, 1, {NULL, 0}};
    size_t start = 0, end = at < text.len ? at : text.len;
    for (size_t i = 0; i < end; i++) {
        if (((uint8_t)text.ptr[i] & 0xC0) != 0x80) place.column++;
        if (text.ptr[i] != '\n') continue;
        place.line++;
        place.column = 1;
        start = i + 1;
    }
    while (end < text.len && text.ptr[end] != '\n') end++;
    if (end > start && text.ptr[end - 1] == '\r') end--;
    if (end > start) place.source_line = (weft_str_t){text.ptr + start, end - start};
    return place;
}

weft_error_t *weft_error_at_bytev(weft_code_t code, weft_str_t text, size_t at, const char *format,
                                  va_list args) {
    text_place_t place = weft_text_place(text, at);
    weft_error_t *error = weft_error_newv(code, WEFT_NO_OFFSET, format, args);
    return set_place(error, place.line, place.column, place.source_line);
}

weft_error_t *weft_error_at_byte(weft_code_t code, weft_str_t text, size_t at, const char *format,
                                 ...) {
    va_list args;
    va_start(args, format);
    weft_error_t *error = weft_error_at_bytev(code, text, at, format, args);
    va_end(args);
    return error;
}

weft_error_t *weft_error_with_note(weft_error_t *error, const char *format, ...) {
    if (!error || is_oom(error)) return error;
    char **notes = weft_realloc_array(error->notes, error->note_count + 1, sizeof *notes);
    if (!notes) return error;
    error->notes = notes;
    va_list args;
    va_start(args, format);
    char *note = format_text(format, args);
    va_end(args);
    if (note) error->notes[error->note_count++] = note;
    return error;
}

weft_error_t *weft_error_with_help(weft_error_t *error, const char *format, ...) {
    if (!error || is_oom(error)) return error;
    va_list args;
    va_start(args, format);
    char *help = format_text(format, args);
    va_end(args);
    if (help) {
        weft_free(error->help);
        error->help = help;
    }
    return error;
}

weft_error_t *weft_error_take_notes(weft_error_t *error, weft_error_t *from) {
    if (error && !is_oom(error) && from && !is_oom(from)) {
        size_t count = error->note_count + from->note_count;
        char **notes =
            from->note_count ? weft_realloc_array(error->notes, count, sizeof *notes) : NULL;
        if (notes) {
            memcpy(notes + error->note_count, from->notes, from->note_count * sizeof *notes);
            error->notes = notes;
            error->note_count = count;
            from->note_count = 0;
        }
        if (!error->help) {
            error->help = from->help;
            from->help = NULL;
        }
    }
    weft_error_delete(from);
    return error;
}

weft_error_t *weft_error_because(weft_error_t *error, weft_error_t *reason) {
    if (reason) error = weft_error_with_note(error, "%.*s", STR_ARG(weft_error_message(reason)));
    return weft_error_take_notes(error, reason);
}

weft_error_t *weft_error_with_file(weft_error_t *error, weft_str_t file) {
    for (weft_error_t *e = error; e; e = e->next)
        if (!is_oom(e) && !e->file) e->file = weft_alloc_str(file);
    return error;
}

weft_error_t *weft_error_with_base(weft_error_t *error, uint64_t base) {
    for (weft_error_t *e = error; e; e = e->next)
        if (!is_oom(e) && e->offset != WEFT_NO_OFFSET) e->offset += base;
    return error;
}

weft_error_t *weft_error_with_offset(weft_error_t *error, uint64_t offset) {
    if (error && !is_oom(error) && error->offset == WEFT_NO_OFFSET) error->offset = offset;
    return error;
}

static bool same_text(const char *a, const char *b) {
    return weft_str_eq(weft_str(a), weft_str(b));
}

bool weft_error_same(const weft_error_t *a, const weft_error_t *b) {
    if (a->code != b->code || a->line != b->line || a->column != b->column ||
        a->offset != b->offset || a->note_count != b->note_count)
        return false;
    for (size_t i = 0; i < a->note_count; i++)
        if (!same_text(a->notes[i], b->notes[i])) return false;
    return same_text(a->message, b->message) && same_text(a->file, b->file) &&
           same_text(a->help, b->help);
}

weft_error_t *weft_error_join(weft_error_t *list, weft_error_t *next) {
    if (!list || is_oom(list)) return list ? (weft_error_delete(next), list) : next;
    if (is_oom(next)) {
        weft_error_delete(list);
        return next;
    }
    weft_error_t *last = list;
    while (last->next) last = last->next;
    last->next = next;
    return list;
}

void weft_error_delete(weft_error_t *error) {
    while (error && !is_oom(error)) {
        weft_error_t *next = error->next;
        for (size_t i = 0; i < error->note_count; i++) weft_free(error->notes[i]);
        weft_free(error->notes);
        weft_free(error->message);
        weft_free(error->file);
        weft_free(error->source_line);
        weft_free(error->help);
        weft_free(error);
        error = next;
    }
}

weft_code_t weft_error_code(const weft_error_t *error) {
    return error ? error->code : WEFT_OK;
}

weft_str_t weft_error_message(const weft_error_t *error) {
    return weft_str(error->message);
}

weft_str_t weft_error_file(const weft_error_t *error) {
    return weft_str(error->file);
}

uint32_t weft_error_line(const weft_error_t *error) {
    return error->line;
}

uint32_t weft_error_column(const weft_error_t *error) {
    return error->column;
}

uint64_t weft_error_offset(const weft_error_t *error) {
    return error->offset;
}

weft_str_t weft_error_source_line(const weft_error_t *error) {
    return weft_str(error->source_line);
}

size_t weft_error_note_count(const weft_error_t *error) {
    return error->note_count;
}

weft_str_t weft_error_note(const weft_error_t *error, size_t index) {
    return index < error->note_count ? weft_str(error->notes[index]) : weft_str("");
}

weft_str_t weft_error_help(const weft_error_t *error) {
    return weft_str(error->help);
}

const weft_error_t *weft_error_next(const weft_error_t *error) {
    return error->next;
}
