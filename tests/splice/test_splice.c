/* A whole splice in memory: what it leaves alone, and that it survives lack of memory at any point. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "splice/splice.h"
#include "splice/wac.h"
#include "support/alloc.h"
#include "support/file.h"

/* Files that stay open for the whole program, so that opening them allocates nothing. */
static file_t steps, recorder, doubler, asker;

static void open_guest(const char *name, file_t *file) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", getenv("WEFT_TESTS_DIR"), name);
    assert_null(weft_file_open(path, file));
}

static int open_all(void **state) {
    (void)state;
    char path[1024];
    open_guest("guests/recorder.wasm", &recorder);
    open_guest("guests/step-double.wasm", &doubler);
    open_guest("guests/step-asker.wasm", &asker);
    snprintf(path, sizeof path, "%s/compositions/steps.wasm", getenv("WEFT_CORPUS_DIR"));
    assert_null(weft_file_open(path, &steps));
    return 0;
}

static int close_all(void **state) {
    (void)state;
    weft_file_close(&recorder);
    weft_file_close(&doubler);
    weft_file_close(&asker);
    weft_file_close(&steps);
    return 0;
}

static weft_error_t *open_middleware(void *context, const char *path, weft_bytes_t *bytes) {
    (void)context;
    *bytes = strstr(path, "double")  ? doubler.bytes
             : strstr(path, "asker") ? asker.bytes
                                     : recorder.bytes;
    return NULL;
}

/* The rules file's name leads beside the guests, so that the paths in it exist. */
static weft_str_t rules_name(void) {
    static char name[1024];
    snprintf(name, sizeof name, "%s/guests/rules.yaml", getenv("WEFT_TESTS_DIR"));
    return weft_str(name);
}

static const char rules[] = "version: 1\n"
                            "rules:\n"
                            "  - before: { interface: t:chain/step }\n"
                            "    inject:\n"
                            "      - { name: spy, path: recorder.wasm }\n"
                            "      - { name: double, path: step-double.wasm }\n"
                            "  - before: { interface: t:nothing/here }\n"
                            "    inject: [{ name: more, path: recorder.wasm }]\n"
                            "  - between: { interface: t:chain/step, outer: outer, inner: inner }\n"
                            "    inject:\n"
                            "      - { name: ask, path: step-asker.wasm, wire: { step: step } }\n"
                            "  - on-node: { name: ask, direction: out }\n"
                            "    inject: [{ name: two, path: step-double.wasm }]\n";

static weft_error_t *splice_all(const char *text, pieces_t *pieces, wac_t *wac) {
    const splice_options_t options = {.plan = {.need_files = true},
                                      .opener = {open_middleware, NULL}};
    document_t *document = NULL;
    splice_t splice = {0};
    weft_error_t *error = weft_document_read(steps.bytes, &document);
    if (!error)
        error = weft_splice_plan(rules_name(), weft_str(text), document, weft_str("steps"),
                                 &options, &splice);
    if (!error) error = weft_splice_apply(&splice);
    weft_error_delete(weft_splice_take_warnings(&splice));
    if (!error) error = weft_document_write(document, pieces);
    if (!error && wac) error = weft_wac_make(document, weft_str("a:b"), NULL, 0, wac);
    if (error) weft_pieces_free(pieces);
    weft_splice_free(&splice);
    weft_document_delete(document);
    return error;
}

static void splice_survives_lack_of_memory(void **state) {
    (void)state;
    size_t before = weft_alloc_count();
    pieces_t pieces = {0};
    wac_t wac = {0};
    assert_null(splice_all(rules, &pieces, &wac));
    weft_pieces_free(&pieces);
    weft_wac_free(&wac);
    size_t count = weft_alloc_count() - before;
    for (size_t n = 1; n < count; n += 1 + n / 40) {
        weft_alloc_fail_after(n);
        weft_error_t *error = splice_all(rules, &pieces, &wac);
        weft_alloc_fail_after(0);
        if (error) assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        else weft_pieces_free(&pieces);
        weft_wac_free(&wac);
        weft_error_delete(error);
    }
}

static void splice_without_matches_changes_nothing(void **state) {
    (void)state;
    pieces_t pieces = {0};
    assert_null(splice_all("version: 1\nrules: []\n", &pieces, NULL));
    assert_int_equal(pieces.count, 1);
    assert_ptr_equal(pieces.items[0].ptr, steps.bytes.ptr);
    assert_int_equal(pieces.items[0].len, steps.bytes.len);
    weft_pieces_free(&pieces);
}

static void splice_gives_the_same_bytes_each_time(void **state) {
    (void)state;
    pieces_t one = {0}, two = {0};
    assert_null(splice_all(rules, &one, NULL));
    assert_null(splice_all(rules, &two, NULL));
    assert_int_equal(one.count, two.count);
    for (size_t i = 0; i < one.count; i++) {
        assert_int_equal(one.items[i].len, two.items[i].len);
        assert_memory_equal(one.items[i].ptr, two.items[i].ptr, one.items[i].len);
    }
    weft_pieces_free(&one);
    weft_pieces_free(&two);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splice_without_matches_changes_nothing),
        cmocka_unit_test(splice_gives_the_same_bytes_each_time),
        cmocka_unit_test(splice_survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
