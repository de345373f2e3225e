/* The code that drops handles in the arguments of skipped calls. That it drops each one once is shown by running it
 * (e2e/splice/run.py); here is what it looks like, and that it stays small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/func.h"
#include "common/oracle.h"
#include "weave/code/drop_code.h"

typedef struct fixture {
    type_pool_t *pool;
    abi_t narrow, wide;
    const type_t *own; /* of one resource */
} fixture_t;

static fixture_t F;

static const type_t *intern(type_t shape) {
    const type_t *type;
    assert_null(weft_type_intern(F.pool, &shape, &type));
    return type;
}

static int setup(void **state) {
    const resource_t *resource;
    (void)state;
    F = (fixture_t){.narrow = {.address = ABI_32}, .wide = {.address = ABI_64}};
    assert_null(weft_type_pool_new(&F.pool));
    assert_null(weft_resource_new(F.pool, STR_LIT("r"), NULL, &resource));
    F.own = intern((type_t){.kind = TYPE_OWN, .resource = resource});
    return 0;
}

static int teardown(void **state) {
    (void)state;
    weft_abi_free(&F.narrow);
    weft_abi_free(&F.wide);
    weft_type_pool_delete(F.pool);
    return 0;
}

static const type_t *prim(type_kind_t kind) {
    return weft_type_prim(F.pool, kind);
}

static const type_t *list_of(const type_t *element) {
    return intern((type_t){.kind = TYPE_LIST, .element = element});
}

/* Of three cases or fields. */
static const type_t *three(type_kind_t kind, const type_t *a, const type_t *b, const type_t *c) {
    const type_field_t fields[] = {{STR_LIT("a"), a}, {STR_LIT("b"), b}, {STR_LIT("c"), c}};
    return intern((type_t){.kind = kind, .fields = fields, .field_count = 3});
}

/* A module whose first function drops the argument: the handles are `F.own` and, if asked for, a stream. */
static buf_t code_for(abi_t *abi, const type_t *param, const type_t *stream) {
    static const uint8_t handle = CORE_I32;
    const type_field_t params[] = {{STR_LIT("p"), param}};
    const func_type_t *func;
    abi_func_t lowered;
    assert_null(
        weft_func_type_intern(F.pool, &(func_type_t){.params = params, .param_count = 1}, &func));
    assert_null(weft_abi_lower(abi, func, (abi_options_t){0}, &lowered));

    emit_t module = {0};
    const type_t *types[] = {F.own, stream};
    uint32_t count = stream ? 2 : 1;
    drop_code_t code;
    for (uint32_t i = 0; i < count; i++)
        weft_emit_import_func(&module, STR_LIT(""), i ? STR_LIT("x1") : STR_LIT("x0"),
                              (core_sig_t){.params = &handle, .param_count = 1});
    weft_emit_import_memory(&module, STR_LIT(""), STR_LIT("m"),
                            (core_size_t){.is_64 = abi == &F.wide});
    uint32_t drop = weft_emit_func(&module, weft_abi_core_sig(&lowered));
    assert_null(weft_drop_code_init(&code, &module, types, count, 0, 0, (uint8_t)abi->address));
    assert_null(weft_drop_code_put(&code, drop, lowered.params, lowered.params_in_memory,
                                   weft_abi_core_sig(&lowered)));
    weft_drop_code_free(&code);
    buf_t bytes = {0};
    assert_null(weft_emit_finish(&module, &bytes));
    return bytes;
}

static void assert_code(abi_t *abi, const type_t *param, const type_t *stream,
                        const char *expected) {
    buf_t bytes = code_for(abi, param, stream);
    oracle_assert_prints(weft_buf_as_bytes(&bytes), expected);
    weft_buf_free(&bytes);
}

static void flat_variant_tells_its_cases_apart(void **state) {
    (void)state;
    const type_t *stream = intern((type_t){.kind = TYPE_STREAM, .element = prim(TYPE_U8)});
    const type_t *inner = three(TYPE_VARIANT, prim(TYPE_F32), F.own, NULL);
    const type_t *pair = three(TYPE_RECORD, prim(TYPE_STRING), stream, inner);
    assert_code(&F.narrow, three(TYPE_VARIANT, F.own, prim(TYPE_F64), pair), stream,
                "(module\n"
                "  (type (;0;) (func (param i32)))\n"
                "  (type (;1;) (func (param i32 i64 i32 i32 i32 i32)))\n"
                "  (type (;2;) (func (param i32 i32)))\n"
                "  (import \"\" \"x0\" (func (;0;) (type 0) (param i32)))\n"
                "  (import \"\" \"x1\" (func (;1;) (type 0) (param i32)))\n"
                "  (import \"\" \"m\" (memory (;0;) 0))\n"
                "  (func (;2;) (type 1) (param i32 i64 i32 i32 i32 i32)\n"
                "    local.get 0\n"
                "    i32.const 0\n"
                "    i32.eq\n"
                "    if ;; label = @1\n"
                "      local.get 1\n"
                "      i32.wrap_i64\n"
                "      call 0\n"
                "    end\n"
                "    local.get 0\n"
                "    i32.const 2\n"
                "    i32.eq\n"
                "    if ;; label = @1\n"
                "      local.get 3\n"
                "      call 1\n"
                "      local.get 4\n"
                "      local.get 5\n"
                "      call 3\n"
                "    end\n"
                "  )\n"
                "  (func (;3;) (type 2) (param i32 i32)\n"
                "    local.get 0\n"
                "    i32.const 1\n"
                "    i32.eq\n"
                "    if ;; label = @1\n"
                "      local.get 1\n"
                "      call 0\n"
                "    end\n"
                "  )\n"
                ")\n");
}

static void list_is_a_loop_that_ends(void **state) {
    (void)state;
    const type_t *element = three(TYPE_VARIANT, prim(TYPE_U64), F.own, NULL);
    assert_code(&F.narrow, list_of(element), NULL,
                "(module\n"
                "  (type (;0;) (func (param i32)))\n"
                "  (type (;1;) (func (param i32 i32)))\n"
                "  (import \"\" \"x0\" (func (;0;) (type 0) (param i32)))\n"
                "  (import \"\" \"m\" (memory (;0;) 0))\n"
                "  (func (;1;) (type 1) (param i32 i32)\n"
                "    local.get 0\n"
                "    local.get 1\n"
                "    call 2\n"
                "  )\n"
                "  (func (;2;) (type 1) (param i32 i32)\n"
                "    local.get 1\n"
                "    i32.const 16777215\n"
                "    i32.gt_u\n"
                "    if ;; label = @1\n"
                "      unreachable\n"
                "    end\n"
                "    block ;; label = @1\n"
                "      loop ;; label = @2\n"
                "        local.get 1\n"
                "        i32.eqz\n"
                "        br_if 1 (;@1;)\n"
                "        local.get 0\n"
                "        call 3\n"
                "        local.get 0\n"
                "        i32.const 16\n"
                "        i32.add\n"
                "        local.set 0\n"
                "        local.get 1\n"
                "        i32.const -1\n"
                "        i32.add\n"
                "        local.set 1\n"
                "        br 0 (;@2;)\n"
                "      end\n"
                "    end\n"
                "  )\n"
                "  (func (;3;) (type 0) (param i32)\n"
                "    local.get 0\n"
                "    i32.load8_u\n"
                "    i32.const 1\n"
                "    i32.eq\n"
                "    if ;; label = @1\n"
                "      local.get 0\n"
                "      i32.load offset=8\n"
                "      call 0\n"
                "    end\n"
                "  )\n"
                ")\n");
}

static void wide_memory_has_wide_addresses(void **state) {
    (void)state;
    const type_t *record = three(TYPE_RECORD, prim(TYPE_U8), F.own, list_of(F.own));
    const type_t *fixed =
        intern((type_t){.kind = TYPE_FIXED_LIST, .element = record, .length = 20});
    assert_code(&F.wide, fixed, NULL,
                "(module\n"
                "  (type (;0;) (func (param i32)))\n"
                "  (type (;1;) (func (param i64)))\n"
                "  (type (;2;) (func (param i64 i64)))\n"
                "  (import \"\" \"x0\" (func (;0;) (type 0) (param i32)))\n"
                "  (import \"\" \"m\" (memory (;0;) i64 0))\n"
                "  (func (;1;) (type 1) (param i64)\n"
                "    local.get 0\n"
                "    i64.const 20\n"
                "    call 2\n"
                "  )\n"
                "  (func (;2;) (type 2) (param i64 i64)\n"
                "    block ;; label = @1\n"
                "      loop ;; label = @2\n"
                "        local.get 1\n"
                "        i64.eqz\n"
                "        br_if 1 (;@1;)\n"
                "        local.get 0\n"
                "        call 3\n"
                "        local.get 0\n"
                "        i64.const 24\n"
                "        i64.add\n"
                "        local.set 0\n"
                "        local.get 1\n"
                "        i64.const -1\n"
                "        i64.add\n"
                "        local.set 1\n"
                "        br 0 (;@2;)\n"
                "      end\n"
                "    end\n"
                "  )\n"
                "  (func (;3;) (type 1) (param i64)\n"
                "    local.get 0\n"
                "    i32.load offset=4\n"
                "    call 0\n"
                "    local.get 0\n"
                "    i64.load offset=8\n"
                "    local.get 0\n"
                "    i64.load offset=16\n"
                "    call 4\n"
                "  )\n"
                "  (func (;4;) (type 2) (param i64 i64)\n"
                "    local.get 1\n"
                "    i64.const 67108863\n"
                "    i64.gt_u\n"
                "    if ;; label = @1\n"
                "      unreachable\n"
                "    end\n"
                "    block ;; label = @1\n"
                "      loop ;; label = @2\n"
                "        local.get 1\n"
                "        i64.eqz\n"
                "        br_if 1 (;@1;)\n"
                "        local.get 0\n"
                "        i32.load\n"
                "        call 0\n"
                "        local.get 0\n"
                "        i64.const 4\n"
                "        i64.add\n"
                "        local.set 0\n"
                "        local.get 1\n"
                "        i64.const -1\n"
                "        i64.add\n"
                "        local.set 1\n"
                "        br 0 (;@2;)\n"
                "      end\n"
                "    end\n"
                "  )\n"
                ")\n");
}

/* Each type holds the one before it three times: 3^60 handles in 60 types. */
static void code_is_linear_in_the_type(void **state) {
    (void)state;
    const type_t *type = F.own;
    for (int i = 0; i < 60; i++) type = three(i % 2 ? TYPE_RECORD : TYPE_VARIANT, type, type, type);
    buf_t bytes = code_for(&F.narrow, list_of(type), NULL);
    assert_in_range(bytes.len, 1000, 4000);
    weft_buf_free(&bytes);

    type = F.own; /* flat: each case of each of 15 variants in one another */
    for (int i = 0; i < 15; i++) type = three(TYPE_VARIANT, type, type, type);
    bytes = code_for(&F.narrow, type, NULL);
    oracle_assert_valid(weft_buf_as_bytes(&bytes));
    assert_in_range(bytes.len, 1000, 3000);
    weft_buf_free(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(flat_variant_tells_its_cases_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(list_is_a_loop_that_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(wide_memory_has_wide_addresses, setup, teardown),
        cmocka_unit_test_setup_teardown(code_is_linear_in_the_type, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
