#include "cli/output.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/alloc.h"
#include "support/file.h"

static weft_error_t *refuse_terminal(void) {
    weft_error_t *error =
        weft_error_new(WEFT_USAGE, "the result is a binary and stdout is a terminal");
    return weft_error_with_help(error, "name a file with -o, or pipe stdout into a program");
}

/* Says what of the way to `path` is missing. */
static weft_error_t *explain_unwritten(weft_error_t *error, const char *path) {
    struct stat info;
    const char *slash = strrchr(path, '/');
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return weft_error_with_help(error, "name a file in it");
    if (!slash || slash == path) return error;
    char *folder = weft_alloc_str((weft_str_t){path, (size_t)(slash - path)});
    if (folder && stat(folder, &info) != 0 && errno == ENOENT)
        error = weft_error_with_note(error, "there is no folder '%s'", folder);
    weft_free(folder);
    return error;
}

weft_error_t *weft_output_write(const char *path, const weft_bytes_t *pieces, size_t count) {
    if (strcmp(path, "-") == 0) {
        bool binary = count && pieces[0].len >= 4 && memcmp(pieces[0].ptr, "\0asm", 4) == 0;
        if (binary && isatty(STDOUT_FILENO)) return refuse_terminal();
        if (fflush(stdout) != 0) return NULL; /* weft_output_finish reports it */
    }
    weft_error_t *error = weft_file_write(path, pieces, count);
    return error ? explain_unwritten(error, path) : NULL;
}

bool weft_output_replaces(const char *path, const char *other) {
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && S_ISREG(a.st_mode) &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

weft_error_t *weft_output_document(const char *path, document_t *document) {
    pieces_t pieces;
    TRY(weft_document_write(document, &pieces));
    weft_error_t *error = weft_output_write(path, pieces.items, pieces.count);
    weft_pieces_free(&pieces);
    return error;
}

/* Whether stdout is a pipe that nobody reads any more. */
static bool reader_left(void) {
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

weft_error_t *weft_output_finish(bool *reader_gone) {
    *reader_gone = false;
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) != 0) failed = true;
    /* some file systems tell only when the file is closed; the descriptor itself stays for others */
    int code = errno;
    if (!failed) {
        int copy = dup(STDOUT_FILENO);
        if (copy >= 0 && close(copy) != 0) failed = true, code = errno;
    }
    if (!failed) return NULL;
    if (!code && reader_left()) code = EPIPE; /* an earlier write failed, its errno is lost */
    *reader_gone = code == EPIPE;
    weft_error_t *error = code ? weft_error_new(WEFT_IO, "cannot write: %s", strerror(code))
                               : weft_error_new(WEFT_IO, "cannot write");
    return weft_error_with_file(error, STR_LIT("<stdout>"));
}
