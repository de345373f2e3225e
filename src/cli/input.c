#include "cli/input.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#ifdef WEFT_HAVE_RUNTIME
#include <weft/runtime.h>
#endif

#include "support/alloc.h"
#include "support/nearest.h"
#include "support/utf8.h"

/* ---- what cannot be opened ------------------------------------------------------------------ */

/* A file name without its ending: equal endings say nothing about nearness. */
static weft_str_t stem(const char *name) {
    const char *dot = strrchr(name, '.');
    return (weft_str_t){name, dot && dot > name ? (size_t)(dot - name) : strlen(name)};
}

/* The file in the same folder whose name is nearest. */
static weft_error_t *suggest_file(weft_error_t *error, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    char *folder = slash ? weft_alloc_str((weft_str_t){path, (size_t)(slash - path) + 1}) : NULL;
    if (slash && !folder) return error;
    DIR *dir = opendir(folder ? folder : ".");
    if (!dir && errno == ENOENT && folder)
        error = weft_error_with_note(error, "there is no folder '%s'", folder);
    char best[256] = "";
    nearest_t nearest = {0};
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        size_t before = nearest.distance;
        weft_nearest_offer(&nearest, stem(base), stem(entry->d_name));
        if (nearest.distance != before) memcpy(best, entry->d_name, strlen(entry->d_name) + 1);
    }
    if (dir) closedir(dir);
    if (*best) error = weft_error_with_note(error, "the nearest file there is '%s'", best);
    weft_free(folder);
    return error;
}

static weft_error_t *explain_unopened(weft_error_t *error, const char *path) {
    struct stat info;
    if (strcmp(path, "-") == 0) return error;
    if (stat(path, &info) != 0) return errno == ENOENT ? suggest_file(error, path) : error;
    if (S_ISDIR(info.st_mode)) return weft_error_with_help(error, "name a component in it");
    return error;
}

/* ---- what it is ----------------------------------------------------------------------------- */

static weft_error_t *unknown_binary(weft_bytes_t bytes) {
    if (bytes.len >= 2 && bytes.ptr[0] == 0x1f && bytes.ptr[1] == 0x8b)
        return weft_error_with_help(
            weft_error_new(WEFT_MALFORMED, "this is compressed with gzip, not a component"),
            "decompress it first: gunzip");
    buf_t start = {0};
    for (size_t i = 0; i < bytes.len && i < 4; i++)
        weft_buf_printf(&start, i ? " %02x" : "%02x", bytes.ptr[i]);
    weft_error_t *error = weft_error_new(
        WEFT_MALFORMED, "this is not WebAssembly: it begins with %.*s, not 00 61 73 6d",
        STR_ARG(weft_buf_as_str(&start)));
    weft_buf_free(&start);
    return error;
}

static bool is_binary_wasm(weft_bytes_t bytes) {
    size_t len = bytes.len < 4 ? bytes.len : 4;
    return len && memcmp(bytes.ptr, "\0asm", len) == 0;
}

static weft_error_t *check_binary(weft_bytes_t bytes) {
    static const uint8_t module[4] = {1, 0, 0, 0};
    if (bytes.len < 8 || memcmp(bytes.ptr + 4, module, 4) != 0)
        return NULL; /* the reader tells more */
    return weft_error_with_help(
        weft_error_new(WEFT_MALFORMED, "this is a core module, not a component"),
        "make a component of it: wasm-tools component new");
}

/* Text by its first 4 KiB: valid UTF-8 without control characters. A character may be cut at the end. */
static bool is_text(weft_bytes_t bytes) {
    size_t len = bytes.len < 4096 ? bytes.len : 4096, pos = 0;
    weft_str_t start = {(const char *)bytes.ptr, len};
    while (pos < len) {
        int32_t c = weft_utf8_next(start, &pos);
        if (c < 0) return bytes.len > len && len - pos < 4;
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f)
            return false;
    }
    return true;
}

/* Text that begins like WebAssembly's: a parenthesis or a comment. */
static bool is_wat(weft_bytes_t bytes) {
    size_t at = 0;
    while (at < bytes.len && memchr(" \t\r\n", bytes.ptr[at], 4)) at++;
    if (at < bytes.len && bytes.ptr[at] == '(') return true;
    return at + 1 < bytes.len && bytes.ptr[at] == ';' && bytes.ptr[at + 1] == ';';
}

#ifdef WEFT_HAVE_RUNTIME
static weft_error_t *convert(input_t *input) {
    weft_bytes_t text = input->file.bytes;
    TRY(weft_wat_to_wasm((weft_str_t){(const char *)text.ptr, text.len}, &input->bytes));
    input->made = (uint8_t *)(uintptr_t)input->bytes.ptr;
    return NULL;
}
#else
static weft_error_t *convert(input_t *input) {
    (void)input;
    return weft_error_with_help(
        weft_error_new(
            WEFT_UNSUPPORTED,
            "this is WebAssembly text, which this weft, built without the runtime, cannot read"),
        "convert it first: wasm-tools parse");
}
#endif

static weft_error_t *recognise(input_t *input) {
    weft_bytes_t bytes = input->file.bytes;
    input->bytes = bytes;
    if (bytes.len == 0)
        return weft_error_new(WEFT_MALFORMED, "this is an empty file, not a component");
    if (is_binary_wasm(bytes)) return check_binary(bytes);
    if (!is_text(bytes)) return unknown_binary(bytes);
    if (!is_wat(bytes))
        return weft_error_with_help(weft_error_new(WEFT_MALFORMED, "this is text, not a component"),
                                    "weft reads components as binaries (.wasm) and as text (.wat)");
    TRY(convert(input));
    return check_binary(input->bytes);
}

/* ---- opening -------------------------------------------------------------------------------- */

weft_error_t *weft_input_error(const input_t *input, weft_error_t *error) {
    return weft_error_with_file(error, weft_str(input->name));
}

weft_error_t *weft_input_open(const char *path, input_t *input) {
    input_t opened = {.name = strcmp(path, "-") == 0 ? "<stdin>" : path};
    weft_error_t *error = weft_file_open(path, &opened.file);
    if (error) return explain_unopened(error, path);
    error = recognise(&opened);
    if (error) {
        error = weft_input_error(&opened, error);
        weft_input_close(&opened);
        return error;
    }
    *input = opened;
    return NULL;
}

void weft_input_close(input_t *input) {
    weft_free(input->made);
    if (input->name) weft_file_close(&input->file);
    *input = (input_t){0};
}

weft_error_t *weft_input_read(const char *path, input_t *input, document_t **document) {
    input_t opened;
    TRY(weft_input_open(path, &opened));
    weft_error_t *error = weft_document_read(opened.bytes, document);
    if (error) {
        error = weft_input_error(&opened, error);
        weft_input_close(&opened);
        return error;
    }
    *input = opened;
    return NULL;
}
