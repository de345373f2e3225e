/* Errors as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/findings.h"

static void assert_renders(weft_error_t *error, const char *expected) {
    char *text;
    assert_null(weft_error_render(error, &text));
    assert_string_equal(text, expected);
    weft_free(text);
    weft_error_delete(error);
}

static weft_error_t *at(uint32_t column, const char *line) {
    return weft_error_with_file(
        weft_error_in_text(WEFT_MALFORMED, 3, column, weft_str(line), "this is wrong"),
        weft_str("a.yaml"));
}

static void a_caret_stands_under_the_column(void **state) {
    (void)state;
    assert_renders(at(5, "key: value"), "weft: a.yaml:3:5: this is wrong\n"
                                        "  key: value\n"
                                        "      ^\n");
    assert_renders(at(1, "key: value"), "weft: a.yaml:3:1: this is wrong\n"
                                        "  key: value\n"
                                        "  ^\n");
    assert_renders(at(99, "end"), "weft: a.yaml:3:99: this is wrong\n"
                                  "  end\n"
                                  "     ^\n");
}

static void columns_count_characters_and_tabs_stay(void **state) {
    (void)state;
    assert_renders(at(4, "\t\xc3\xa4\xe2\x82\xac"
                         "x"),
                   "weft: a.yaml:3:4: this is wrong\n"
                   "  \t\xc3\xa4\xe2\x82\xac"
                   "x\n"
                   "  \t  ^\n");
}

static void a_long_line_is_cut_around_the_column(void **state) {
    (void)state;
    char line[301] = {0};
    for (int i = 0; i < 300; i++) line[i] = (char)('0' + i % 10);
    assert_renders(
        at(150, line),
        "weft: a.yaml:3:150: this is wrong\n"
        "  ...1234567890123456789012345678901234567890123456789012345678901234567890123456...\n"
        "                                           ^\n");
    assert_renders(
        at(2, line),
        "weft: a.yaml:3:2: this is wrong\n"
        "  0123456789012345678901234567890123456789012345678901234567890123456789012345...\n"
        "   ^\n");
    assert_renders(
        at(300, line),
        "weft: a.yaml:3:300: this is wrong\n"
        "  ...4567890123456789012345678901234567890123456789012345678901234567890123456789\n"
        "                                                                                ^\n");
}

static void what_a_terminal_would_obey_is_escaped(void **state) {
    (void)state;
    weft_error_t *error = weft_error_new(WEFT_INVALID, "the name '\033[31m\xff' is bad");
    assert_renders(weft_error_with_note(error, "two\nlines"),
                   "weft: the name '\\x1b[31m\\xff' is bad\n"
                   "note: two\n"
                   "      lines\n");
    assert_renders(at(8, "\033[2Jxyz"), "weft: a.yaml:3:8: this is wrong\n"
                                        "  \\x1b[2Jxyz\n"
                                        "            ^\n");
}

static void errors_of_several_lines_are_set_apart(void **state) {
    (void)state;
    weft_error_t *list = NULL;
    list = weft_error_join(list, weft_error_new(WEFT_INVALID, "one"));
    list = weft_error_join(list, weft_error_at(WEFT_MALFORMED, 31, "two"));
    list =
        weft_error_join(list, weft_error_with_help(weft_error_new(WEFT_INVALID, "three"), "try"));
    list = weft_error_join(list, weft_error_new(WEFT_INVALID, "four"));
    assert_renders(weft_error_with_file(list, weft_str("f")), "weft: f: one\n"
                                                              "weft: f: two (at offset 0x1f)\n"
                                                              "\n"
                                                              "weft: f: three\n"
                                                              "help: try\n"
                                                              "\n"
                                                              "weft: f: four\n");
}

static void an_error_takes_what_another_says_beside_its_message(void **state) {
    (void)state;
    weft_error_t *from = weft_error_with_note(weft_error_new(WEFT_INVALID, "inner"), "a");
    from = weft_error_with_help(weft_error_with_note(from, "b"), "from inside");
    weft_error_t *error = weft_error_with_note(weft_error_new(WEFT_INVALID, "outer"), "first");
    assert_renders(weft_error_take_notes(error, from), "weft: outer\n"
                                                       "note: first\n"
                                                       "note: a\n"
                                                       "note: b\n"
                                                       "help: from inside\n");
}

static void an_error_because_of_another_keeps_its_own_help(void **state) {
    (void)state;
    weft_error_t *reason = weft_error_with_note(weft_error_new(WEFT_INVALID, "inner"), "a");
    reason = weft_error_with_help(reason, "from inside");
    weft_error_t *error = weft_error_with_help(weft_error_new(WEFT_INVALID, "outer"), "do that");
    assert_renders(weft_error_because(error, reason), "weft: outer\n"
                                                      "note: inner\n"
                                                      "note: a\n"
                                                      "help: do that\n");
    assert_renders(weft_error_because(weft_error_new(WEFT_INVALID, "outer"), weft_error_oom()),
                   "weft: outer\nnote: out of memory\n");
    assert_ptr_equal(weft_error_because(weft_error_oom(), weft_error_new(WEFT_INVALID, "inner")),
                     weft_error_oom());
    assert_renders(weft_error_because(weft_error_new(WEFT_INVALID, "outer"), NULL),
                   "weft: outer\n");
}

static weft_error_t *noted(const char *message, const char *note) {
    return weft_error_with_note(at(1, message), "%s", note);
}

static void what_is_found_twice_is_said_once(void **state) {
    (void)state;
    findings_t findings = {0};
    weft_findings_add(&findings, noted("x", "a"));
    weft_findings_add(&findings, noted("x", "a"));
    weft_findings_add(&findings, noted("x", "b"));
    weft_findings_add(&findings, weft_error_with_help(noted("x", "a"), "do that"));
    weft_findings_add(&findings, at(2, "x"));
    weft_findings_add(&findings, at(2, "x"));
    size_t count = 0;
    weft_error_t *list = weft_findings_take(&findings);
    for (const weft_error_t *error = list; error; error = weft_error_next(error)) count++;
    assert_int_equal(count, 4);
    weft_error_delete(list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caret_stands_under_the_column),
        cmocka_unit_test(columns_count_characters_and_tabs_stay),
        cmocka_unit_test(a_long_line_is_cut_around_the_column),
        cmocka_unit_test(what_a_terminal_would_obey_is_escaped),
        cmocka_unit_test(errors_of_several_lines_are_set_apart),
        cmocka_unit_test(an_error_takes_what_another_says_beside_its_message),
        cmocka_unit_test(an_error_because_of_another_keeps_its_own_help),
        cmocka_unit_test(what_is_found_twice_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
