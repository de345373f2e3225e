/* Errors and warnings on stderr, and the exit status that an error makes. */
#ifndef WEFT_CLI_REPORT_H
#define WEFT_CLI_REPORT_H

#include "cli/command.h"

/* 0 for NULL, 2 for WEFT_USAGE, 3 for WEFT_INTERNAL, else 1; of several errors the first one's. */
int weft_exit_status(const weft_error_t *error);

/* Prints an error and frees it; an internal one with a request to report it. */
void weft_report_error(weft_error_t *error);

/* Prints an error as a warning and frees it; with -q only frees it. NULL does nothing. */
void weft_report_warning(const invocation_t *invocation, weft_error_t *error);

/* Whether stderr may be coloured: a terminal, and neither NO_COLOR nor TERM=dumb is set. */
bool weft_stderr_has_colour(void);
bool weft_stdout_has_colour(void);

#endif
