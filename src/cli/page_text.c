/* `weft help` and `weft VERB --help`. */
#include <limits.h>

#include "cli/commands.h"
#include "cli/pages.h"
#include "cli/text.h"

enum { WIDTH = 80, OPTION_COLUMN = 27 };

const char weft_exit_status_text[] = "0 when it is done; 1 when what was given is wrong or the "
                                     "call failed; 2 when the usage is wrong; "
                                     "3 after an internal error.";

void weft_option_usage(buf_t *out, const option_t *option) {
    if (option->letter) weft_buf_printf(out, "-%c %s", option->letter, option->arg);
    else weft_buf_printf(out, "--%s %s", option->name, option->arg);
}

void weft_option_spelling(buf_t *out, const option_t *option) {
    if (option->letter) weft_buf_printf(out, "-%c, ", option->letter);
    weft_buf_printf(out, "--%s", option->name);
    if (option->arg) weft_buf_printf(out, option->arg_optional ? "[=%s]" : "=%s", option->arg);
}

void weft_command_usage(buf_t *out, const command_t *command) {
    weft_buf_printf(out, " [OPTION]...");
    for (const operand_t *row = command->operands; row && row->name; row++) {
        weft_buf_printf(out, row->min ? " %s" : " [%s]", row->name);
        if (row->max > 1) weft_buf_printf(out, "...");
    }
    for (const option_t *option = command->options; option && option->name; option++) {
        if (!option->required) continue;
        weft_buf_byte(out, ' ');
        weft_option_usage(out, option);
    }
    if (command->rest) weft_buf_printf(out, " [-- %s...]", command->rest);
}

/* One entry of a list: what it is called, then what it does, from a fixed column on. */
static void entry(buf_t *out, size_t start, const char *help) {
    size_t at = out->len - start;
    if (at + 2 > OPTION_COLUMN) weft_buf_byte(out, '\n'), at = 0;
    weft_text_spaces(out, OPTION_COLUMN - at);
    weft_text_wrap(out, help, OPTION_COLUMN, OPTION_COLUMN, WIDTH);
}

static void option_entry(buf_t *out, const option_t *option) {
    size_t start = out->len;
    weft_text_spaces(out, option->letter ? 2 : 6);
    weft_option_spelling(out, option);
    buf_t help = {0};
    weft_buf_printf(&help, "%s", option->help);
    if (option->words) {
        weft_buf_printf(&help, ": one of ");
        for (const char *c = option->words; *c; c++)
            weft_buf_str(&help, *c == '|' ? STR_LIT(", ") : (weft_str_t){c, 1});
    }
    if (option->fallback) weft_buf_printf(&help, " [default: %s]", option->fallback);
    weft_buf_byte(&help, '\0');
    entry(out, start, help.failed ? option->help : (const char *)help.data);
    weft_buf_free(&help);
    weft_buf_byte(out, '\n');
}

static void verbs(buf_t *out) {
    weft_buf_printf(out, "\nVerbs:\n");
    for (const command_t *const *command = weft_commands; *command; command++) {
        size_t start = out->len;
        weft_buf_printf(out, "  %s", (*command)->name);
        size_t at = out->len - start;
        weft_text_spaces(out, at < 12 ? 12 - at : 2);
        weft_text_wrap(out, (*command)->summary, 12, 12, WIDTH);
        weft_buf_byte(out, '\n');
    }
}

static void program_page(buf_t *out) {
    weft_buf_printf(out, "weft links, splices and runs WebAssembly components.\n\n"
                         "Usage: weft VERB [OPTION]... [OPERAND]...\n");
    verbs(out);
    weft_buf_printf(out, "\nOptions of every verb:\n");
    for (const option_t *option = weft_common_options; option->name; option++)
        option_entry(out, option);
    weft_buf_printf(out,
                    "\n'weft help VERB' tells more about a verb. '-' names stdin or stdout.\n");
}

void weft_page_text(buf_t *out, const command_t *command) {
    if (!command) {
        program_page(out);
        return;
    }
    weft_text_wrap(out, command->description, 0, 0, WIDTH);
    weft_buf_printf(out, "\n\nUsage: weft %s", command->name);
    weft_command_usage(out, command);
    weft_buf_printf(out, "\n\n");
    for (const operand_t *row = command->operands; row && row->name; row++) {
        size_t start = out->len;
        weft_buf_printf(out, "  %s", row->name);
        entry(out, start, row->help);
        weft_buf_byte(out, '\n');
    }
    if (command->operands) weft_buf_byte(out, '\n');
    weft_buf_printf(out, "Options:\n");
    for (const option_t *option = command->options; option && option->name; option++)
        option_entry(out, option);
    for (const option_t *option = weft_common_options; option->name; option++)
        option_entry(out, option);
    if (command->examples) weft_buf_printf(out, "\nExamples:\n%s", command->examples);
}
