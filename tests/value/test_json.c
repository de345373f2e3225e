/* Values as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/alloc.h"
#include "value/json.h"
#include "value/type_text.h"

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

typedef struct vector {
    const char *type, *text, *out;
} vector_t;

static void json_is_read_and_written(void **state) {
    (void)state;
    static const vector_t vectors[] = {
        {"bool", "true", "true"},
        {"s8", "-128", "-128"},
        {"u64", "9007199254740991", "9007199254740991"},
        {"u64", "9007199254740992", "\"9007199254740992\""},
        {"u64", "\"18446744073709551615\"", "\"18446744073709551615\""},
        {"s64", "-9223372036854775808", "\"-9223372036854775808\""},
        {"f64", "0.1", "0.1"},
        {"f64", "3", "3"},
        {"list<f32>", "[1.5, \"nan\", \"-inf\"]", "[1.5,\"nan\",\"-inf\"]"},
        {"char", "\"☃\"", "\"☃\""},
        {"string", "\"a\\\"\\\\\\n\\u0001\\u0000\\u00e9\"", "\"a\\\"\\\\\\n\\u0001\\u0000é\""},
        {"list<u8>", "[1, 2]", "[1,2]"},
        {"list<u16, 2>", "[1, 2]", "[1,2]"},
        {"tuple<u8, string>", "[1, \"a\"]", "[1,\"a\"]"},
        {"record{a: u8, b: option<u8>}", "{\"b\": null, \"a\": 1}", "{\"a\":1,\"b\":null}"},
        {"record{a: u8, b: option<u8>}", "{\"a\": 1}", "{\"a\":1,\"b\":null}"},
        {"record{a: u8, b: option<u8>}", "{\"a\": 1, \"b\": 2}", "{\"a\":1,\"b\":2}"},
        {"option<option<u8>>", "{\"some\": null}", "{\"some\":null}"},
        {"option<option<u8>>", "{\"some\": 1}", "{\"some\":1}"},
        {"option<option<u8>>", "null", "null"},
        {"result<u8, string>", "{\"ok\": 1}", "{\"ok\":1}"},
        {"result<_, string>", "{\"ok\": null}", "{\"ok\":null}"},
        {"result<_, string>", "{\"err\": \"x\"}", "{\"err\":\"x\"}"},
        {"variant{a, b(u8)}", "\"a\"", "\"a\""},
        {"variant{a, b(u8)}", "{\"b\": 1}", "{\"b\":1}"},
        {"enum{a, b}", "\"b\"", "\"b\""},
        {"flags{r, w, x}", "[\"x\", \"r\"]", "[\"r\",\"x\"]"},
        {"map<string, u8>", "{\"k\": 1, \"a\": 2}", "{\"k\":1,\"a\":2}"},
        {"map<u8, bool>", "[[1, true]]", "[[1,true]]"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const type_t *type = type_of(pool, vectors[i].type);
        weft_value_t value;
        weft_error_t *error = weft_json_read(weft_str(vectors[i].text), type, &value);
        if (error) fail_msg("%s: %s", vectors[i].text, rendered(error));
        assert_null(weft_value_check(&value, type));
        buf_t out = {0};
        weft_json_write(&out, type, &value);
        weft_buf_byte(&out, 0);
        assert_string_equal((const char *)out.data, vectors[i].out);
        weft_buf_free(&out);
        weft_value_clear(&value);
    }
}

static void wrong_json_is_refused_with_its_place(void **state) {
    (void)state;
    static const struct {
        const char *type, *text;
        int column;
        const char *message;
    } vectors[] = {
        {"u8", "256", 1, "expected a whole number in its range (u8), found a number"},
        {"u8", " 1.0", 2, "expected a whole number in its range (u8), found a fraction"},
        {"u8", "\"x\"", 1, "expected a whole number in its range (u8), found a string"},
        {"char", "\"ab\"", 1, "expected a string of one character (char), found a string"},
        {"record{items: list<record{name: string}>}",
         "{\"items\": [{\"name\": \"a\"}, {\"name\": 3}]}", 36,
         "expected a string (string), found a number"},
        {"record{it: list<record{name: string}>, b: u8}",
         "{\"b\": 1, \"\\u0069t\": [ {\"name\":\"]}\\\\\\\"\" } , {\"n\\u0061me\" : [] } ]}", 59,
         "expected a string (string), found an array"},
        {"list<string>", "[\"ä\", \"☃\", 3]", 12, "expected a string (string), found a number"},
        {"map<u8, bool>", "[[1, true], [2, 3]]", 17,
         "expected true or false (bool), found a number"},
        {"map<u8, bool>", "[[1, true], [2]]", 13,
         "expected a pair [key, value] (map<u8, bool>), found an array"},
        {"map<string, bool>", "{\"k\": 1}", 7, "expected true or false (bool), found a number"},
        {"list<list<u8>>", "[[], [1, -1]]", 10,
         "expected a whole number in its range (u8), found a number"},
        {"tuple<u8, result<u8>>", "[1, {\"ok\": \"\"}]", 12,
         "expected a whole number in its range (u8), found a string"},
        {"option<option<u8>>", "{\"some\": \"\"}", 10,
         "expected a whole number in its range (u8), found a string"},
        {"record{a: u8}", "{}", 1, "there is no field `a`"},
        {"list<record{a: u8}>", "[{\"a\": 1}, { }]", 12, "there is no field `a`"},
        {"record{a: u8}", "{\"a\": 1, \"b\": 2}", 10, "the record has no field `b`"},
        {"list<u8, 2>", "[1]", 1, "expected an array of that length (list<u8, 2>), found an array"},
        {"tuple<u8>", "[1, 2]", 1,
         "expected an array of as many elements (tuple<u8>), found an array"},
        {"variant{a, b(u8)}", "\"b\"", 1, "the payload is missing of the case `b`"},
        {"variant{a, b(u8)}", "{\"a\": 1}", 7, "there is no payload in the case `a`"},
        {"variant{a, b(u8)}", "\"c\"", 1, "there is no case `c`"},
        {"enum{a}", "\"c\"", 1, "there is no case `c`"},
        {"flags{a}", "[\"a\", \"c\"]", 7, "there is no flag `c`"},
        {"list<own<r>>", "[1]", 2,
         "handles, streams, futures and error contexts cannot be read from JSON"},
        {"u8", "{", 2, "string or '}' expected near end of file"},
        {"record{a: u8}", "{\"a\": 1, \"a\": 2}", 12, "duplicate object key near '\"a\"'"},
        {"u8", "1 2", 3, "end of file expected near '2'"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        weft_value_t value;
        char expected[512];
        snprintf(expected, sizeof expected, "weft: 1:%d: %s\n  %s\n  %*s^\n", vectors[i].column,
                 vectors[i].message, vectors[i].text, vectors[i].column - 1, "");
        char *text = rendered(
            weft_json_read(weft_str(vectors[i].text), type_of(pool, vectors[i].type), &value));
        assert_string_equal(text, expected);
        weft_free(text);
    }
}

static void a_reader_that_finds_no_memory_leaves_nothing_behind(void **state) {
    (void)state;
    static const char text[] =
        "{\"a\": [\"x\", \"y\"], \"b\": {\"big\": [1, 2]}, \"c\": [[1.5, \"x\"], "
        "\"text\"], \"d\": {\"k\": [\"r\"]}, \"e\": {\"ok\": 1}}";
    const type_t *type =
        type_of(pool, "record{a: list<string>, b: option<variant{big(list<u8>)}>, c: "
                      "tuple<tuple<f64, char>, string>, d: map<string, flags{r}>, e: result<u8>}");
    weft_value_t value;
    for (size_t n = 1;; n++) {
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_json_read(weft_str(text), type, &value);
        weft_alloc_fail_after(0);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
    weft_value_clear(&value);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_read_and_written),
        cmocka_unit_test(wrong_json_is_refused_with_its_place),
        cmocka_unit_test(a_reader_that_finds_no_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("value/json", tests, make_pool, delete_pool);
}
