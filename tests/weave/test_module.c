/* Woven modules, read back by wasm-tools. What they do when they run is tested where they are run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/oracle.h"
#include "weave/code/module.h"

static const uint8_t I32 = CORE_I32;
static const uint8_t MANY[] = {CORE_I32, CORE_F64, CORE_I64};
static const core_sig_t ADD = {.params = (const uint8_t[]){CORE_I32, CORE_I32},
                               .param_count = 2,
                               .results = &I32,
                               .result_count = 1};
static const core_sig_t SEND = {.params = MANY, .param_count = 3};

static void assert_weaves(const weave_module_t *weave, const char *expected) {
    buf_t bytes = {0};
    weft_error_t *error = weft_weave_module(weave, &bytes);
    if (error) fail_msg("%s", weft_error_message(error).ptr);
    oracle_assert_prints(weft_buf_as_bytes(&bytes), expected);
    weft_buf_free(&bytes);
}

static void before_and_after_stand_around_the_call(void **state) {
    (void)state;
    const woven_func_t funcs[] = {{.sig = ADD, .target = 7}, {.sig = SEND, .target = 200}};
    const weave_module_t weave = {.before = true, .after = true, .funcs = funcs, .func_count = 2};
    assert_weaves(&weave,
                  "(module\n"
                  "  (type (;0;) (func (param i32 i64)))\n"
                  "  (type (;1;) (func (param i32 i32) (result i32)))\n"
                  "  (type (;2;) (func (param i32 f64 i64)))\n"
                  "  (import \"\" \"b\" (func (;0;) (type 0) (param i32 i64)))\n"
                  "  (import \"\" \"a\" (func (;1;) (type 0) (param i32 i64)))\n"
                  "  (import \"\" \"0\" (func (;2;) (type 1) (param i32 i32) (result i32)))\n"
                  "  (import \"\" \"1\" (func (;3;) (type 2) (param i32 f64 i64)))\n"
                  "  (global (;0;) (mut i64) i64.const 0)\n"
                  "  (export \"0\" (func 4))\n"
                  "  (export \"1\" (func 5))\n"
                  "  (func (;4;) (type 1) (param i32 i32) (result i32)\n"
                  "    (local i64)\n"
                  "    global.get 0\n"
                  "    i64.const 1\n"
                  "    i64.add\n"
                  "    local.tee 2\n"
                  "    global.set 0\n"
                  "    i32.const 7\n"
                  "    local.get 2\n"
                  "    call 0\n"
                  "    local.get 0\n"
                  "    local.get 1\n"
                  "    call 2\n"
                  "    i32.const 7\n"
                  "    local.get 2\n"
                  "    call 1\n"
                  "  )\n"
                  "  (func (;5;) (type 2) (param i32 f64 i64)\n"
                  "    (local i64)\n"
                  "    global.get 0\n"
                  "    i64.const 1\n"
                  "    i64.add\n"
                  "    local.tee 3\n"
                  "    global.set 0\n"
                  "    i32.const 200\n"
                  "    local.get 3\n"
                  "    call 0\n"
                  "    local.get 0\n"
                  "    local.get 1\n"
                  "    local.get 2\n"
                  "    call 3\n"
                  "    i32.const 200\n"
                  "    local.get 3\n"
                  "    call 1\n"
                  "  )\n"
                  ")\n");
}

static void second_module_imports_the_counter(void **state) {
    (void)state;
    const woven_func_t funcs[] = {{.sig = {0}, .target = 0}};
    const weave_module_t weave = {
        .after = true, .counter = WEAVE_COUNTER_IMPORTED, .funcs = funcs, .func_count = 1};
    assert_weaves(&weave, "(module\n"
                          "  (type (;0;) (func (param i32 i64)))\n"
                          "  (type (;1;) (func))\n"
                          "  (import \"\" \"a\" (func (;0;) (type 0) (param i32 i64)))\n"
                          "  (import \"\" \"0\" (func (;1;) (type 1)))\n"
                          "  (import \"\" \"i\" (global (;0;) (mut i64)))\n"
                          "  (export \"0\" (func 2))\n"
                          "  (func (;2;) (type 1)\n"
                          "    (local i64)\n"
                          "    global.get 0\n"
                          "    i64.const 1\n"
                          "    i64.add\n"
                          "    local.tee 0\n"
                          "    global.set 0\n"
                          "    call 1\n"
                          "    i32.const 0\n"
                          "    local.get 0\n"
                          "    call 0\n"
                          "  )\n"
                          ")\n");
}

static void first_call_takes_a_block(void **state) {
    (void)state;
    const woven_func_t funcs[] = {{.sig = {0}, .target = 3}};
    const weave_module_t weave = {.before = true,
                                  .counter = WEAVE_COUNTER_EXPORTED,
                                  .takes_block = true,
                                  .funcs = funcs,
                                  .func_count = 1};
    assert_weaves(&weave, "(module\n"
                          "  (type (;0;) (func (param i32 i64)))\n"
                          "  (type (;1;) (func (result i64)))\n"
                          "  (type (;2;) (func))\n"
                          "  (import \"\" \"b\" (func (;0;) (type 0) (param i32 i64)))\n"
                          "  (import \"\" \"n\" (func (;1;) (type 1) (result i64)))\n"
                          "  (import \"\" \"0\" (func (;2;) (type 2)))\n"
                          "  (global (;0;) (mut i64) i64.const 0)\n"
                          "  (export \"i\" (global 0))\n"
                          "  (export \"0\" (func 3))\n"
                          "  (func (;3;) (type 2)\n"
                          "    (local i64)\n"
                          "    global.get 0\n"
                          "    i64.eqz\n"
                          "    if ;; label = @1\n"
                          "      call 4\n"
                          "    end\n"
                          "    global.get 0\n"
                          "    i64.const 1\n"
                          "    i64.add\n"
                          "    local.tee 0\n"
                          "    global.set 0\n"
                          "    i32.const 3\n"
                          "    local.get 0\n"
                          "    call 0\n"
                          "    call 2\n"
                          "  )\n"
                          "  (func (;4;) (type 2)\n"
                          "    call 1\n"
                          "    global.set 0\n"
                          "  )\n"
                          ")\n");
}

static void gate_skips_with_the_default_or_traps_with_a_name(void **state) {
    (void)state;
    const abi_pointer_t pointer = {.offset = 8, .align = 4};
    const weave_default_t result = {.size = 16, .pointers = &pointer, .pointer_count = 1};
    const core_size_t memory = {0};
    const woven_func_t funcs[] = {
        {.sig = ADD, .target = 1, .can_skip = true, .refusal = STR_LIT("weft: m refused a")},
        {.sig = {.params = &I32, .param_count = 1},
         .target = 2,
         .can_skip = true,
         .result = &result,
         .refusal = STR_LIT("weft: m refused b")},
        {.sig = {0}, .target = 3, .refusal = STR_LIT("weft: m refused b")}};
    const weave_module_t weave = {.gate = true, .memory = &memory, .funcs = funcs, .func_count = 3};
    assert_weaves(&weave,
                  "(module\n"
                  "  (type (;0;) (func (param i32 i64) (result i32)))\n"
                  "  (type (;1;) (func (param i32 i32) (result i32)))\n"
                  "  (type (;2;) (func (param i32)))\n"
                  "  (type (;3;) (func))\n"
                  "  (import \"\" \"g\" (func (;0;) (type 0) (param i32 i64) (result i32)))\n"
                  "  (import \"\" \"0\" (func (;1;) (type 1) (param i32 i32) (result i32)))\n"
                  "  (import \"\" \"1\" (func (;2;) (type 2) (param i32)))\n"
                  "  (import \"\" \"2\" (func (;3;) (type 3)))\n"
                  "  (import \"\" \"m\" (memory (;0;) 0))\n"
                  "  (global (;0;) (mut i64) i64.const 0)\n"
                  "  (export \"0\" (func 4))\n"
                  "  (export \"1\" (func 5))\n"
                  "  (export \"2\" (func 6))\n"
                  "  (func (;4;) (type 1) (param i32 i32) (result i32)\n"
                  "    (local i64 i32)\n"
                  "    global.get 0\n"
                  "    i64.const 1\n"
                  "    i64.add\n"
                  "    local.tee 2\n"
                  "    global.set 0\n"
                  "    i32.const 1\n"
                  "    local.get 2\n"
                  "    call 0\n"
                  "    local.tee 3\n"
                  "    if ;; label = @1\n"
                  "      local.get 3\n"
                  "      i32.const 2\n"
                  "      i32.eq\n"
                  "      if ;; label = @2\n"
                  "        call $\"weft: m refused a\"\n"
                  "      end\n"
                  "      i32.const 0\n"
                  "      return\n"
                  "    end\n"
                  "    local.get 0\n"
                  "    local.get 1\n"
                  "    call 1\n"
                  "  )\n"
                  "  (func (;5;) (type 2) (param i32)\n"
                  "    (local i64 i32)\n"
                  "    global.get 0\n"
                  "    i64.const 1\n"
                  "    i64.add\n"
                  "    local.tee 1\n"
                  "    global.set 0\n"
                  "    i32.const 2\n"
                  "    local.get 1\n"
                  "    call 0\n"
                  "    local.tee 2\n"
                  "    if ;; label = @1\n"
                  "      local.get 2\n"
                  "      i32.const 2\n"
                  "      i32.eq\n"
                  "      if ;; label = @2\n"
                  "        call $\"weft: m refused b\"\n"
                  "      end\n"
                  "      local.get 0\n"
                  "      i32.const 0\n"
                  "      i32.const 16\n"
                  "      memory.fill\n"
                  "      local.get 0\n"
                  "      i32.const 4\n"
                  "      i32.store offset=8\n"
                  "      return\n"
                  "    end\n"
                  "    local.get 0\n"
                  "    call 2\n"
                  "  )\n"
                  "  (func (;6;) (type 3)\n"
                  "    (local i64)\n"
                  "    global.get 0\n"
                  "    i64.const 1\n"
                  "    i64.add\n"
                  "    local.tee 0\n"
                  "    global.set 0\n"
                  "    i32.const 3\n"
                  "    local.get 0\n"
                  "    call 0\n"
                  "    if ;; label = @1\n"
                  "      call $\"weft: m refused b\"\n"
                  "      unreachable\n"
                  "    end\n"
                  "    call 3\n"
                  "  )\n"
                  "  (func $\"weft: m refused a\" (;7;) (type 3)\n"
                  "    unreachable\n"
                  "  )\n"
                  "  (func $\"weft: m refused b\" (;8;) (type 3)\n"
                  "    unreachable\n"
                  "  )\n"
                  ")\n");
}

static void hooks_by_name_get_addresses_in_the_names_module(void **state) {
    (void)state;
    weave_names_t names = {0};
    weave_text_t interface_name, again, func_name, list;
    assert_null(weft_weave_names_add(&names, STR_LIT("a:b/c"), &interface_name));
    assert_null(weft_weave_names_add(&names, STR_LIT("get"), &func_name));
    assert_null(weft_weave_names_add(&names, STR_LIT("a:b/c"), &again));
    assert_int_equal(interface_name.at, again.at);
    const weave_target_t target = {258, STR_LIT("a:b/c"), STR_LIT("get")};
    assert_null(weft_weave_names_targets(&names, &target, 1, &list));
    assert_int_equal(list.at, 16);
    assert_int_equal(list.len, 1);
    buf_t bytes = {0};
    assert_null(weft_weave_names_module(&names, &bytes));
    oracle_assert_prints(
        weft_buf_as_bytes(&bytes),
        "(module\n"
        "  (memory (;0;) 1 1)\n"
        "  (export \"m\" (memory 0))\n"
        "  (data (;0;) (i32.const 8) \"a:b/cget\\02\\01\\00\\00\\08\\00\\00\\00\\05"
        "\\00\\00\\00\\0d\\00\\00\\00\\03\\00\\00\\00\")\n"
        ")\n");
    weft_buf_free(&bytes);
    weft_weave_names_free(&names);

    const woven_func_t funcs[] = {
        {.sig = {0}, .interface_name = interface_name, .func_name = func_name, .can_skip = true}};
    const weave_module_t weave = {
        .family = WEAVE_BY_NAME, .before = true, .gate = true, .funcs = funcs, .func_count = 1};
    assert_weaves(
        &weave,
        "(module\n"
        "  (type (;0;) (func (param i32 i32 i32 i32 i64)))\n"
        "  (type (;1;) (func (param i32 i32 i32 i32 i64) (result i32)))\n"
        "  (type (;2;) (func))\n"
        "  (import \"\" \"b\" (func (;0;) (type 0) (param i32 i32 i32 i32 i64)))\n"
        "  (import \"\" \"g\" (func (;1;) (type 1) (param i32 i32 i32 i32 i64) (result i32)))\n"
        "  (import \"\" \"0\" (func (;2;) (type 2)))\n"
        "  (global (;0;) (mut i64) i64.const 0)\n"
        "  (export \"0\" (func 3))\n"
        "  (func (;3;) (type 2)\n"
        "    (local i64)\n"
        "    global.get 0\n"
        "    i64.const 1\n"
        "    i64.add\n"
        "    local.tee 0\n"
        "    global.set 0\n"
        "    i32.const 8\n"
        "    i32.const 5\n"
        "    i32.const 13\n"
        "    i32.const 3\n"
        "    local.get 0\n"
        "    call 0\n"
        "    i32.const 8\n"
        "    i32.const 5\n"
        "    i32.const 13\n"
        "    i32.const 3\n"
        "    local.get 0\n"
        "    call 1\n"
        "    if ;; label = @1\n"
        "      return\n"
        "    end\n"
        "    call 2\n"
        "  )\n"
        ")\n");
}

/* Three functions of the usual size stay small: the module is most of what weaving adds to a node. */
static void three_functions_take_178_bytes(void **state) {
    (void)state;
    const woven_func_t funcs[] = {
        {.sig = ADD, .target = 0}, {.sig = ADD, .target = 1}, {.sig = ADD, .target = 2}};
    const weave_module_t weave = {.before = true, .after = true, .funcs = funcs, .func_count = 3};
    buf_t bytes = {0};
    assert_null(weft_weave_module(&weave, &bytes));
    assert_int_equal(bytes.len, 178);
    weft_buf_free(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_and_after_stand_around_the_call),
        cmocka_unit_test(second_module_imports_the_counter),
        cmocka_unit_test(first_call_takes_a_block),
        cmocka_unit_test(gate_skips_with_the_default_or_traps_with_a_name),
        cmocka_unit_test(hooks_by_name_get_addresses_in_the_names_module),
        cmocka_unit_test(three_functions_take_178_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
