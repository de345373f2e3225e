#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "support/file.h"

weft_error_t *weft_output_write(const char *path, weft_bytes_t bytes) {
    bool binary = bytes.len && memchr(bytes.ptr, '\0', bytes.len);
    if (strcmp(path, "-") == 0 && binary && isatty(STDOUT_FILENO)) {
        weft_error_t *error =
            weft_error_new(WEFT_USAGE, "stdout is a terminal, the result is binary");
        return weft_error_with_help(error, "name a file with -o, or pipe stdout into a program");
    }
    if (fflush(stdout) != 0) return NULL; /* weft_output_finish reports it */
    return weft_file_write(path, &bytes, 1);
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
    *reader_gone = code == EPIPE;
    weft_error_t *error = code ? weft_error_new(WEFT_IO, "cannot write: %s", strerror(code))
                               : weft_error_new(WEFT_IO, "cannot write");
    return weft_error_with_file(error, STR_LIT("<stdout>"));
}
