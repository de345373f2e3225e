/* Files in (mapped) and out (whole or not at all). */
#ifndef WEFT_SUPPORT_FILE_H
#define WEFT_SUPPORT_FILE_H

#include <weft/base.h>

#include "support/error.h"

/* A file's bytes, mapped where it can be mapped (else read: pipes, standard input). */
typedef struct file {
    weft_bytes_t bytes;
    bool mapped;
} file_t;

/* Opens `path`; "-" is standard input. Errors (WEFT_IO) name the path. */
weft_error_t *weft_file_open(const char *path, file_t *file);
void weft_file_close(file_t *file);

/* Writes all pieces, in order, to a temporary name beside `path`, then renames it: after an error
 * `path` is as it was. "-" writes to standard output. */
weft_error_t *weft_file_write(const char *path, const weft_bytes_t *pieces, size_t count);

#endif
