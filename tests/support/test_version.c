/* Which versions of an interface go together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/version.h"

static bool compatible(const char *a, const char *b) {
    bool there = weft_version_compatible(weft_str(a), weft_str(b));
    assert_int_equal(there, weft_version_compatible(weft_str(b), weft_str(a)));
    return there;
}

static void versions_of_one_track_go_together(void **state) {
    (void)state;
    assert_true(compatible("1.0.0", "1.2.3"));
    assert_true(compatible("0.2.0", "0.2.6"));
    assert_true(compatible("0.0.3", "0.0.3"));
    assert_true(compatible("1", "1.2.3"));
    assert_true(compatible("0.2", "0.2.6"));
    assert_true(compatible("0.3.0-rc.1", "0.3.0-rc.1"));
    assert_true(compatible("", ""));
}

static void versions_of_different_tracks_do_not(void **state) {
    (void)state;
    assert_false(compatible("1.0.0", "2.0.0"));
    assert_false(compatible("0.1.0", "0.2.0"));
    assert_false(compatible("0.0.3", "0.0.4"));
    assert_false(compatible("0.1.0", "1.1.0"));
    assert_false(compatible("0.3.0-rc.1", "0.3.0-rc.2"));
    assert_false(compatible("0.3.0-rc.1", "0.3.0"));
    assert_false(compatible("", "1.0.0"));
    assert_false(compatible("x", "y"));
}

static void a_number_in_a_pre_release_has_no_leading_zero(void **state) {
    (void)state;
    version_t version;
    assert_true(weft_version_parse(weft_str("1.2.3-0.10.a01+007"), false, &version));
    assert_false(weft_version_parse(weft_str("1.2.3-01"), false, &version));
    assert_false(weft_version_parse(weft_str("1.2.3-rc.00"), false, &version));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_of_one_track_go_together),
        cmocka_unit_test(versions_of_different_tracks_do_not),
        cmocka_unit_test(a_number_in_a_pre_release_has_no_leading_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
