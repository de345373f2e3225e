/* Results: text on stdout, bytes to a file. */
#ifndef WEFT_CLI_OUTPUT_H
#define WEFT_CLI_OUTPUT_H

#include "component/model.h"

/* Writes all pieces to `path`, or nothing; "-" is stdout, where a WebAssembly binary for a terminal is refused. */
weft_error_t *weft_output_write(const char *path, const weft_bytes_t *pieces, size_t count);

/* Whether writing to `path` would replace the file `other`. */
bool weft_output_replaces(const char *path, const char *other);

/* A whole document, written anew where it was edited. */
weft_error_t *weft_output_document(const char *path, document_t *document);

/* Flushes stdout and says whether everything printed there arrived (WEFT_IO). A reader that went away is an
 * error without a message: nobody is left to read one. */
weft_error_t *weft_output_finish(bool *reader_gone);

#endif
