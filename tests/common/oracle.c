#include "common/oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

void oracle_need(void) {
    static int found = -1;
    if (found < 0) found = system("wasm-tools --version >/dev/null 2>&1") == 0;
    if (!found) skip();
}

static void write_temporary(weft_bytes_t bytes, char path[32]) {
    strcpy(path, "/tmp/weft-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
    close(fd);
}

/* The standard output of `wasm-tools ARGS PATH`, with a NUL behind it that is not counted. */
static char *run(const char *args, const char *path, int *status, size_t *len) {
    char command[128];
    snprintf(command, sizeof command, "wasm-tools %s %s 2>&1", args, path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char *text = NULL;
    size_t count = 0, got;
    do {
        text = realloc(text, count + 4097);
        assert_non_null(text);
        got = fread(text + count, 1, 4096, pipe);
        count += got;
    } while (got);
    text[count] = 0;
    *status = pclose(pipe);
    if (len) *len = count;
    return text;
}

/* As run, of bytes. */
static char *run_on(const char *args, weft_bytes_t bytes, int *status, size_t *len) {
    char path[32];
    write_temporary(bytes, path);
    char *text = run(args, path, status, len);
    unlink(path);
    return text;
}

void oracle_assert_valid(weft_bytes_t bytes) {
    oracle_need();
    int status;
    char *text = run_on("validate --features all", bytes, &status, NULL);
    if (status) fail_msg("not valid: %s", text);
    free(text);
}

void oracle_assert_prints(weft_bytes_t bytes, const char *expected) {
    oracle_assert_valid(bytes);
    int status;
    char *text = run_on("print", bytes, &status, NULL);
    assert_string_equal(text, expected);
    free(text);
}

weft_bytes_t oracle_parse(const char *wat) {
    oracle_need();
    int status;
    size_t len;
    char *bytes = run_on("parse", (weft_bytes_t){(const uint8_t *)wat, strlen(wat)}, &status, &len);
    if (status) fail_msg("%s", bytes);
    return (weft_bytes_t){(const uint8_t *)bytes, len};
}
