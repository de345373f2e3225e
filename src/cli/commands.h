/* The list of commands, in the order in which `weft help` shows them. */
#ifndef WEFT_CLI_COMMANDS_H
#define WEFT_CLI_COMMANDS_H

#include "cli/command.h"

/* One line per command that needs no engine. */
#define COMMANDS(X)                                                                                \
    X(splice)                                                                                      \
    X(wit)                                                                                         \
    X(validate)                                                                                    \
    X(graph)                                                                                       \
    X(compose)                                                                                     \
    X(proxy)                                                                                       \
    X(reencode)

/* One line per command that needs the runtime; a build without it knows their names only. */
#define RUNTIME_COMMANDS(X)                                                                        \
    X(call)                                                                                        \
    X(run)

/* These stand last. */
#define HELP_COMMANDS(X)                                                                           \
    X(help)                                                                                        \
    X(version)

#define COMMAND_DECLARE(verb) extern const command_t weft_cmd_##verb;
COMMANDS(COMMAND_DECLARE)
#ifdef WEFT_HAVE_RUNTIME
RUNTIME_COMMANDS(COMMAND_DECLARE)
#endif
HELP_COMMANDS(COMMAND_DECLARE)
#undef COMMAND_DECLARE

/* All commands of this build, NULL at the end. */
extern const command_t *const weft_commands[];

/* By name; NULL when there is none. */
const command_t *weft_command_find(weft_str_t name);

/* The error for a verb that does not exist: names the nearest, or says that this build lacks it. */
weft_error_t *weft_command_unknown(const char *name);

#endif
