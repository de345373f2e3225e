/* What the specification's implementation does not answer: types that would blow up, what may be copied,
 * what options are needed, defaults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/default.h"
#include "abi/func.h"
#include "support/alloc.h"

typedef struct fixture {
    type_pool_t *pool;
    abi_t abi;
} fixture_t;

static fixture_t F;

static int setup(void **state) {
    (void)state;
    F = (fixture_t){.abi = {.address = ABI_32}};
    assert_null(weft_type_pool_new(&F.pool));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    weft_abi_free(&F.abi);
    weft_type_pool_delete(F.pool);
    return 0;
}

static const type_t *prim(type_kind_t kind) {
    return weft_type_prim(F.pool, kind);
}

static const type_t *intern(type_t shape) {
    const type_t *type;
    assert_null(weft_type_intern(F.pool, &shape, &type));
    return type;
}

static const type_t *list_of(const type_t *element) {
    return intern((type_t){.kind = TYPE_LIST, .element = element});
}

static const type_t *fixed(const type_t *element, uint32_t length) {
    return intern((type_t){.kind = TYPE_FIXED_LIST, .element = element, .length = length});
}

static const type_t *option(const type_t *element) {
    return intern((type_t){.kind = TYPE_OPTION, .element = element});
}

static const type_t *result(const type_t *ok, const type_t *error) {
    return intern((type_t){.kind = TYPE_RESULT, .element = ok, .error = error});
}

/* Up to three types, NULL ends them. */
static const type_t *tuple(const type_t *a, const type_t *b, const type_t *c) {
    const type_field_t fields[] = {{.type = a}, {.type = b}, {.type = c}};
    return intern((type_t){.kind = TYPE_TUPLE, .fields = fields, .field_count = c ? 3 : b ? 2 : 1});
}

static const type_t *own(void) {
    const resource_t *resource;
    assert_null(weft_resource_new(F.pool, STR_LIT("r"), NULL, &resource));
    return intern((type_t){.kind = TYPE_OWN, .resource = resource});
}

static const layout_t *layout(const type_t *type) {
    const layout_t *found;
    assert_null(weft_abi_layout(&F.abi, type, &found));
    return found;
}

static void exponential_type_takes_linear_time(void **state) {
    (void)state;
    const type_t *type = prim(TYPE_U64);
    for (int i = 0; i < 80; i++) type = tuple(type, type, NULL);
    const layout_t *l = layout(type);
    assert_true(l->size == ABI_TOO_LARGE);
    assert_int_equal(l->align, 8);
    assert_int_equal(l->flat_count, ABI_TOO_MANY);
    abi_pointers_t pointers = {0};
    weft_error_t *error = weft_abi_default(l, &pointers);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    weft_error_delete(error);
}

static void huge_fixed_list_stops_at_the_limit(void **state) {
    (void)state;
    const layout_t *l = layout(fixed(fixed(prim(TYPE_F32), UINT32_MAX), UINT32_MAX));
    assert_true(l->size == ABI_TOO_LARGE);
    assert_int_equal(l->flat_count, ABI_TOO_MANY);
    assert_int_equal(l->flat[15], CORE_F32);
    l = layout(fixed(prim(TYPE_U64), UINT32_MAX));
    assert_true(l->size == 8 * (uint64_t)UINT32_MAX);
}

static void join_beyond_the_limit_is_not_flat(void **state) {
    (void)state;
    /* a discriminant and 15 values are just flat, one more is not */
    assert_int_equal(layout(option(fixed(prim(TYPE_U8), 15)))->flat_count, 16);
    assert_int_equal(layout(option(fixed(prim(TYPE_U8), 16)))->flat_count, ABI_TOO_MANY);
    assert_int_equal(layout(result(fixed(prim(TYPE_U8), 40), prim(TYPE_F64)))->flat_count,
                     ABI_TOO_MANY);
}

static void discriminant_grows_with_the_cases(void **state) {
    (void)state;
    const struct {
        uint32_t cases;
        uint8_t bytes;
    } rows[] = {{1, 1}, {256, 1}, {257, 2}, {65536, 2}, {65537, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        type_field_t *cases = weft_alloc_zero(rows[i].cases, sizeof *cases);
        assert_non_null(cases);
        for (uint32_t k = 0; k < rows[i].cases; k++) cases[k].name = STR_LIT("c");
        const layout_t *l = layout(
            intern((type_t){.kind = TYPE_ENUM, .fields = cases, .field_count = rows[i].cases}));
        assert_int_equal(l->discriminant, rows[i].bytes);
        assert_int_equal(l->size, rows[i].bytes);
        weft_free(cases);
    }
}

static void plain_is_numbers_without_padding(void **state) {
    (void)state;
    assert_true(layout(prim(TYPE_F64))->is_plain);
    assert_true(layout(tuple(prim(TYPE_U32), prim(TYPE_S32), prim(TYPE_U64)))->is_plain);
    assert_true(layout(fixed(tuple(prim(TYPE_U8), prim(TYPE_S8), NULL), 3))->is_plain);
    assert_false(layout(tuple(prim(TYPE_U8), prim(TYPE_U16), NULL))->is_plain); /* inside */
    assert_false(layout(tuple(prim(TYPE_U32), prim(TYPE_U8), NULL))->is_plain); /* at the end */
    assert_false(layout(prim(TYPE_BOOL))->is_plain);
    assert_false(layout(prim(TYPE_CHAR))->is_plain);
    assert_false(layout(prim(TYPE_STRING))->is_plain);
    assert_false(layout(list_of(prim(TYPE_U8)))->is_plain);
    assert_false(layout(option(prim(TYPE_U8)))->is_plain);
    assert_false(layout(own())->is_plain);
}

static void map_is_a_list_of_entries(void **state) {
    (void)state;
    const layout_t *l =
        layout(intern((type_t){.kind = TYPE_MAP, .key = prim(TYPE_U8), .element = prim(TYPE_U64)}));
    assert_int_equal(l->size, 8);
    assert_int_equal(l->stride, 16);
    assert_int_equal(l->element_align, 8);
    assert_int_equal(l->part_count, 2);
    assert_int_equal(l->offsets[1], 8);
    assert_true(l->has_pointer);
}

/* ---- needs ---------------------------------------------------------------------------------- */

static const func_type_t *func(const type_t *param, const type_t *out) {
    const type_field_t params[] = {{STR_LIT("p"), param}};
    const func_type_t shape = {.params = params, .param_count = param ? 1 : 0, .result = out};
    const func_type_t *type;
    assert_null(weft_func_type_intern(F.pool, &shape, &type));
    return type;
}

/* "mre" for what is needed: memory, realloc, encoding. */
static const char *needs(const abi_func_t *f) {
    static char text[4];
    size_t n = 0;
    if (f->needs_memory) text[n++] = 'm';
    if (f->needs_realloc) text[n++] = 'r';
    if (f->needs_encoding) text[n++] = 'e';
    text[n] = 0;
    return text;
}

static void options_that_are_needed(void **state) {
    (void)state;
    const type_t *u32 = prim(TYPE_U32), *string = prim(TYPE_STRING);
    const struct {
        const type_t *param, *result;
        const char *lift, *lower, *lift_async, *lower_async, *task_return;
    } rows[] = {
        {u32, u32, "", "", "", "m", ""},
        {string, NULL, "mre", "me", "mre", "me", ""},
        {NULL, string, "me", "mre", "me", "mre", "me"},
        {list_of(u32), NULL, "mr", "m", "mr", "m", ""},
        {NULL, list_of(u32), "m", "mr", "m", "mr", "m"},
        {fixed(u32, 17), NULL, "mr", "m", "mr", "m", ""},
        {NULL, fixed(u32, 2), "m", "m", "", "m", ""},
        {NULL, fixed(u32, 17), "m", "m", "m", "m", "m"},
        {own(), own(), "", "", "", "m", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const func_type_t *type = func(rows[i].param, rows[i].result);
        const abi_options_t sync = {0}, async = {.is_async = true, .callback = true};
        abi_func_t f;
        assert_null(weft_abi_lift(&F.abi, type, sync, &f));
        assert_string_equal(needs(&f), rows[i].lift);
        assert_true(f.may_post_return);
        assert_null(weft_abi_lower(&F.abi, type, sync, &f));
        assert_string_equal(needs(&f), rows[i].lower);
        assert_null(weft_abi_lift(&F.abi, type, async, &f));
        assert_string_equal(needs(&f), rows[i].lift_async);
        assert_null(weft_abi_lower(&F.abi, type, async, &f));
        assert_string_equal(needs(&f), rows[i].lower_async);
        assert_null(weft_abi_task_return(&F.abi, type->result, &f));
        assert_string_equal(needs(&f), rows[i].task_return);
    }
}

static void seventeen_parameters_go_through_a_pointer(void **state) {
    (void)state;
    const func_type_t *type = func(fixed(prim(TYPE_U64), 17), fixed(prim(TYPE_U8), 2));
    const uint8_t i32 = CORE_I32, two[] = {CORE_I32, CORE_I32};
    abi_func_t f;
    assert_null(weft_abi_lift(&F.abi, type, (abi_options_t){0}, &f));
    assert_true(f.params_in_memory && f.result_in_memory);
    assert_true(weft_core_sig_eq(weft_abi_core_sig(&f), (core_sig_t){&i32, &i32, 1, 1}));
    assert_int_equal(f.params->size, 136);
    assert_null(weft_abi_lower(&F.abi, type, (abi_options_t){0}, &f));
    assert_true(weft_core_sig_eq(weft_abi_core_sig(&f), (core_sig_t){two, NULL, 2, 0}));
}

/* ---- defaults ------------------------------------------------------------------------------- */

static void default_aligns_the_pointers_of_what_is_empty(void **state) {
    (void)state;
    /* (u8, result<list<u64>, string>, [option<string>, string] twice) */
    const type_t *pair = tuple(option(prim(TYPE_STRING)), prim(TYPE_STRING), NULL);
    const type_t *type =
        tuple(prim(TYPE_U8), result(list_of(prim(TYPE_U64)), prim(TYPE_STRING)), fixed(pair, 2));
    abi_pointers_t pointers = {0};
    assert_null(weft_abi_default(layout(type), &pointers));
    assert_int_equal(pointers.count, 3);
    assert_int_equal(pointers.items[0].offset, 8); /* behind u8 and the discriminant */
    assert_int_equal(pointers.items[0].align, 8);
    assert_int_equal(pointers.items[1].offset, 16 + 12); /* none in the option, one behind it */
    assert_int_equal(pointers.items[1].align, 1);
    assert_int_equal(pointers.items[2].offset, 16 + 20 + 12);
    VEC_FREE(&pointers);
}

static void handle_has_no_default_where_it_would_be(void **state) {
    (void)state;
    abi_pointers_t pointers = {0};
    weft_error_t *error = weft_abi_default(layout(tuple(prim(TYPE_U8), own(), NULL)), &pointers);
    assert_int_equal(weft_error_code(error), WEFT_UNSUPPORTED);
    weft_error_delete(error);
    assert_null(weft_abi_default(layout(option(own())), &pointers));
    assert_null(weft_abi_default(layout(list_of(own())), &pointers));
    VEC_FREE(&pointers);
}

static void any_failing_allocation_is_an_error(void **state) {
    (void)state;
    const type_t *type = result(tuple(prim(TYPE_STRING), list_of(prim(TYPE_U8)), own()), NULL);
    const func_type_t *ft = func(type, type);
    for (size_t n = 1;; n++) {
        abi_t abi = {.address = ABI_64};
        abi_func_t f;
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_abi_lower(&abi, ft, (abi_options_t){0}, &f);
        weft_alloc_fail_after(0);
        weft_abi_free(&abi);
        if (!error) {
            assert_true(n > 1);
            break;
        }
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(exponential_type_takes_linear_time),
        TEST(huge_fixed_list_stops_at_the_limit),
        TEST(join_beyond_the_limit_is_not_flat),
        TEST(discriminant_grows_with_the_cases),
        TEST(plain_is_numbers_without_padding),
        TEST(map_is_a_list_of_entries),
        TEST(options_that_are_needed),
        TEST(seventeen_parameters_go_through_a_pointer),
        TEST(default_aligns_the_pointers_of_what_is_empty),
        TEST(handle_has_no_default_where_it_would_be),
        TEST(any_failing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
