/* One line about long work: it appears on a terminal when the work has lasted half a second, and goes away
 * when it is done. Elsewhere, and with -q, nothing is shown. */
#ifndef WEFT_CLI_PROGRESS_H
#define WEFT_CLI_PROGRESS_H

#include "cli/command.h"

typedef struct progress progress_t;

/* Starts watching; `what` ("composing") outlives the progress. Never fails: without memory or a terminal it
 * gives NULL, which the others take. */
progress_t *weft_progress_begin(const invocation_t *invocation, const char *what);

/* Says what is being done now. */
void weft_progress_say(progress_t *progress, const char *what);

/* Takes the line away. Call it before anything else is printed. */
void weft_progress_end(progress_t *progress);

#endif
