/* WAVE text. Which texts are taken and which are refused follows the reference implementation's own
 * test vectors; the messages are weft's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/alloc.h"
#include "value/type_text.h"
#include "value/wave.h"

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
    const char *type, *text;
    const char *out; /* what comes out when it is written again (NULL: only the round trip is looked
                        at), or the rendered error */
} vector_t;

static void assert_written(const vector_t *vector) {
    const type_t *type = type_of(pool, vector->type);
    weft_value_t value;
    weft_error_t *error = weft_wave_read(weft_str(vector->text), type, &value);
    if (error) fail_msg("%s: %s", vector->text, rendered(error));
    assert_null(weft_value_check(&value, type));
    buf_t out = {0};
    weft_wave_write(&out, type, &value);
    weft_buf_byte(&out, 0);
    assert_false(out.failed);
    if (vector->out) assert_string_equal((const char *)out.data, vector->out);

    /* What was written reads as the same value. */
    weft_value_t again;
    assert_null(weft_wave_read(weft_str((const char *)out.data), type, &again));
    assert_true(weft_value_equal(&value, &again));
    weft_value_clear(&again);
    weft_value_clear(&value);
    weft_buf_free(&out);
}

static void assert_refused(const vector_t *vector) {
    weft_value_t value;
    weft_error_t *error =
        weft_wave_read(weft_str(vector->text), type_of(pool, vector->type), &value);
    if (!error) fail_msg("accepted: %s", vector->text);
    char *text = rendered(error);
    assert_string_equal(text, vector->out);
    weft_free(text);
}

#define ALL(vectors, check)                                                                        \
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) check(&vectors[i])

static void reads_and_writes_primitives(void **state) {
    (void)state;
    static const vector_t vectors[] = {
        {"bool", "true", "true"},
        {"bool", "false", "false"},
        {"s8", "-128", "-128"},
        {"s8", "-0", "0"},
        {"u8", "255", "255"},
        {"s16", "-32768", "-32768"},
        {"u16", "65535", "65535"},
        {"s32", "-2147483648", "-2147483648"},
        {"u32", "4294967295", "4294967295"},
        {"s64", "-9223372036854775808", "-9223372036854775808"},
        {"s64", "9223372036854775807", "9223372036854775807"},
        {"u64", "18446744073709551615", "18446744073709551615"},
        {"list<f32>", "[0, 0.0, 0e0, 0.0e0, 0e-1, 0e+1, 0.000e100]", "[0, 0, 0, 0, 0, 0, 0]"},
        {"list<f32>", "[-3.1415, -100000, -0.0e-0]", "[-3.1415, -100000, -0]"},
        {"list<f64>", "[nan, inf, -inf]", "[nan, inf, -inf]"},
        {"f32", "3.4028234664e38", "340282350000000000000000000000000000000"},
        {"f32", "3.4028234664123e38", "340282350000000000000000000000000000000"},
        {"f32", "3.4028234664e39", "inf"},
        {"f32", "1.4012984643e-45", "0.000000000000000000000000000000000000000000001"},
        {"f32", "1.4012984643e-46", "0"},
        {"f32", "16777217", "16777216"},
        {"f64", "0.1", "0.1"},
        {"f64", "6.022e+23", "602200000000000000000000"},
        {"f64", "12.5", "12.5"},
        {"f64", "1e999", "inf"},
        {"f64", "1.5e-30", "0.0000000000000000000000000000015"},
        {"list<f64>", "[5e-324, 2.2250738585072014e-308, 1.7976931348623157e308]", NULL},
        {"list<char>", "['W', 'A', 'V', 'E', '🌊']", "['W', 'A', 'V', 'E', '🌊']"},
        {"list<char>", "['\\\\', '\\'', '\\\"', '\\t', '\\n', '\\r']",
         "['\\\\', '\\'', '\"', '\\t', '\\n', '\\r']"},
        {"list<char>", "['\\u{0}', '\\u{000000}']", "['\\u{0}', '\\u{0}']"},
        {"list<char>", "['☃', '\\u{2603}', '\\u{002603}']", "['☃', '☃', '☃']"},
        {"list<char>", "['\"', '\\\"', '\\u{22}']", "['\"', '\"', '\"']"},
        {"list<char>", "['\\u{10ffff}', '\\u{202e}', '\\u{7f}']",
         "['\xf4\x8f\xbf\xbf', '\\u{202e}', '\\u{7f}']"},
        {"bool", " // comment\n true // comment", "true"},
    };
    ALL(vectors, assert_written);
}

static void reads_and_writes_strings(void **state) {
    (void)state;
    static const vector_t vectors[] = {
        {"string", "\"\"", "\"\""},
        {"string", "\"WAVE🌊\"", "\"WAVE🌊\""},
        {"string", "\"\\\\\\'\\\"\\t\\n\\r\"", "\"\\\\'\\\"\\t\\n\\r\""},
        {"string", "\"'\\'\\u{27}\"", "\"'''\""},
        {"string", "\"☃\\u{2603}\\u{002603}\"", "\"☃☃☃\""},
        {"string", "\"not // a comment\"", "\"not // a comment\""},
        {"string", "\"\\u{0}\"", "\"\\u{0}\""},
        {"string", "\"\"\"\n\"\"\"", "\"\""},
        {"string", "\"\"\"\nA single line\n\"\"\"", "\"A single line\""},
        {"string", "\"\"\"\r\nA single line\r\n\"\"\"", "\"A single line\""},
        {"string",
         "\"\"\"\nBreak up double quote sequences: \"\"\\\"\"\nOther escapes work: "
         "\\\\\\'\\\"\\t\\n\\r\\u{2603}\n\"\"\"",
         "\"Break up double quote sequences: \\\"\\\"\\\"\\\"\\nOther escapes work: "
         "\\\\'\\\"\\t\\n\\r☃\""},
        {"string", "\"\"\"\n    Trailing indent\n  determines dedent\n      behavior.\n  \"\"\"",
         "\"  Trailing indent\\ndetermines dedent\\n    behavior.\""},
        {"string", "\"\"\"\n\nEmpty leading and trailing lines are retained\n\n\"\"\"",
         "\"\\nEmpty leading and trailing lines are retained\\n\""},
        {"string", "\"\"\"\n  kept: \\r\n  \"\"\"", "\"kept: \\r\""},
    };
    ALL(vectors, assert_written);
}

static void reads_and_writes_compounds(void **state) {
    (void)state;
#define BASIC "record{required: u8, optional: option<u8>}"
#define ALL_OPTIONAL "record{a: option<u8>, b: option<u8>}"
#define WORDS                                                                                      \
    "record{true: bool, false: bool, some: option<u8>, none: option<u8>, ok: result, err: "        \
    "result, "                                                                                     \
    "inf: f32, nan: f32}"
#define WORD_CASES "variant{true(u8), false, inf(u8), nan, some(u8), none, ok(u8), err}"
    static const vector_t vectors[] = {
        {BASIC, "{ required: 1 }", "{required: 1}"},
        {BASIC, "{ required: 1, optional: none, }", "{required: 1}"},
        {BASIC, "{ optional: none, required: 1 }", "{required: 1}"},
        {BASIC, "{ optional: some(2), required: 1, }", "{required: 1, optional: some(2)}"},
        {BASIC, "{%required: 1, %optional: 2}", "{required: 1, optional: some(2)}"},
        {BASIC,
         "       // comment\n{ // comment\nrequired: 1, // c\noptional: some( // c\n 1 // c\n)}",
         "{required: 1, optional: some(1)}"},
        {ALL_OPTIONAL, "{:}", "{:}"},
        {ALL_OPTIONAL, "{ : }", "{:}"},
        {ALL_OPTIONAL, "{a:none,b:none}", "{:}"},
        {ALL_OPTIONAL, "{b:none,}", "{:}"},
        {ALL_OPTIONAL, "{b:some(2),a:some(1)}", "{a: some(1), b: some(2)}"},
        {WORDS,
         "{true: true, false: false, some: some(1), none: none, ok: ok, err: err, inf: inf, "
         "nan: nan}",
         "{true: true, false: false, some: some(1), ok: ok, err: err, inf: inf, nan: nan}"},
        {"record{color-42-2A-5d: bool}", "{ %color-42-2A-5d: true }", "{color-42-2A-5d: true}"},
        {"flags{read, write}", "{}", "{}"},
        {"flags{read, write}", "{ read, }", "{read}"},
        {"flags{read, write}", "{ write, read }", "{read, write}"},
        {"flags{true, none}", "{none, %true}", "{true, none}"},
        {"enum{left, right}", "left", "left"},
        {"enum{left, right}", "%left", "left"},
        {"enum{true, err}", "%err", "%err"},
        {"list<" WORD_CASES ">", "[%true(1), %false, %inf(1), %nan, %some(1), %none, %ok(1), %err]",
         "[%true(1), %false, %inf(1), %nan, %some(1), %none, %ok(1), %err]"},
        {"variant{empty, body(list<u8>)}", "body([79, 75])", "body([79, 75])"},
        {"variant{empty, body(list<u8>)}", "empty", "empty"},
        {"option<u8>", "123", "some(123)"},
        {"option<u8>", "some ( 123 )", "some(123)"},
        {"option<bool>", "true", "some(true)"},
        {"option<enum{none}>", "none", "none"},
        {"option<option<u8>>", "some(none)", "some(none)"},
        {"option<option<u8>>", "some(1)", "some(some(1))"},
        {"result<u8>", "123", "ok(123)"},
        {"result<u8>", "err", "err"},
        {"result<_, string>", "ok", "ok"},
        {"result<_, string>", "err(\"oops\")", "err(\"oops\")"},
        {"result", "ok", "ok"},
        {"result<result<u8>>", "ok(1)", "ok(ok(1))"},
        {"tuple<u8, string>", "(123, \"abc\",)", "(123, \"abc\")"},
        {"list<char>", "[]", "[]"},
        {"list<string>", "[\"a\",\"b\",]", "[\"a\", \"b\"]"},
        {"list<u8>", "[1,2,3]", "[1, 2, 3]"},
        {"list<u8, 2>", "[1, 2]", "[1, 2]"},
        {"list<u16, 2>", "[1, 2]", "[1, 2]"},
        {"map<string, u8>", "[(\"a\", 1), (\"b\", 2,),]", "[(\"a\", 1), (\"b\", 2)]"},
        {"map<u8, option<string>>", "[(1, none), (2, \"x\")]", "[(1, none), (2, some(\"x\"))]"},
        {"map<string, u8>", "[]", "[]"},
    };
    ALL(vectors, assert_written);
}

static void refuses_wrong_primitives(void **state) {
    (void)state;
    static const vector_t vectors[] = {
        {"bool", "1", "weft: 1:1: expected `true` or `false` (bool), found `1`\n  1\n  ^\n"},
        {"u8", "256", "weft: 1:1: expected a number in its range (u8), found `256`\n  256\n  ^\n"},
        {"u8", "-0", "weft: 1:1: expected a number in its range (u8), found `-0`\n  -0\n  ^\n"},
        {"u8", "1.0", "weft: 1:1: expected a whole number (u8), found `1.0`\n  1.0\n  ^\n"},
        {"u8", "1e2", "weft: 1:1: expected a whole number (u8), found `1e2`\n  1e2\n  ^\n"},
        {"u8", "01", "weft: 1:1: this is not a number\n  01\n  ^\n"},
        {"u8", "0x10", "weft: 1:1: this is not a number\n  0x10\n  ^\n"},
        {"u8", "\"a\"", "weft: 1:1: expected a whole number (u8), found `\"a\"`\n  \"a\"\n  ^\n"},
        {"u8", "", "weft: 1:1: expected a whole number (u8), found the end\n"},
        {"u8", " \n 1 2", "weft: 2:4: expected the end of the value, found `2`\n   1 2\n     ^\n"},
        {"s64", "9223372036854775808",
         "weft: 1:1: expected a number in its range (s64), found `9223372036854775808`\n"
         "  9223372036854775808\n  ^\n"},
        {"u64", "18446744073709551616",
         "weft: 1:1: expected a number in its range (u64), found `18446744073709551616`\n"
         "  18446744073709551616\n  ^\n"},
        {"f32", "-nan", "weft: 1:1: this is not a number\n  -nan\n  ^\n"},
        {"f32", "NaN", "weft: 1:1: expected a number (f32), found `NaN`\n  NaN\n  ^\n"},
        {"f64", "infinity",
         "weft: 1:1: expected a number (f64), found `infinity`\n  infinity\n  ^\n"},
        {"f64", "-infinity", "weft: 1:1: this is not a number\n  -infinity\n  ^\n"},
        {"f64", "1.", "weft: 1:1: this is not a number\n  1.\n  ^\n"},
        {"f64", ".5", "weft: 1:1: unexpected character `.`\n  .5\n  ^\n"},
        {"f64", "1e", "weft: 1:1: this is not a number\n  1e\n  ^\n"},
        {"char", "''", "weft: 1:1: a char may not be empty\n  ''\n  ^\n"},
        {"char", "'ab'", "weft: 1:1: expected one character between single quotes\n  'ab'\n  ^\n"},
        {"char", "'\\n\\n'",
         "weft: 1:1: expected one character between single quotes\n  '\\n\\n'\n  ^\n"},
        {"char", "'''", "weft: 1:2: a quote in a char is written '\\''\n  '''\n   ^\n"},
        {"char", "'\n'", "weft: 1:1: expected one character between single quotes\n  '\n  ^\n"},
        {"char", "'", "weft: 1:1: expected one character between single quotes\n  '\n  ^\n"},
        {"char", "'\\z'",
         "weft: 1:2: unknown escape\n  '\\z'\n   ^\n"
         "help: the escapes are \\\\ \\' \\\" \\t \\n \\r \\u{...}\n"},
#define BAD_U                                                                                      \
    "\\u must be followed by {...} with the one to six hexadecimal digits of a Unicode scalar "    \
    "value"
        {"char", "'\\u{D800}'", "weft: 1:2: " BAD_U "\n  '\\u{D800}'\n   ^\n"},
        {"char", "'\\u{110000}'", "weft: 1:2: " BAD_U "\n  '\\u{110000}'\n   ^\n"},
        {"char", "'\\u{}'", "weft: 1:2: " BAD_U "\n  '\\u{}'\n   ^\n"},
        {"char", "'\\u{x}'", "weft: 1:2: " BAD_U "\n  '\\u{x}'\n   ^\n"},
        {"char", "'\\u{1234567}'", "weft: 1:2: " BAD_U "\n  '\\u{1234567}'\n   ^\n"},
        {"char", "'\\u{1f'", "weft: 1:2: " BAD_U "\n  '\\u{1f'\n   ^\n"},
        {"char", "'\\u1f'", "weft: 1:2: " BAD_U "\n  '\\u1f'\n   ^\n"},
        {"char", "'\\u{41}b'", "weft: 1:8: a char is one character\n  '\\u{41}b'\n         ^\n"},
        {"string", "\"\\u{-1}\"", "weft: 1:2: " BAD_U "\n  \"\\u{-1}\"\n   ^\n"},
        {"string", "\"\\u{ffffffff}\"", "weft: 1:2: " BAD_U "\n  \"\\u{ffffffff}\"\n   ^\n"},
        {"string", "\"", "weft: 1:1: this string has no end\n  \"\n  ^\n"},
        {"string", "\"a\nb\"",
         "weft: 1:1: this string has no end\n  \"a\n  ^\n"
         "help: a string ends on its line: write \\n, or use a multi-line string (\"\"\")\n"},
        {"string", "\"\\\"", "weft: 1:1: this string has no end\n  \"\\\"\n  ^\n"},
        {"string", "\xff", "weft: 1:1: the text is not UTF-8\n"},
        {"string", "\"\"\"\"\"\"",
         "weft: 1:4: the opening \"\"\" must be followed by a line break\n  \"\"\"\"\"\"\n     "
         "^\n"},
        {"string", "\"\"\"\n\"\"", "weft: 1:1: this string has no end (\"\"\")\n  \"\"\"\n  ^\n"},
        {"string", "\"\"\"extra\n\"\"\"",
         "weft: 1:4: the opening \"\"\" must be followed by a line break\n  \"\"\"extra\n     ^\n"},
        {"string", "\"\"\"\nextra\"\"\"",
         "weft: 2:6: the closing \"\"\" must be on a line of its own, behind spaces only\n"
         "  extra\"\"\"\n       ^\n"},
        {"string", "\"\"\"\n a\n  \"\"\"",
         "weft: 2:2: this line must be indented by the 2 spaces that stand before the closing "
         "\"\"\"\n   a\n   ^\n"},
        {"string", "\"\"\"\nInvalid escape: \\j\n\"\"\"",
         "weft: 2:17: unknown escape\n  Invalid escape: \\j\n                  ^\n"
         "help: the escapes are \\\\ \\' \\\" \\t \\n \\r \\u{...}\n"},
    };
    ALL(vectors, assert_refused);
}

static void refuses_wrong_compounds(void **state) {
    (void)state;
    static const vector_t vectors[] = {
        {BASIC, "{ optional: none }",
         "weft: 1:1: the field `required` is missing\n  { optional: none }\n  ^\n"},
        {BASIC, "{ required: 0, required: 0 }",
         "weft: 1:16: the field `required` is given twice\n  { required: 0, required: 0 }\n"
         "                 ^\n"},
        {BASIC, "{ required: 0,, }",
         "weft: 1:15: expected a field (record { required: u8, optional: option<u8> }), found `,`\n"
         "  { required: 0,, }\n                ^\n"},
        {BASIC, "{ required: 0 optional: 1 }",
         "weft: 1:15: expected `,` or `}`, found `optional`\n  { required: 0 optional: 1 }\n"
         "                ^\n"},
        {BASIC, "{ require: 0 }",
         "weft: 1:3: there is no field `require`\n  { require: 0 }\n    ^\n"
         "note: the fields are: required, optional\n"},
        {ALL_OPTIONAL, "{}",
         "weft: 1:2: expected a field (record { a: option<u8>, b: option<u8> }), found `}`\n"
         "  {}\n   ^\n"},
        {"flags{read, write}", "{ read, write, read }",
         "weft: 1:16: the flag `read` is given twice\n  { read, write, read }\n"
         "                 ^\n"},
        {"flags{read, write}", "{ execute }",
         "weft: 1:3: there is no flag `execute`\n  { execute }\n    ^\n"
         "note: the flags are: read, write\n"},
        {"enum{true, left}", "true",
         "weft: 1:1: `true` is a keyword, not a case\n  true\n  ^\n"
         "help: the case of that name is written %true\n"},
        {"enum{true, left}", "right",
         "weft: 1:1: there is no case `right`\n  right\n  ^\nnote: the cases are: %true, left\n"},
        {"variant{some(u8)}", "some(1)",
         "weft: 1:1: `some` is a keyword, not a case\n  some(1)\n  ^\n"
         "help: the case of that name is written %some\n"},
        {"variant{a(u8), b}", "a",
         "weft: 1:2: expected `(` and the case's payload (u8), found the end\n  a\n   ^\n"
         "note: the case `a` has a payload\n"},
        {"variant{a(u8), b}", "b(1)", "weft: 1:2: the case `b` has no payload\n  b(1)\n   ^\n"},
        {"option<u8>", "some",
         "weft: 1:5: expected `(` and the case's payload (u8), found the end\n  some\n      ^\n"
         "note: the case `some` has a payload\n"},
        {"option<u8>", "some()",
         "weft: 1:6: expected a whole number (u8), found `)`\n  some()\n       ^\n"},
        {"option<u8>", "some(some(0))",
         "weft: 1:6: expected a whole number (u8), found `some`\n  some(some(0))\n       ^\n"},
        {"option<u8>", "none(0)",
         "weft: 1:5: the case `none` has no payload\n  none(0)\n      ^\n"},
        {"option<option<u8>>", "1",
         "weft: 1:1: expected `some(...)` or `none` (option<option<u8>>), found `1`\n  1\n  ^\n"},
        {"result<u8>", "ok",
         "weft: 1:3: expected `(` and the case's payload (u8), found the end\n  ok\n    ^\n"
         "note: the case `ok` has a payload\n"},
        {"result<u8>", "err(0)", "weft: 1:4: the case `err` has no payload\n  err(0)\n     ^\n"},
        {"result", "o(0)", "weft: 1:1: expected `ok` or `err` (result), found `o`\n  o(0)\n  ^\n"},
        {"list<string>", "[\"\",,]",
         "weft: 1:5: expected a string in double quotes (string), found `,`\n  [\"\",,]\n      "
         "^\n"},
        {"list<string>", "[)",
         "weft: 1:2: expected a string in double quotes (string), found `)`\n  [)\n   ^\n"},
        {"list<string>", "(]",
         "weft: 1:1: expected a list in `[ ]` (list<string>), found `(`\n"
         "  (]\n  ^\n"},
        {"list<u8, 3>", "[1, 2]", "weft: 1:1: expected 3 elements, found 2\n  [1, 2]\n  ^\n"},
        {"tuple<u8, u8>", "(1)",
         "weft: 1:3: expected another element (u8), found `)`\n  (1)\n    ^\n"},
        {"tuple<u8, u8>", "(1, 2, 3)",
         "weft: 1:8: expected `)` behind 2 elements, found `3`\n  (1, 2, 3)\n         ^\n"},
        {"tuple<u8, u8>", "()", "weft: 1:2: expected an element (u8), found `)`\n  ()\n   ^\n"},
        {"map<string, u8>", "[\"a\"]",
         "weft: 1:2: expected `(` before a key and its value, found `\"a\"`\n  [\"a\"]\n   ^\n"},
        {"own<conn>", "1",
         "weft: 1:1: expected a handle, `$name` (conn), found `1`\n"
         "  1\n  ^\n"},
        {"future<u8>", "1",
         "weft: streams, futures and error contexts cannot be written as text\n"},
    };
    ALL(vectors, assert_refused);
}

/* 101 options around a u8: the type is deeper than what is read. */
static void refuses_types_that_nest_too_deep(void **state) {
    (void)state;
    const type_t *type = weft_type_prim(pool, TYPE_U8);
    weft_value_t value;
    for (int i = 1; i < VALUE_MAX_DEPTH; i++)
        assert_null(weft_type_intern(pool, &(type_t){.kind = TYPE_LIST, .element = type}, &type));
    assert_null(weft_wave_read(weft_str("[]"), type, &value));
    weft_value_clear(&value);
    assert_null(weft_type_intern(pool, &(type_t){.kind = TYPE_LIST, .element = type}, &type));
    char *text = rendered(weft_wave_read(weft_str("[]"), type, &value));
    assert_string_equal(text, "weft: the type nests more than 100 deep\n");
    weft_free(text);
}

/* Labels are found in any order in a type with many. */
static void finds_labels_among_many(void **state) {
    (void)state;
    buf_t type_text = {0}, text = {0};
    weft_buf_printf(&type_text, "record{");
    for (int i = 0; i < 60; i++) weft_buf_printf(&type_text, "f%d: u8,", i);
    weft_buf_printf(&type_text, "}%c", 0);
    weft_buf_printf(&text, "{");
    for (int i = 59; i >= 0; i--) weft_buf_printf(&text, "f%d: %d,", i, i);
    weft_buf_printf(&text, "}");
    weft_value_t value;
    assert_null(
        weft_wave_read(weft_buf_as_str(&text), type_of(pool, (char *)type_text.data), &value));
    for (uint32_t i = 0; i < 60; i++) assert_int_equal(value.of.list.items[i].of.u8, i);
    weft_value_clear(&value);
    weft_buf_free(&type_text);
    weft_buf_free(&text);
}

static void a_reader_that_finds_no_memory_leaves_nothing_behind(void **state) {
    (void)state;
    static const char text[] =
        "{a: [\"x\", \"y\"], b: some(big([1, 2])), c: ((1.5, 'x'), \"\"\"\n  text\n  \"\"\"), d: "
        "[(\"k\", {r})]}";
    const type_t *type =
        type_of(pool, "record{a: list<string>, b: option<variant{big(list<u8>)}>, c: "
                      "tuple<tuple<f64, char>, string>, d: map<string, flags{r}>}");
    weft_value_t value;
    for (size_t n = 1;; n++) {
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_wave_read(weft_str(text), type, &value);
        weft_alloc_fail_after(0);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
    weft_value_clear(&value);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_primitives),
        cmocka_unit_test(reads_and_writes_strings),
        cmocka_unit_test(reads_and_writes_compounds),
        cmocka_unit_test(refuses_wrong_primitives),
        cmocka_unit_test(refuses_wrong_compounds),
        cmocka_unit_test(refuses_types_that_nest_too_deep),
        cmocka_unit_test(finds_labels_among_many),
        cmocka_unit_test(a_reader_that_finds_no_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("value/wave", tests, make_pool, delete_pool);
}
