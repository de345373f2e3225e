/* `weft help`: the pages about the verbs, and what is made from the same table. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/pages.h"
#include "support/alloc.h"
#include "support/file.h"

static weft_error_t *print(buf_t *page) {
    weft_error_t *error = page->failed ? weft_error_oom() : NULL;
    if (!error) fwrite(page->data, 1, page->len, stdout);
    weft_buf_free(page);
    return error;
}

static weft_error_t *write_man(const char *folder, const command_t *command) {
    buf_t path = {0}, page = {0};
    weft_page_man(&page, command);
    if (command) weft_buf_printf(&path, "%s/weft-%s.1", folder, command->name);
    else weft_buf_printf(&path, "%s/weft.1", folder);
    weft_buf_byte(&path, '\0');
    weft_error_t *error = NULL;
    weft_bytes_t bytes = weft_buf_as_bytes(&page);
    if (page.failed || path.failed) error = weft_error_oom();
    else error = weft_file_write((const char *)path.data, &bytes, 1);
    weft_buf_free(&path);
    weft_buf_free(&page);
    return error;
}

static weft_error_t *write_all_man(const char *folder) {
    TRY(write_man(folder, NULL));
    for (const command_t *const *command = weft_commands; *command; command++)
        TRY(write_man(folder, *command));
    return NULL;
}

static weft_error_t *run(invocation_t *invocation) {
    const char *folder = weft_option(invocation, "man-pages");
    const char *shell = weft_option(invocation, "completion");
    if (folder) return write_all_man(folder);
    buf_t page = {0};
    if (shell) {
        weft_page_completion(&page, shell);
        return print(&page);
    }
    const command_t *command = NULL;
    if (invocation->operands.count) {
        command = weft_command_find(weft_str(invocation->operands.items[0]));
        if (!command) return weft_command_unknown(invocation->operands.items[0]);
    }
    if (weft_option_given(invocation, "man")) weft_page_man(&page, command);
    else weft_page_text(&page, command);
    return print(&page);
}

const command_t weft_cmd_help = {
    .name = "help",
    .summary = "Show the verbs, or all about one",
    .description = "Shows the list of verbs, or the page of one verb. The same table gives the "
                   "manual pages and "
                   "the completion scripts of shells.",
    .operands =
        (const operand_t[]){
            {.name = "VERB", .max = 1, .complete = COMPLETE_VERB, .help = "The verb to tell about"},
            {0},
        },
    .options =
        (const option_t[]){
            {.name = "man", .help = "Print the manual page instead, as roff"},
            {.name = "man-pages",
             .arg = "DIR",
             .complete = COMPLETE_DIR,
             .help = "Write all manual pages into DIR"},
            {.name = "completion",
             .arg = "SHELL",
             .words = "bash|zsh|fish",
             .help = "Print the completion script for SHELL"},
            {0},
        },
    .examples = "  weft help splice\n"
                "  weft help --man splice | man -l -\n"
                "  source <(weft help --completion bash)\n",
    .run = run,
};
