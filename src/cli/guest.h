/* The options of the verbs that run a guest: what it gets of WASI, and its limits. */
#ifndef WEFT_CLI_GUEST_H
#define WEFT_CLI_GUEST_H

#include <weft/runtime.h>

#include "cli/command.h"

#define OPTIONS_GUEST                                                                              \
    {.name = "engine",                                                                             \
     .arg = "ENGINE",                                                                              \
     .words = "auto|direct|hosted",                                                                \
     .fallback = "auto",                                                                           \
     .help = "How to run it: direct is weft's own way, hosted is Wasmtime's component API"},       \
        {.name = "explain", .help = "Say on stderr which engine runs it, and why"},                \
        {.name = "env",                                                                            \
         .arg = "K=V",                                                                             \
         .repeats = true,                                                                          \
         .help = "Set a variable in the guest's environment"},                                     \
        {.name = "inherit-env", .help = "Give the guest the whole environment of this process"},   \
        {.name = "dir",                                                                            \
         .arg = "HOST[::GUEST][:ro]",                                                              \
         .repeats = true,                                                                          \
         .complete = COMPLETE_DIR,                                                                 \
         .help = "Open the folder HOST to the guest, under the name GUEST; :ro for reading only"}, \
        {.name = "name-lookup",                                                                    \
         .help = "Let the guest look names of the network up (it cannot have sockets)"},           \
        {.name = "arg", .arg = "A", .repeats = true, .help = "Give the guest an argument"},        \
        {.name = "fuel", .arg = "N", .help = "Let it run about N instructions"},                   \
        {.name = "deadline",                                                                       \
         .arg = "TIME",                                                                            \
         .help = "Let each call take TIME (50ms, 2s); hosted, waiting in WASI does not count"},    \
        {.name = "memory", .arg = "SIZE", .help = "Let each memory grow to SIZE (64MiB)"},         \
        {.name = "no-cache", .help = "Neither use nor keep compiled code"}

/* What the options make. All zero is empty. */
typedef struct guest {
    weft_options_t options; /* points into what follows and into the invocation */
    VEC(const char *) args;
    VEC(weft_env_var_t) env;
    VEC(weft_dir_t) dirs;
    VEC(char *) copies;
} guest_t;

/* `program` is what the guest sees as its own name. After an error there is nothing to free. */
weft_error_t *weft_guest_read(const invocation_t *invocation, const char *program, guest_t *guest);
void weft_guest_free(guest_t *guest);

/* An engine that keeps compiled code in the user's cache folder, unless told not to; where it cannot, it works
 * without. */
weft_error_t *weft_guest_engine(const invocation_t *invocation, weft_engine_t **engine);

/* What --explain says. */
void weft_guest_explain(const invocation_t *invocation, const weft_plugin_t *plugin);

#endif
