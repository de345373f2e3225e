/* Manual pages, with the macros of man(7). */
#include <weft/version.h>

#include "cli/commands.h"
#include "cli/pages.h"

/* Text in roff: a backslash and a leading dot or quote mean something there, and a plain `-` is a hyphen. */
static void roff(buf_t *out, const char *text) {
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\'')) weft_buf_str(out, STR_LIT("\\&"));
        if (*text == '\\') weft_buf_str(out, STR_LIT("\\e"));
        else if (*text == '-') weft_buf_str(out, STR_LIT("\\-"));
        else weft_buf_byte(out, (uint8_t)*text);
        line_start = *text == '\n';
    }
}

static void paragraphs(buf_t *out, const char *text) {
    while (*text) {
        const char *end = strstr(text, "\n\n");
        buf_t one = {0};
        weft_buf_str(&one, (weft_str_t){text, end ? (size_t)(end - text) : strlen(text)});
        weft_buf_byte(&one, '\0');
        weft_buf_printf(out, ".PP\n");
        if (!one.failed) roff(out, (const char *)one.data);
        else out->failed = true;
        weft_buf_byte(out, '\n');
        weft_buf_free(&one);
        text = end ? end + strspn(end, "\n") : "";
    }
}

/* The spelling or usage of an option, made by `make`, in roff. */
static void spelled(buf_t *out, const option_t *option) {
    buf_t text = {0};
    weft_option_spelling(&text, option);
    weft_buf_byte(&text, '\0');
    if (!text.failed) roff(out, (const char *)text.data);
    else out->failed = true;
    weft_buf_free(&text);
}

static void options(buf_t *out, const option_t *option) {
    for (; option && option->name; option++) {
        weft_buf_printf(out, ".TP\n\\fB");
        spelled(out, option);
        weft_buf_printf(out, "\\fR\n");
        roff(out, option->help);
        if (option->words) {
            weft_buf_printf(out, ": one of ");
            for (const char *c = option->words; *c; c++)
                weft_buf_str(out, *c == '|' ? STR_LIT(", ") : (weft_str_t){c, 1});
        }
        weft_buf_printf(out, ".\n");
        if (option->fallback) {
            weft_buf_printf(out, "The default is ");
            roff(out, option->fallback);
            weft_buf_printf(out, ".\n");
        }
    }
}

static void title(buf_t *out, const command_t *command) {
    weft_buf_printf(out, ".TH WEFT");
    if (command) {
        weft_buf_byte(out, '-');
        for (const char *c = command->name; *c; c++)
            weft_buf_byte(out, (uint8_t)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c));
    }
    weft_buf_printf(out, " 1 \"\" \"weft " WEFT_VERSION "\" \"weft manual\"\n");
}

static void ending(buf_t *out) {
    weft_buf_printf(out, ".SH EXIT STATUS\n%s\n", weft_exit_status_text);
    weft_buf_printf(
        out, ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nWhen set and not empty, nothing is coloured.\n");
}

static void program_page(buf_t *out) {
    title(out, NULL);
    weft_buf_printf(out,
                    ".SH NAME\nweft \\- link, splice and run WebAssembly components\n"
                    ".SH SYNOPSIS\n.B weft\n.I VERB\n[\\fIOPTION\\fR]... [\\fIOPERAND\\fR]...\n"
                    ".SH VERBS\n");
    for (const command_t *const *verb = weft_commands; *verb; verb++) {
        weft_buf_printf(out, ".TP\n.BR weft\\-%s (1)\n", (*verb)->name);
        roff(out, (*verb)->summary);
        weft_buf_printf(out, ".\n");
    }
    weft_buf_printf(out, ".SH OPTIONS\nThese belong to every verb.\n");
    options(out, weft_common_options);
    weft_buf_printf(
        out,
        ".SH FILES\nA component is named by its path; \\- is standard input or standard output. "
        "Results go to standard output, all else to standard error.\n");
    ending(out);
}

void weft_page_man(buf_t *out, const command_t *command) {
    if (!command) {
        program_page(out);
        return;
    }
    title(out, command);
    weft_buf_printf(out, ".SH NAME\nweft\\-%s \\- ", command->name);
    roff(out, command->summary);
    weft_buf_printf(out, "\n.SH SYNOPSIS\n\\fBweft %s\\fR", command->name);
    buf_t usage = {0};
    weft_command_usage(&usage, command);
    weft_buf_byte(&usage, '\0');
    if (!usage.failed) roff(out, (const char *)usage.data);
    else out->failed = true;
    weft_buf_free(&usage);
    weft_buf_printf(out, "\n.SH DESCRIPTION\n");
    paragraphs(out, command->description);
    if (command->operands) weft_buf_printf(out, ".SH OPERANDS\n");
    for (const operand_t *row = command->operands; row && row->name; row++) {
        weft_buf_printf(out, ".TP\n.I %s\n", row->name);
        roff(out, row->help);
        weft_buf_printf(out, ".\n");
    }
    weft_buf_printf(out, ".SH OPTIONS\n");
    options(out, command->options);
    options(out, weft_common_options);
    if (command->examples) {
        weft_buf_printf(out, ".SH EXAMPLES\n.nf\n");
        roff(out, command->examples);
        weft_buf_printf(out, ".fi\n");
    }
    ending(out);
    weft_buf_printf(out, ".SH SEE ALSO\n.BR weft (1)\n");
}
