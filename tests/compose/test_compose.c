/* Composing as a library does it: without memory, and more than once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "compose/compose.h"
#include "support/alloc.h"
#include "support/file.h"

static const char *const names[] = {"front", "orders", "store"};

typedef struct shop {
    file_t files[3];
    compose_input_t inputs[3];
    compose_options_t options;
} shop_t;

static void open_shop(shop_t *shop) {
    *shop = (shop_t){.options = {.inputs = shop->inputs, .input_count = 3}};
    for (int i = 0; i < 3; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/examples/shop/%s.wasm", getenv("WEFT_SOURCE_DIR"),
                 names[i]);
        assert_null(weft_file_open(path, &shop->files[i]));
        shop->inputs[i] =
            (compose_input_t){weft_str(names[i]), weft_str(names[i]), shop->files[i].bytes};
    }
}

static void close_shop(shop_t *shop) {
    for (int i = 0; i < 3; i++) weft_file_close(&shop->files[i]);
}

/* Everything that a command may ask for; the bytes are appended to `out`. */
static weft_error_t *compose(const shop_t *shop, buf_t *out) {
    compose_t *composition;
    pieces_t pieces = {0};
    buf_t plan = {0};
    TRY(weft_compose_new(&shop->options, &composition));
    weft_error_t *error = weft_compose_plan_text(composition, &plan);
    if (!error) error = weft_document_write(composition->document, &pieces);
    if (!error) error = weft_pieces_join(&pieces, out);
    weft_pieces_free(&pieces);
    weft_buf_free(&plan);
    weft_compose_delete(composition);
    return error;
}

static void the_result_is_the_same_every_time(void **state) {
    (void)state;
    shop_t shop;
    buf_t first = {0}, second = {0};
    open_shop(&shop);
    assert_null(compose(&shop, &first));
    assert_null(compose(&shop, &second));
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.data, second.data, first.len);
    weft_buf_free(&first);
    weft_buf_free(&second);
    close_shop(&shop);
}

static void a_failed_allocation_is_an_error(void **state) {
    (void)state;
    shop_t shop;
    open_shop(&shop);
    size_t fail_after = 1;
    for (;; fail_after++) {
        buf_t out = {0};
        weft_alloc_fail_after(fail_after);
        weft_error_t *error = compose(&shop, &out);
        weft_alloc_fail_after(0);
        weft_buf_free(&out);
        if (!error) break;
        if (weft_error_code(error) != WEFT_NO_MEMORY) fail_msg("%s", weft_error_message(error).ptr);
        weft_error_delete(error);
    }
    assert_true(fail_after > 100);
    close_shop(&shop);
}

static void equal_inputs_that_are_broken_are_each_an_error(void **state) {
    (void)state;
    const weft_bytes_t text = {(const uint8_t *)"text", 4};
    const compose_input_t inputs[] = {{weft_str("a"), weft_str("a.wasm"), text},
                                      {weft_str("b"), weft_str("b.wasm"), text}};
    const compose_options_t options = {.inputs = inputs, .input_count = 2};
    compose_t *composition;
    char *shown;
    weft_error_t *error = weft_compose_new(&options, &composition);
    assert_non_null(error);
    assert_null(weft_error_render(error, &shown));
    assert_string_equal(shown,
                        "weft: a.wasm: this is not a WebAssembly component (it does not begin "
                        "with \\0asm) (at offset 0x0)\n"
                        "weft: b.wasm: this is not a WebAssembly component (it does not begin "
                        "with \\0asm) (at offset 0x0)\n");
    weft_free(shown);
    weft_error_delete(error);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_result_is_the_same_every_time),
        cmocka_unit_test(a_failed_allocation_is_an_error),
        cmocka_unit_test(equal_inputs_that_are_broken_are_each_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
