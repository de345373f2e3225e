/* Results: text on stdout, bytes to a file. */
#ifndef WEFT_CLI_OUTPUT_H
#define WEFT_CLI_OUTPUT_H

#include "cli/command.h"

/* Writes all of `bytes` to `path`, or nothing; "-" is stdout, where binary bytes for a terminal are refused. */
weft_error_t *weft_output_write(const char *path, weft_bytes_t bytes);

/* Flushes stdout and says whether everything printed there arrived (WEFT_IO). A reader that went away is an
 * error without a message: nobody is left to read one. */
weft_error_t *weft_output_finish(bool *reader_gone);

#endif
