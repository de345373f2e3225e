/* What a command is: one table row per verb, option and operand, from which parsing, `--help`, the manual
 * pages and shell completion are made. A command lives in a file of its own, src/cli/<verb>.c, which exports
 * one `const command_t weft_cmd_<verb>` and is named in src/cli/commands.h. */
#ifndef WEFT_CLI_COMMAND_H
#define WEFT_CLI_COMMAND_H

#include "support/error.h"
#include "support/vec.h"

/* What a shell completes an argument with. */
typedef enum complete {
    COMPLETE_NONE,
    COMPLETE_FILE,
    COMPLETE_WASM, /* .wasm and .wat */
    COMPLETE_YAML,
    COMPLETE_DIR,
    COMPLETE_VERB
} complete_t;

/* An option. The table of a command ends with a row without name. */
typedef struct option {
    const char *name;     /* without the dashes */
    char letter;          /* 0: no short form */
    const char *arg;      /* what its argument is called; NULL: a flag */
    bool arg_optional;    /* written --name=ARG only; alone it has the value "" */
    bool required;        /* leaving it out is wrong usage */
    bool repeats;         /* may be given more than once; else the last one counts */
    const char *fallback; /* the value when it is not given; NULL: none */
    const char *words;    /* "text|json": the only arguments allowed; NULL: any */
    complete_t complete;
    const char *help; /* one line or more, without final dot; wrapped when shown */
} option_t;

/* An operand: an argument that is not an option. The table ends with a row without name. Only the last row
 * may have `min` and `max` that differ. */
typedef struct operand {
    const char *name;
    unsigned min, max; /* max UINT_MAX: any number */
    complete_t complete;
    const char *help;
} operand_t;

typedef struct command command_t;

/* A command line, understood. */
typedef struct given {
    const option_t *option;
    const char *value; /* NULL: a flag */
} given_t;

typedef struct invocation {
    const command_t *command;
    VEC(given_t) options;       /* in the order given */
    VEC(const char *) operands; /* as many as the command's table allows */
    VEC(const char *) rest;     /* what follows `--`, when the command takes it */
    bool quiet;                 /* -q: no warnings, no progress */
    unsigned verbose;           /* number of -v */
    bool help;                  /* --help was given: show the page, run nothing */
    int status;                 /* exit status when no error is returned; `run` sets the guest's */
} invocation_t;

struct command {
    const char *name;
    const char *summary;       /* for the list of verbs: one line, no final dot */
    const char *description;   /* paragraphs, separated by an empty line; wrapped when shown */
    const operand_t *operands; /* NULL: none */
    const option_t *options;   /* NULL: none but those every command has */
    const char *rest;          /* what stands after `--`, "ARG"; NULL: more operands */
    const char *examples;      /* shown as they are; NULL: none */

    /* Does it. Results go to stdout by stdio (or weft_output_*, cli/output.h); write errors are noticed when
     * the command is done. The error's code makes the exit status: 2 for WEFT_USAGE, 3 for WEFT_INTERNAL,
     * else 1. */
    weft_error_t *(*run)(invocation_t *invocation);
};

/* The options of every command (--help, --quiet, --verbose). */
extern const option_t weft_common_options[];

/* Rows that several commands share. */
#define OPTION_OUTPUT                                                                              \
    {.name = "output",                                                                             \
     .letter = 'o',                                                                                \
     .arg = "OUT",                                                                                 \
     .required = true,                                                                             \
     .complete = COMPLETE_WASM,                                                                    \
     .help = "Write the component to OUT (- is stdout)"}
#define OPTION_JSON {.name = "json", .help = "Print one JSON document"}

/* What was given. `name` must be in the command's table. The value is that of the last one given, else the
 * fallback, else NULL. */
bool weft_option_given(const invocation_t *invocation, const char *name);
const char *weft_option(const invocation_t *invocation, const char *name);

/* The values of a repeated option: the next one at or after *at, which is advanced; NULL at the end.
 * Start with *at = 0. */
const char *weft_option_next(const invocation_t *invocation, const char *name, size_t *at);

#endif
