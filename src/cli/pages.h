/* The pages made from the table of commands: help as text, manual pages, shell completion. */
#ifndef WEFT_CLI_PAGES_H
#define WEFT_CLI_PAGES_H

#include "cli/command.h"
#include "support/buf.h"

/* `command` NULL: the page of the program, with the list of verbs. */
void weft_page_text(buf_t *out, const command_t *command);

/* The same as a manual page (man(7) macros). */
void weft_page_man(buf_t *out, const command_t *command);

/* A completion script; `shell` is bash, zsh or fish. */
void weft_page_completion(buf_t *out, const char *shell);

/* Parts: "-o OUT", "--plan[=FORMAT]" for the usage line and "-o, --output=OUT" for the list. */
void weft_option_usage(buf_t *out, const option_t *option);
void weft_option_spelling(buf_t *out, const option_t *option);

/* The usage line of a command, from the verb's first option on: " [OPTION]... IN -o OUT". */
void weft_command_usage(buf_t *out, const command_t *command);

/* What stands under EXIT STATUS. */
extern const char weft_exit_status_text[];

#endif
