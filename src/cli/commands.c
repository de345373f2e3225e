#include "cli/commands.h"

#include "support/nearest.h"

#define COMMAND_ADDRESS(verb) &weft_cmd_##verb,
#define COMMAND_NAME(verb) #verb,

const command_t *const weft_commands[] = {COMMANDS(COMMAND_ADDRESS)
#ifdef WEFT_HAVE_RUNTIME
                                              RUNTIME_COMMANDS(COMMAND_ADDRESS)
#endif
                                                  HELP_COMMANDS(COMMAND_ADDRESS) NULL};

static const char *const runtime_commands[] = {RUNTIME_COMMANDS(COMMAND_NAME) NULL};

const command_t *weft_command_find(weft_str_t name) {
    for (const command_t *const *command = weft_commands; *command; command++)
        if (weft_str_eq(name, weft_str((*command)->name))) return *command;
    return NULL;
}

weft_error_t *weft_command_unknown(const char *name) {
    for (const char *const *verb = runtime_commands; *verb; verb++) {
        if (strcmp(*verb, name) != 0) continue;
        weft_error_t *error = weft_error_new(
            WEFT_USAGE, "this weft was built without the runtime, which '%s' needs", name);
        return weft_error_with_help(error, "build it with Wasmtime (see the README)");
    }
    nearest_t nearest = {0};
    for (const command_t *const *command = weft_commands; *command; command++)
        weft_nearest_offer(&nearest, weft_str(name), weft_str((*command)->name));
    weft_error_t *error = weft_error_new(WEFT_USAGE, "unknown verb '%s'", name);
    if (nearest.best.len)
        error = weft_error_with_note(error, "the nearest one is '%.*s'", STR_ARG(nearest.best));
    return weft_error_with_help(error, "'weft help' lists the verbs");
}
