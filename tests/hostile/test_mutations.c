/* Every component of the corpus cut off and with bytes changed: what comes of it is a result or an error with an
 * offset; never a crash (the sanitizers say), never a long wait, never much memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/sanitized.h"
#include "hostile/files.h"
#include "hostile/survive.h"

enum {
    SMALL = 8192, /* cut at every offset */
    LARGE = 1 << 20,
    USED_FLOOR = 1 << 17, /* bytes that a file of any size may take in memory */
    USED_PER_BYTE = 400,
    SECONDS_MAX = SANITIZED ? 6 : 2, /* for one file, of processor time */
    SHOWN_MAX = 20
};

static uint64_t state;
static size_t runs, problems, succeeded[STEP_COUNT];

/* xorshift64*: the same changes on every machine. */
static uint64_t draw(uint64_t below) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (state * UINT64_C(0x2545F4914F6CDD1D) >> 16) % below;
}

/* `what` and `at` tell the change. */
static void problem(const char *path, const char *what, size_t at, const char *format, ...) {
    char text[512];
    va_list args;
    if (++problems > SHOWN_MAX) return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    print_error("%s, %s at %zu: %s\n", path, what, at, text);
}

static void run(const char *path, weft_bytes_t bytes, const char *what, size_t at) {
    survival_t survival;
    clock_t start = clock();
    char *wrong = survive(bytes, &survival);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (wrong) problem(path, what, at, "%s", wrong);
    if (survival.used > USED_FLOOR + USED_PER_BYTE * bytes.len)
        problem(path, what, at, "%zu bytes of memory for %zu", survival.used, bytes.len);
    if (seconds > (double)SECONDS_MAX) problem(path, what, at, "%.1f s", seconds);
    free(wrong);
    runs++;
    for (int step = 0; step < STEP_COUNT; step++) succeeded[step] += survival.done[step];
}

/* A block of exactly this size, so that the sanitizer sees a read behind it. */
static void run_cut(const char *path, weft_bytes_t bytes, size_t length) {
    uint8_t *part = malloc(length ? length : 1);
    assert_non_null(part);
    memcpy(part, bytes.ptr, length);
    run(path, (weft_bytes_t){part, length}, "cut", length);
    free(part);
}

static void cut(const char *path, weft_bytes_t bytes) {
    if (bytes.len <= SMALL) {
        for (size_t length = 0; length <= bytes.len; length++) run_cut(path, bytes, length);
        return;
    }
    size_t samples = bytes.len < LARGE ? 200 : 3;
    for (size_t i = 0; i < samples; i++) run_cut(path, bytes, draw(bytes.len));
    run_cut(path, bytes, bytes.len);
}

static void run_changed(const char *path, weft_bytes_t bytes, size_t at, uint8_t value) {
    uint8_t *byte = (uint8_t *)(uintptr_t)bytes.ptr + at, old = *byte;
    *byte = value;
    run(path, bytes, "changed", at);
    *byte = old;
}

static void change(const char *path, weft_bytes_t bytes) {
    if (bytes.len <= 600) {
        for (size_t at = 8; at < bytes.len; at++) {
            const uint8_t old = bytes.ptr[at];
            const uint8_t values[] = {0x00, old ^ 0x80, (uint8_t)(old + 1)};
            for (size_t i = 0; i < sizeof values; i++) run_changed(path, bytes, at, values[i]);
        }
        return;
    }
    size_t samples = bytes.len < SMALL ? 120 : bytes.len < LARGE ? 60 : 4;
    for (size_t i = 0; i < samples; i++)
        run_changed(path, bytes, (size_t)draw(bytes.len), (uint8_t)draw(256));
}

static void mutate(const char *path, weft_bytes_t bytes) {
    state = UINT64_C(0x9E3779B97F4A7C15) ^ bytes.len;
    cut(path, bytes);
    change(path, bytes);
}

static void mutations_end_in_a_result_or_an_error_with_an_offset(void **unused) {
    (void)unused;
    size_t count = files_each(mutate);
    print_message("%zu files, %zu runs;", count, runs);
    for (int step = 0; step < STEP_COUNT; step++)
        print_message(" %s %zu", survive_step_words((step_t)step), succeeded[step]);
    print_message("\n");
    assert_int_equal(problems, 0);
    assert_true(succeeded[STEP_AGAIN] > 0 && succeeded[STEP_READ] < runs);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutations_end_in_a_result_or_an_error_with_an_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
