/* Emitted modules, read back by wasm-tools. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/oracle.h"
#include "core/emit.h"

static const uint8_t I32 = CORE_I32, I64 = CORE_I64;
static const uint8_t TWO[] = {CORE_I32, CORE_I64};

static const core_sig_t NONE = {0};
static const core_sig_t TWO_IN = {.params = TWO, .param_count = 2};
static const core_sig_t I32_OUT = {.results = &I32, .result_count = 1};

static void finish(emit_t *module, buf_t *bytes) {
    weft_error_t *error = weft_emit_finish(module, bytes);
    if (error) fail_msg("%s", weft_error_message(error).ptr);
}

static void empty_module_is_its_preamble(void **state) {
    (void)state;
    emit_t module = {0};
    buf_t bytes = {0};
    finish(&module, &bytes);
    assert_int_equal(bytes.len, 8);
    assert_memory_equal(bytes.data, "\0asm\1\0\0\0", 8);
    weft_buf_free(&bytes);
}

static void equal_signatures_are_one_type(void **state) {
    (void)state;
    emit_t module = {0};
    const uint8_t other[] = {CORE_I32, CORE_I64};
    const core_sig_t equal = {.params = other, .param_count = 2};
    const core_sig_t swapped = {
        .params = &I32, .param_count = 1, .results = &I64, .result_count = 1};
    assert_int_equal(weft_emit_type(&module, TWO_IN), 0);
    assert_int_equal(weft_emit_type(&module, NONE), 1);
    assert_int_equal(weft_emit_type(&module, equal), 0);
    assert_int_equal(weft_emit_type(&module, swapped), 2);
    assert_int_equal(weft_emit_type(&module, NONE), 1);
    weft_emit_free(&module);
}

/* The n-th of many signatures: its parameters spell n in binary. */
static core_sig_t nth(uint32_t n, uint8_t params[16]) {
    for (uint32_t bit = 0; bit < 16; bit++) params[bit] = n >> bit & 1 ? CORE_I64 : CORE_I32;
    return (core_sig_t){.params = params, .param_count = 16};
}

static void many_signatures_are_found_again(void **state) {
    (void)state;
    enum { MANY = 60000 };
    emit_t module = {0};
    uint8_t params[16];
    for (int round = 0; round < 2; round++)
        for (uint32_t n = 0; n < MANY; n++)
            assert_int_equal(weft_emit_type(&module, nth(n, params)), n);
    weft_emit_free(&module);
}

/* One of everything. */
static void every_section_prints_as_meant(void **state) {
    (void)state;
    emit_t m = {0};
    buf_t bytes = {0};
    uint32_t log = weft_emit_import_func(&m, STR_LIT("env"), STR_LIT("log"), TWO_IN);
    uint32_t far = weft_emit_import_memory(&m, STR_LIT("env"), STR_LIT("mem"),
                                           (core_size_t){.min = 1, .max = 2, .has_max = true});
    weft_emit_import_global(&m, STR_LIT("env"), STR_LIT("g"), CORE_I64, true);
    weft_emit_import_table(&m, STR_LIT("env"), STR_LIT("t"), CORE_FUNCREF, (core_size_t){.min = 3});
    weft_emit_import_tag(&m, STR_LIT("env"), STR_LIT("tag"), TWO_IN);
    uint32_t near = weft_emit_memory(&m, (core_size_t){.min = 1, .is_64 = true});
    uint32_t table = weft_emit_table(&m, CORE_FUNCREF, (core_size_t){.min = 2});
    uint32_t tag = weft_emit_tag(&m, NONE);
    uint32_t global = weft_emit_global(&m, CORE_F64, false, UINT64_C(0x3ff0000000000000));

    uint32_t run = weft_emit_func(&m, I32_OUT), init = weft_emit_func(&m, NONE);
    uint32_t a = weft_emit_local(&m, run, CORE_I32), b = weft_emit_local(&m, run, CORE_I32);
    uint32_t c = weft_emit_local(&m, run, CORE_F32);
    buf_t *body = weft_emit_body(&m, run);
    op_i32_const(body, 0xffffffffu);
    op_local_tee(body, a);
    op_i64_const(body, 1234567890123u);
    op_call(body, log);
    op_f32_const(body, 0x3f800000);
    op_local_set(body, c);
    op_i32_const(body, 16);
    op_i32_load(body, far, 4);
    op_if(body, CORE_I32);
    op_i64_const(body, 0);
    op_i32_load8_u(body, near, 300);
    op_else(body);
    op_local_get(body, b);
    op_end(body);
    op_i32_const(body, 0);
    op_call_indirect(body, weft_emit_type(&m, I32_OUT), table);
    op_i32_add(body);
    buf_t *start = weft_emit_body(&m, init);
    op_i32_const(start, 0);
    op_i32_const(start, 0);
    op_i32_const(start, 8);
    op_memory_fill(start, far);

    weft_emit_export(&m, STR_LIT("run"), CORE_FUNC, run);
    weft_emit_export(&m, STR_LIT("near"), CORE_MEMORY, near);
    weft_emit_export(&m, STR_LIT("table"), CORE_TABLE, table);
    weft_emit_export(&m, STR_LIT("tag"), CORE_TAG, tag);
    weft_emit_export(&m, STR_LIT("one"), CORE_GLOBAL, global);
    weft_emit_start(&m, init);
    weft_emit_elements(&m, 0, 1, (uint32_t[]){log, run}, 2);
    weft_emit_elements(&m, table, 0, (uint32_t[]){run}, 1);
    weft_emit_data(&m, far, 8, (weft_bytes_t){(const uint8_t *)"hi", 2});
    weft_emit_name(&m, log, STR_LIT("log"));
    weft_emit_name(&m, run, STR_LIT("weft: gate refused a:b/c#d"));
    finish(&m, &bytes);

    oracle_assert_prints(
        weft_buf_as_bytes(&bytes),
        "(module\n"
        "  (type (;0;) (func (param i32 i64)))\n"
        "  (type (;1;) (func))\n"
        "  (type (;2;) (func (result i32)))\n"
        "  (import \"env\" \"log\" (func $log (;0;) (type 0) (param i32 i64)))\n"
        "  (import \"env\" \"mem\" (memory (;0;) 1 2))\n"
        "  (import \"env\" \"g\" (global (;0;) (mut i64)))\n"
        "  (import \"env\" \"t\" (table (;0;) 3 funcref))\n"
        "  (import \"env\" \"tag\" (tag (;0;) (type 0) (param i32 i64)))\n"
        "  (table (;1;) 2 funcref)\n"
        "  (memory (;1;) i64 1)\n"
        "  (tag (;1;) (type 1))\n"
        "  (global (;1;) f64 f64.const 0x1p+0 (;=1;))\n"
        "  (export \"run\" (func $\"weft: gate refused a:b/c#d\"))\n"
        "  (export \"near\" (memory 1))\n"
        "  (export \"table\" (table 1))\n"
        "  (export \"tag\" (tag 1))\n"
        "  (export \"one\" (global 1))\n"
        "  (start 2)\n"
        "  (elem (;0;) (i32.const 1) func $log $\"weft: gate refused a:b/c#d\")\n"
        "  (elem (;1;) (table 1) (i32.const 0) func $\"weft: gate refused a:b/c#d\")\n"
        "  (func $\"weft: gate refused a:b/c#d\" (;1;) (type 2) (result i32)\n"
        "    (local i32 i32 f32)\n"
        "    i32.const -1\n"
        "    local.tee 0\n"
        "    i64.const 1234567890123\n"
        "    call $log\n"
        "    f32.const 0x1p+0 (;=1;)\n"
        "    local.set 2\n"
        "    i32.const 16\n"
        "    i32.load offset=4\n"
        "    if (result i32) ;; label = @1\n"
        "      i64.const 0\n"
        "      i32.load8_u 1 offset=300\n"
        "    else\n"
        "      local.get 1\n"
        "    end\n"
        "    i32.const 0\n"
        "    call_indirect 1 (type 2)\n"
        "    i32.add\n"
        "  )\n"
        "  (func (;2;) (type 1)\n"
        "    i32.const 0\n"
        "    i32.const 0\n"
        "    i32.const 8\n"
        "    memory.fill\n"
        "  )\n"
        "  (data (;0;) (i32.const 8) \"hi\")\n"
        ")\n");
    weft_buf_free(&bytes);
}

/* Every instruction without an immediate, with the values it takes dropped in: validated by the fact that
 * a body that starts with `unreachable` accepts any stack. */
static void every_instruction_is_one(void **state) {
    (void)state;
    emit_t m = {0};
    buf_t bytes = {0};
    weft_emit_memory(&m, (core_size_t){.min = 1});
#define BODY                                                                                       \
    uint32_t f = weft_emit_func(&m, NONE);                                                         \
    buf_t *body = weft_emit_body(&m, f);                                                           \
    op_unreachable(body)
#define X(name, opcode)                                                                            \
    if (opcode != 0x05 && opcode != 0x0b) {                                                        \
        BODY;                                                                                      \
        op_##name(body);                                                                           \
        op_unreachable(body);                                                                      \
    }
    CORE_PLAIN_OPS(X)
#undef X
#define X(name, opcode, align)                                                                     \
    {                                                                                              \
        BODY;                                                                                      \
        op_##name(body, 0, 8);                                                                     \
        op_unreachable(body);                                                                      \
    }
    CORE_MEMORY_OPS(X)
#undef X
    BODY;
    op_block(body, CORE_EMPTY);
    op_loop(body, CORE_EMPTY);
    op_i32_const(body, 0);
    op_br_table(body, (uint32_t[]){0, 1}, 2, 1);
    op_end(body);
    op_end(body);
    op_unreachable(body);
    op_memory_copy(body, 0, 0);
    op_memory_size(body, 0);
    op_memory_grow(body, 0);
    op_drop(body);
    op_f64_const(body, 1);
    op_drop(body);
    finish(&m, &bytes);
    oracle_assert_valid(weft_buf_as_bytes(&bytes));
    weft_buf_free(&bytes);
}

static void import_after_definition_is_an_internal_error(void **state) {
    (void)state;
    emit_t m = {0};
    buf_t bytes = {0};
    weft_emit_func(&m, NONE);
    weft_emit_import_func(&m, STR_LIT(""), STR_LIT("late"), NONE);
    weft_error_t *error = weft_emit_finish(&m, &bytes);
    assert_int_equal(weft_error_code(error), WEFT_INTERNAL);
    assert_int_equal(bytes.len, 0);
    weft_error_delete(error);
    weft_buf_free(&bytes);
}

/* Builds a module with the n-th allocation failing, for every n. */
static void any_failing_allocation_is_an_error(void **state) {
    (void)state;
    for (size_t n = 1;; n++) {
        emit_t m = {0};
        buf_t bytes = {0};
        weft_alloc_fail_after(n);
        weft_emit_import_func(&m, STR_LIT("a"), STR_LIT("b"), TWO_IN);
        uint32_t f = weft_emit_func(&m, I32_OUT);
        weft_emit_local(&m, f, CORE_I64);
        op_i32_const(weft_emit_body(&m, f), 7);
        weft_emit_export(&m, STR_LIT("f"), CORE_FUNC, f);
        weft_emit_name(&m, f, STR_LIT("seven"));
        weft_error_t *error = weft_emit_finish(&m, &bytes);
        weft_alloc_fail_after(0);
        weft_buf_free(&bytes);
        if (!error) {
            assert_true(n > 5);
            break;
        }
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_module_is_its_preamble),
        cmocka_unit_test(equal_signatures_are_one_type),
        cmocka_unit_test(many_signatures_are_found_again),
        cmocka_unit_test(every_section_prints_as_meant),
        cmocka_unit_test(every_instruction_is_one),
        cmocka_unit_test(import_after_definition_is_an_internal_error),
        cmocka_unit_test(any_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
