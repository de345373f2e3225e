#include "cli/cli.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

#include "cli/output.h"
#include "cli/pages.h"
#include "cli/parse.h"
#include "cli/report.h"

/* A program may be started with a standard stream closed; the next file opened would then take its number
 * and be written to by accident. Reading from or writing to what is put there fails, as it should. */
static void fill_standard_streams(void) {
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) continue;
        if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd) return;
    }
}

static weft_error_t *show_page(const command_t *command) {
    buf_t page = {0};
    weft_page_text(&page, command);
    weft_error_t *error = page.failed ? weft_error_oom() : NULL;
    if (!error) fwrite(page.data, 1, page.len, stdout);
    weft_buf_free(&page);
    return error;
}

/* Without any word the page is no result but a reminder: it goes to stderr, and the usage was wrong. */
static int remind(void) {
    buf_t page = {0};
    weft_page_text(&page, NULL);
    if (!page.failed) fwrite(page.data, 1, page.len, stderr);
    weft_buf_free(&page);
    return 2;
}

static weft_error_t *run(int argc, char **argv, invocation_t *invocation) {
    TRY(weft_parse(argc, argv, invocation));
    if (invocation->help) return show_page(invocation->command);
    return invocation->command->run(invocation);
}

int weft_cli_main(int argc, char **argv) {
    fill_standard_streams();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error like any other */
    if (argc < 2) return remind();

    invocation_t invocation = {0};
    weft_error_t *error = run(argc, argv, &invocation);
    int status = error ? weft_exit_status(error) : invocation.status;
    if (error) weft_report_error(error);

    bool reader_gone;
    error = weft_output_finish(&reader_gone);
    if (error && !status) status = 1;
    if (error && !reader_gone) weft_report_error(error);
    else weft_error_delete(error);
    weft_invocation_free(&invocation);
    return status;
}
