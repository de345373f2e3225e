/* What `weft splice --emit-wac` and `--splits-dir` write. */
#ifndef WEFT_CLI_SPLICE_WAC_H
#define WEFT_CLI_SPLICE_WAC_H

#include "cli/command.h"
#include "splice/splice.h"

/* Whether either option is given. */
bool weft_emits_wac(const invocation_t *invocation);

/* Writes the document and the parts of an applied splice, whose document is edited for it. */
weft_error_t *weft_emit_wac(const invocation_t *invocation, splice_t *splice);

#endif
