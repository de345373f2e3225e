/* Which modules have an image of their data, and what is left of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <wasmtime.h>

#include "runtime/guest.h"
#include "runtime/image.h"
#include "support/alloc.h"

enum { WASM_PAGE = 65536, MUCH = 20000 };

static bool has_image(weft_bytes_t module) {
    image_t *image;
    buf_t rest = {0};
    assert_ok(weft_image_make(module, &rest, &image));
    bool has = image != NULL;
    weft_image_delete(image);
    weft_buf_free(&rest);
    return has;
}

/* `~` stands for a string of so many bytes. */
static weft_bytes_t module_with(const char *pattern, unsigned len) {
    buf_t text = {0};
    weft_bytes_t module;
    for (const char *at = pattern; *at; at++) {
        if (*at != '~') {
            weft_buf_byte(&text, (uint8_t)*at);
            continue;
        }
        weft_buf_byte(&text, '"');
        for (unsigned i = 0; i < len; i++) weft_buf_byte(&text, (uint8_t)('a' + i % 11));
        weft_buf_byte(&text, '"');
    }
    assert_ok(weft_wat_to_wasm(weft_buf_as_str(&text), &module));
    weft_buf_free(&text);
    return module;
}

static void only_what_is_certain_has_an_image(void **state) {
    static const struct {
        const char *text;
        unsigned len;
        bool has;
    } cases[] = {
        {"(module (memory 1) (data (i32.const 8) ~))", IMAGE_LEAST + 1, true},
        {"(module (memory 1) (data (i32.const 8) ~))", IMAGE_LEAST, false},
        {"(module (memory 1) (data (i32.const 0) ~))", WASM_PAGE, true},
        {"(module (memory 1) (data (i32.const 1) ~))", WASM_PAGE, false},
        {"(module (memory 1) (data (i32.const 0) ~) (data (i32.const 65536) \"\"))", MUCH, true},
        {"(module (memory 1) (data (i32.const 0) ~) (data (i32.const 65537) \"\"))", MUCH, false},
        {"(module (memory 1) (data (i32.const -1) ~))", MUCH, false},
        {"(module (memory 1) (data ~))", MUCH, false},
        {"(module (memory 1) (data ~) (data (i32.const 0) \"a\"))", MUCH, false},
        {"(module (memory 1) (data \"a\") (data (i32.const 0) ~))", MUCH, true},
        {"(module (memory 0) (data (i32.const 0) ~))", MUCH, false},
        {"(module (data ~))", MUCH, false},
        {"(module (import \"a\" \"m\" (memory 1)) (data (i32.const 0) ~))", MUCH, false},
        {"(module (memory 1) (memory 1) (data (i32.const 0) ~))", MUCH, false},
        {"(module (import \"a\" \"m\" (memory 1)) (memory 1) (data 1 (i32.const 0) ~))", MUCH,
         false},
        {"(module (memory i64 1) (data (i64.const 0) ~))", MUCH, false},
        {"(module (memory 1 1 shared) (data (i32.const 0) ~))", MUCH, false},
        {"(module (memory 65536 (pagesize 1)) (data (i32.const 0) ~))", MUCH, false},
        {"(module (import \"a\" \"g\" (global i32)) (memory 1) (data (global.get 0) ~))", MUCH,
         false},
        {"(module (memory 1) (data (i32.add (i32.const 1) (i32.const 1)) ~))", MUCH, false},
        {"(module (memory 65536) (data (i32.const 0) ~) (data (i32.const 0x40000000) ~))", MUCH,
         false},
        {"(module (memory 65536) (data (i32.const 0) ~) (data (i32.const 0xf00000) ~))", MUCH,
         true},
        {"(module (memory 65536) (data (i32.const 0xffffffff) \"a\") (data (i32.const 0xfffff000)"
         " \"a\") (data (i32.const 0xffff0000) ~))",
         MUCH, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        weft_bytes_t module = module_with(cases[i].text, cases[i].len);
        if (has_image(module) != cases[i].has) fail_msg("%s", cases[i].text);
        weft_free((void *)(uintptr_t)module.ptr);
    }
}

/* What is left for a module that has no data in its text. */
static void cut_empty_section(buf_t *rest, weft_bytes_t without) {
    static const uint8_t empty[] = {11, 1, 0};
    size_t at = 0;
    while (at < without.len && rest->data[at] == without.ptr[at]) at++;
    assert_true(rest->len >= at + sizeof empty);
    assert_memory_equal(rest->data + at, empty, sizeof empty);
    rest->len -= sizeof empty;
    memmove(rest->data + at, rest->data + at + sizeof empty, rest->len - at);
}

static void assert_leaves(const char *pattern, const char *expected, bool empty_section) {
    image_t *image;
    buf_t rest = {0};
    weft_bytes_t module = module_with(pattern, MUCH), without = module_with(expected, 0);
    assert_ok(weft_image_make(module, &rest, &image));
    assert_non_null(image);
    if (empty_section) cut_empty_section(&rest, without);
    assert_int_equal(rest.len, without.len);
    assert_memory_equal(rest.data, without.ptr, without.len);
    weft_image_delete(image);
    weft_buf_free(&rest);
    weft_free((void *)(uintptr_t)module.ptr);
    weft_free((void *)(uintptr_t)without.ptr);
}

/* All that is left of the module is as it was. Where code can name segments, an active one becomes what it is after it was
 * copied. */
static void only_the_data_is_taken_out(void **state) {
    (void)state;
    assert_leaves("(module (@custom \"before\" (before first) \"x\") (memory 1)"
                  " (func (data.drop 1) (memory.init 2 (i32.const 0) (i32.const 0) (i32.const 1)))"
                  " (data (i32.const 4) \"\") (data (i32.const 5) ~) (data \"passive\")"
                  " (data (i32.const 60000) \"tail\") (@custom \"after\" (after last) \"y\"))",
                  "(module (@custom \"before\" (before first) \"x\") (memory 1)"
                  " (func (data.drop 1) (memory.init 2 (i32.const 0) (i32.const 0) (i32.const 1)))"
                  " (data \"\") (data \"\") (data \"passive\")"
                  " (data \"\") (@custom \"after\" (after last) \"y\"))",
                  false);
    assert_leaves("(module (memory 1) (func) (data (i32.const 4) ~) (data \"passive\")"
                  " (data (i32.const 5) \"a\") (@custom \"after\" (after last) \"y\"))",
                  "(module (memory 1) (func) (@custom \"after\" (after last) \"y\"))", true);
}

/* Whether Wasmtime takes what is left of it. */
static bool leaves_valid(weft_bytes_t module) {
    image_t *image;
    buf_t rest = {0};
    wasm_engine_t *wasmtime = wasm_engine_new();
    assert_ok(weft_image_make(module, &rest, &image));
    assert_non_null(image);
    wasmtime_error_t *failure = wasmtime_module_validate(wasmtime, rest.data, rest.len);
    bool valid = !failure;
    if (failure) wasmtime_error_delete(failure);
    weft_image_delete(image);
    weft_buf_free(&rest);
    wasm_engine_delete(wasmtime);
    return valid;
}

/* The data section is last in the module, and must be. */
static void what_was_not_valid_is_not_valid_afterwards(void **state) {
    (void)state;
    weft_bytes_t module = module_with("(module (memory 1) (func) (data (i32.const 4) ~))", MUCH);
    uint8_t *moved = weft_alloc(module.len);
    size_t before;
    assert_non_null(moved);
    for (before = 8; module.ptr[before] != 11; before += 2U + module.ptr[before + 1]) continue;
    memcpy(moved, module.ptr, 8);
    memcpy(moved + 8, module.ptr + before, module.len - before);
    memcpy(moved + 8 + (module.len - before), module.ptr + 8, before - 8);
    assert_true(leaves_valid(module));
    assert_false(leaves_valid((weft_bytes_t){moved, module.len}));
    weft_free(moved);
    weft_free((void *)(uintptr_t)module.ptr);
}

/* Cut off anywhere, or with any byte changed, it has an image or has none; what is left can be read. */
static void what_is_damaged_is_read_with_care(void **state) {
    static const char pattern[] = "(module (memory 1) (data (i32.const 5) \"abc\") (data "
                                  "\"passive\") (data (i32.const 9) ~))";
    (void)state;
    weft_bytes_t module = module_with(pattern, MUCH);
    uint8_t *copy = weft_alloc(module.len);
    assert_non_null(copy);
    for (size_t at = 0; at < 80; at++) {
        assert_false(has_image((weft_bytes_t){module.ptr, at}));
        for (unsigned byte = 0; byte < 256; byte += 5) {
            memcpy(copy, module.ptr, module.len);
            copy[at] ^= (uint8_t)byte;
            has_image((weft_bytes_t){copy, module.len});
        }
    }
    assert_false(has_image((weft_bytes_t){module.ptr, module.len - 1}));
    assert_true(has_image(module));
    weft_free(copy);
    weft_free((void *)(uintptr_t)module.ptr);
}

static void a_lack_of_memory_is_an_error(void **state) {
    (void)state;
    weft_bytes_t module = module_with("(module (memory 1) (data (i32.const 5) ~))", MUCH);
    for (size_t n = 1;; n++) {
        image_t *image;
        buf_t rest = {0};
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_image_make(module, &rest, &image);
        weft_alloc_fail_after(0);
        weft_buf_free(&rest);
        if (!error) {
            assert_non_null(image);
            assert_true(n > 3);
            weft_image_delete(image);
            break;
        }
        assert_null(image);
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
    weft_free((void *)(uintptr_t)module.ptr);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_certain_has_an_image),
        cmocka_unit_test(only_the_data_is_taken_out),
        cmocka_unit_test(what_was_not_valid_is_not_valid_afterwards),
        cmocka_unit_test(what_is_damaged_is_read_with_care),
        cmocka_unit_test(a_lack_of_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
