/* One linear memory: what is in it each time that it is used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/guest.h"
#include "runtime/linear.h"
#include "support/alloc.h"

enum { WASM_PAGE = 65536, SPACE = 64 << 20 };

static linear_memory_t new_memory(size_t reserved) {
    linear_memory_t memory = {
        .reserved = reserved, .guard = 1 << 20, .page = (size_t)sysconf(_SC_PAGESIZE)};
    assert_true(weft_linear_map(&memory, 0));
    return memory;
}

/* Of a page that is all `x` from the first byte on. */
static image_t *new_image(void) {
    image_t *image;
    buf_t text = {0}, rest = {0};
    weft_bytes_t module;
    weft_buf_printf(&text, "(module (memory 1) (data (i32.const 0) \"");
    for (int i = 0; i < 20000; i++) weft_buf_byte(&text, 'x');
    weft_buf_printf(&text, "\"))");
    assert_ok(weft_wat_to_wasm(weft_buf_as_str(&text), &module));
    assert_ok(weft_image_make(module, &rest, &image));
    assert_non_null(image);
    weft_free((void *)(uintptr_t)module.ptr);
    weft_buf_free(&rest);
    weft_buf_free(&text);
    return image;
}

static void assert_all(const linear_memory_t *memory, size_t from, size_t to, uint8_t byte) {
    const uint8_t *bytes = weft_linear_at(memory, 0, memory->size);
    for (size_t i = from; i < to; i++)
        if (bytes[i] != byte) fail_msg("at %zu: %u", i, bytes[i]);
}

static void a_memory_keeps_its_image(void **state) {
    (void)state;
    image_t *image = new_image();
    linear_memory_t memory = new_memory(SPACE);
    for (int round = 0; round < 3; round++) {
        assert_true(weft_linear_begin(&memory, WASM_PAGE, image));
        assert_all(&memory, 0, 20000, 'x');
        assert_all(&memory, 20000, WASM_PAGE, 0);
        memset(memory.base, 1, memory.size);
        assert_true(weft_linear_renew(&memory));
    }
    weft_linear_unmap(&memory);
    weft_image_delete(image);
}

/* Nothing but what the memory knows itself is looked at. */
static void an_image_that_is_gone_is_replaced(void **state) {
    (void)state;
    image_t *image = new_image(), *other;
    linear_memory_t memory = new_memory(SPACE);
    assert_true(weft_linear_begin(&memory, WASM_PAGE, image));
    assert_true(weft_linear_renew(&memory));
    close(image->file);
    memset(image, 0xff, sizeof *image);
    other = new_image();
    weft_free(image);
    assert_true(weft_linear_begin(&memory, WASM_PAGE, NULL));
    assert_all(&memory, 0, WASM_PAGE, 0);
    assert_true(weft_linear_renew(&memory));
    assert_true(weft_linear_begin(&memory, WASM_PAGE, other));
    assert_all(&memory, 0, 20000, 'x');
    weft_linear_unmap(&memory);
    weft_image_delete(other);
}

/* What is large is out of reach; it takes no more of what may be written than a new one. */
static void a_large_memory_is_hidden(void **state) {
    (void)state;
    linear_memory_t memory = new_memory(4 * SPACE);
    assert_true(weft_linear_begin(&memory, (size_t)65 << 20, NULL));
    memory.base[65 << 19] = 1;
    assert_true(weft_linear_renew(&memory));
    assert_int_equal(memory.reach, 0);
    assert_true(weft_linear_begin(&memory, (size_t)65 << 20, NULL));
    assert_int_equal(memory.base[65 << 19], 0);
    weft_linear_unmap(&memory);
}

static void a_memory_that_moved_is_not_used_again(void **state) {
    (void)state;
    linear_memory_t memory = new_memory(SPACE);
    assert_true(weft_linear_begin(&memory, WASM_PAGE, NULL));
    memory.base[5] = 7;
    assert_true(weft_linear_grow(&memory, (size_t)65 << 20));
    assert_int_equal(memory.base[5], 7);
    assert_false(weft_linear_renew(&memory));
    weft_linear_unmap(&memory);
}

/* Of each size, in steps that leave gaps between what was touched: nothing of it is left. */
static void what_was_written_is_gone(void **state) {
    (void)state;
    static const size_t strides[] = {4096, 12288, 65536, 1 << 20};
    linear_memory_t memory = new_memory(SPACE);
    for (size_t size = WASM_PAGE; size <= (size_t)8 << 20; size *= 2)
        for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
            assert_true(weft_linear_begin(&memory, size, NULL));
            assert_all(&memory, 0, size, 0);
            for (size_t at = 0; at < size; at += strides[i]) memset(memory.base + at, 0xff, 4096);
            assert_true(weft_linear_renew(&memory));
        }
    weft_linear_unmap(&memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_memory_keeps_its_image),
        cmocka_unit_test(an_image_that_is_gone_is_replaced),
        cmocka_unit_test(a_large_memory_is_hidden),
        cmocka_unit_test(a_memory_that_moved_is_not_used_again),
        cmocka_unit_test(what_was_written_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
