/* Value trees: ownership, copies, equality, the check against a type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/alloc.h"
#include "value/type_text.h"
#include "value/value.h"

static type_pool_t *pool;

static int make_pool(void **state) {
    (void)state;
    return weft_type_pool_new(&pool) ? 1 : 0;
}

static int delete_pool(void **state) {
    (void)state;
    weft_type_pool_delete(pool);
    return 0;
}

/* A borrowed tree with one of everything that owns memory. */
static weft_value_t sample(void) {
    static weft_value_t inner, item[2], entry[2], fields[5];
    inner = weft_string("payload");
    item[0] = weft_string("a");
    item[1] = weft_string("");
    entry[0] = weft_string("key");
    entry[1] = weft_u32(1);
    fields[0] = weft_list(item, 2);
    fields[1] = weft_map(entry, 1);
    fields[2] = weft_variant(3, &inner);
    fields[3] = weft_byte_list("\1\2\3", 3);
    fields[4] = weft_none();
    return weft_record(fields, 5);
}

static void copies_are_equal_and_independent(void **state) {
    (void)state;
    weft_value_t value = sample(), copy, again;
    assert_null(weft_value_copy(&value, &copy));
    assert_false(copy.borrowed);
    assert_true(weft_value_equal(&value, &copy));
    assert_null(weft_value_copy(&copy, &again));
    weft_value_clear(&copy);
    assert_true(weft_value_equal(&value, &again));
    weft_value_clear(&again);
    weft_value_clear(&value); /* borrowed: frees nothing */
    weft_value_clear(NULL);
}

static void a_copy_that_finds_no_memory_leaves_nothing_behind(void **state) {
    (void)state;
    weft_value_t value = sample(), copy;
    for (size_t n = 1;; n++) {
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_value_copy(&value, &copy);
        weft_alloc_fail_after(0);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
    weft_value_clear(&copy);
}

static void equality_looks_at_bits_and_content(void **state) {
    (void)state;
    float nan = 0.0f / 0.0f;
    weft_value_t u8s[2] = {weft_u8(7), weft_u8(8)};
    weft_value_t one = weft_u32(1), two = weft_u32(2);
    const struct {
        weft_value_t a, b;
        bool equal;
    } cases[] = {
        {weft_u32(1), weft_u32(1), true},
        {weft_u32(1), weft_s32(1), false},
        {weft_u64(1), weft_u64(UINT64_C(1) << 32 | 1), false},
        {weft_f32(nan), weft_f32(nan), true},
        {weft_f64(0.0), weft_f64(-0.0), false},
        {weft_string("a"), weft_string("a"), true},
        {weft_string("a"), weft_string("b"), false},
        {weft_list(u8s, 2), weft_byte_list("\7\10", 2), true},
        {weft_byte_list("\7\10", 2), weft_list(u8s, 2), true},
        {weft_byte_list("\7", 1), weft_list(u8s, 2), false},
        {weft_list(&one, 1), weft_byte_list("\1", 1), false},
        {weft_tuple(&one, 1), weft_record(&one, 1), false},
        {weft_some(&one), weft_some(&one), true},
        {weft_some(&one), weft_some(&two), false},
        {weft_some(&one), weft_none(), false},
        {weft_ok(NULL), weft_err(NULL), false},
        {weft_ok(NULL), weft_ok(&one), false},
        {weft_enum(1), weft_enum(1), true},
        {weft_flags(5), weft_flags(4), false},
        {weft_char('x'), weft_char('x'), true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(weft_value_equal(&cases[i].a, &cases[i].b), cases[i].equal);
}

static size_t dropped;

static void count_drop(weft_resource_t *resource) {
    (void)resource;
    dropped++;
}

static void a_handle_is_dropped_with_its_last_value(void **state) {
    (void)state;
    weft_resource_t resource = {1, count_drop, STR_LIT("conn"), 1};
    weft_value_t value = {.kind = WEFT_RESOURCE, .of.resource = &resource}, copy;
    dropped = 0;
    assert_null(weft_value_copy(&value, &copy));
    assert_true(weft_value_equal(&value, &copy));
    weft_value_clear(&value);
    assert_int_equal(dropped, 0);
    weft_value_clear(&copy);
    assert_int_equal(dropped, 1);
}

static void values_are_checked_against_their_type(void **state) {
    (void)state;
    weft_value_t bad_utf8 = weft_string("\xff"), one = weft_u32(1), yes = weft_bool(true);
    weft_value_t pair[2] = {weft_u32(1), weft_string_of((weft_str_t){"\xc3\x28", 2})};
    weft_value_t three[3] = {one, one, one};
    const struct {
        const char *type;
        weft_value_t value;
        const char *error; /* NULL: fits */
    } cases[] = {
        {"u32", weft_u32(1), NULL},
        {"u32", weft_s32(1), "weft: a value of another kind\nnote: the type is u32\n"},
        {"char", weft_char(0x10FFFF), NULL},
        {"char", weft_char(0xD800),
         "weft: a char that is no Unicode scalar value\nnote: the type is char\n"},
        {"string", bad_utf8, "weft: a string that is not UTF-8\nnote: the type is string\n"},
        {"record{n: u32, name: string}", weft_record(pair, 2),
         "weft: at .name: a string that is not UTF-8\nnote: the type is string\n"},
        {"record{n: u32}", weft_record(pair, 2),
         "weft: another number of fields\nnote: the type is record { n: u32 }\n"},
        {"list<string>", weft_list(pair, 2),
         "weft: at [0]: a value of another kind\nnote: the type is string\n"},
        {"list<u8>", weft_byte_list("ab", 2), NULL},
        {"list<u16>", weft_byte_list("ab", 2),
         "weft: a value of another kind\nnote: the type is list<u16>\n"},
        {"list<u8, 3>", weft_byte_list("ab", 2),
         "weft: a list of another length\nnote: the type is list<u8, 3>\n"},
        {"map<u32, u32>", weft_map(three, 1), NULL},
        {"map<u32, u32>", weft_items_(WEFT_MAP, three, 3),
         "weft: a map with a key but no value\nnote: the type is map<u32, u32>\n"},
        {"variant{a, b(u32)}", weft_variant(1, &one), NULL},
        {"variant{a, b(u32)}", weft_variant(1, &yes),
         "weft: at .b: a value of another kind\nnote: the type is u32\n"},
        {"variant{a, b(u32)}", weft_variant(0, &one),
         "weft: a payload where there is none\nnote: the type is variant { a, b(u32) }\n"},
        {"variant{a, b(u32)}", weft_variant(1, NULL),
         "weft: a case without its payload\nnote: the type is variant { a, b(u32) }\n"},
        {"variant{a, b(u32)}", weft_variant(2, NULL),
         "weft: a case that the type does not have\nnote: the type is variant { a, b(u32) }\n"},
        {"enum{a, b}", weft_enum(2),
         "weft: a case that the type does not have\nnote: the type is enum { a, b }\n"},
        {"flags{a, b}", weft_flags(3), NULL},
        {"flags{a, b}", weft_flags(4),
         "weft: a flag that the type does not have\nnote: the type is flags { a, b }\n"},
        {"option<u32>", weft_some(&one), NULL},
        {"result<_, u32>", weft_ok(NULL), NULL},
        {"result<_, u32>", weft_err(&yes),
         "weft: at .err: a value of another kind\nnote: the type is u32\n"},
        {"option<future<u8>>", weft_some(&one),
         "weft: at .some: values of this type cannot pass between host and guest\n"
         "note: the type is future<u8>\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        weft_error_t *error = weft_value_check(&cases[i].value, type_of(pool, cases[i].type));
        if (!cases[i].error) {
            assert_null(error);
            continue;
        }
        char *text = rendered(error);
        assert_string_equal(text, cases[i].error);
        weft_free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_equal_and_independent),
        cmocka_unit_test(a_copy_that_finds_no_memory_leaves_nothing_behind),
        cmocka_unit_test(equality_looks_at_bits_and_content),
        cmocka_unit_test(a_handle_is_dropped_with_its_last_value),
        cmocka_unit_test(values_are_checked_against_their_type),
    };
    return cmocka_run_group_tests_name("value/value", tests, make_pool, delete_pool);
}
