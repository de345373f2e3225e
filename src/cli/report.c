#include "cli/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <weft/version.h>

static bool has_colour(int fd) {
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    if (no_colour && *no_colour) return false;
    return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

bool weft_stderr_has_colour(void) {
    return has_colour(STDERR_FILENO);
}

bool weft_stdout_has_colour(void) {
    return has_colour(STDOUT_FILENO);
}

int weft_exit_status(const weft_error_t *error) {
    switch (weft_error_code(error)) {
    case WEFT_OK: return 0;
    case WEFT_USAGE: return 2;
    case WEFT_INTERNAL: return 3;
    default: return 1;
    }
}

/* The words that begin a line of a rendered error, and the colour they get. */
static const struct {
    const char *word, *colour;
} colours[] = {
    {"weft:", "\033[1;31m"},
    {"note:", "\033[36m"},
    {"help:", "\033[32m"},
};

static void print(const char *text, bool colour) {
    while (*text) {
        size_t line = strcspn(text, "\n"), word = 0;
        if (text[line]) line++;
        for (size_t i = 0; colour && i < sizeof colours / sizeof *colours; i++) {
            if (strncmp(text, colours[i].word, strlen(colours[i].word)) != 0) continue;
            word = strlen(colours[i].word);
            fprintf(stderr, "%s%s\033[0m", colours[i].colour, colours[i].word);
        }
        fwrite(text + word, 1, line - word, stderr);
        text += line;
    }
}

static void render(const weft_error_t *error, const char *kind) {
    char *text;
    if (weft_error_render_as(error, kind, &text)) {
        fputs("weft: out of memory\n", stderr);
        return;
    }
    /* what the command has printed so far comes first where both go to one place */
    fflush(stdout);
    print(text, weft_stderr_has_colour());
    weft_free(text);
}

void weft_report_error(weft_error_t *error) {
    render(error, NULL);
    if (weft_exit_status(error) == 3)
        fputs("help: this is a bug in weft " WEFT_VERSION
              "; please report it with the command and, where "
              "you can, its input\n",
              stderr);
    weft_error_delete(error);
}

void weft_report_warning(const invocation_t *invocation, weft_error_t *error) {
    if (error && !invocation->quiet) render(error, "warning: ");
    weft_error_delete(error);
}
