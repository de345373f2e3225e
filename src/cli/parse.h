/* From argv to an invocation. */
#ifndef WEFT_CLI_PARSE_H
#define WEFT_CLI_PARSE_H

#include "cli/command.h"

/* Understands what follows the program's name: common options, the verb, then its options and operands in any
 * order, as getopt_long does (--name=value, --name value, -n value, -nvalue, -ab, `--`). An error is wrong
 * usage (WEFT_USAGE). `weft --version` is the verb `version`; `weft` and `weft --help` are `help`. The strings
 * stay argv's. */
weft_error_t *weft_parse(int argc, char **argv, invocation_t *invocation);

void weft_invocation_free(invocation_t *invocation);

#endif
