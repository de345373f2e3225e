/* The pool of value types: interning, what is computed per type, substitution, printing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component/types/type.h"
#include "support/alloc.h"

typedef struct fixture {
    type_pool_t *pool;
    const resource_t *file, *socket;
} fixture_t;

static fixture_t fix;

static int setup(void **state) {
    (void)state;
    assert_null(weft_type_pool_new(&fix.pool));
    assert_null(weft_resource_new(fix.pool, weft_str("file"), NULL, &fix.file));
    assert_null(weft_resource_new(fix.pool, weft_str("socket"), NULL, &fix.socket));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    weft_type_pool_delete(fix.pool);
    return 0;
}

static const type_t *prim(type_kind_t kind) {
    return weft_type_prim(fix.pool, kind);
}

static const type_t *make(type_t shape) {
    const type_t *type = NULL;
    assert_null(weft_type_intern(fix.pool, &shape, &type));
    return type;
}

static const type_t *own(const resource_t *resource) {
    return make((type_t){.kind = TYPE_OWN, .resource = resource});
}

static const type_t *list(const type_t *element) {
    return make((type_t){.kind = TYPE_LIST, .element = element});
}

static const type_t *pair(type_kind_t kind, const char *a, const type_t *first, const char *b,
                          const type_t *second) {
    type_field_t fields[] = {{weft_str(a), first}, {weft_str(b), second}};
    return make((type_t){.kind = kind, .fields = fields, .field_count = 2});
}

static void assert_printed(const type_t *type, const char *wanted) {
    buf_t out = {0};
    weft_type_print(&out, type);
    weft_buf_byte(&out, 0);
    assert_string_equal((char *)out.data, wanted);
    weft_buf_free(&out);
}

static void equal_shapes_are_one_type(void **state) {
    (void)state;
    const type_t *a = pair(TYPE_RECORD, "x", prim(TYPE_U32), "y", prim(TYPE_STRING));
    char x[] = "x", y[] = "y";
    assert_ptr_equal(a, pair(TYPE_RECORD, x, prim(TYPE_U32), y, prim(TYPE_STRING)));
    x[0] = 'z'; /* names are copied */
    assert_ptr_equal(a, pair(TYPE_RECORD, "x", prim(TYPE_U32), "y", prim(TYPE_STRING)));
    assert_ptr_not_equal(a, pair(TYPE_RECORD, "x", prim(TYPE_U32), "z", prim(TYPE_STRING)));
    assert_ptr_not_equal(a, pair(TYPE_VARIANT, "x", prim(TYPE_U32), "y", prim(TYPE_STRING)));
    assert_ptr_not_equal(a, pair(TYPE_RECORD, "x", prim(TYPE_U32), "y", prim(TYPE_U32)));
    assert_ptr_equal(list(a), list(a));
}

static void parts_a_kind_does_not_use_are_ignored(void **state) {
    (void)state;
    type_t shape = {.kind = TYPE_U32, .length = 7, .element = prim(TYPE_U8), .depth = 99};
    assert_ptr_equal(make(shape), prim(TYPE_U32));
}

static void resources_are_nominal(void **state) {
    (void)state;
    const resource_t *again;
    assert_null(weft_resource_new(fix.pool, weft_str("file"), NULL, &again));
    assert_ptr_equal(own(fix.file), own(fix.file));
    assert_ptr_not_equal(own(fix.file), own(again));
    assert_ptr_not_equal(own(fix.file), make((type_t){.kind = TYPE_BORROW, .resource = fix.file}));
}

static void func_types_are_interned(void **state) {
    (void)state;
    type_field_t params[] = {{weft_str("a"), prim(TYPE_U32)}};
    func_type_t shape = {.param_count = 1, .params = params, .result = prim(TYPE_BOOL)};
    const func_type_t *first, *second, *async, *renamed;
    assert_null(weft_func_type_intern(fix.pool, &shape, &first));
    assert_null(weft_func_type_intern(fix.pool, &shape, &second));
    assert_ptr_equal(first, second);
    shape.is_async = true;
    assert_null(weft_func_type_intern(fix.pool, &shape, &async));
    assert_ptr_not_equal(first, async);
    shape.is_async = false;
    params[0].name = weft_str("b");
    assert_null(weft_func_type_intern(fix.pool, &shape, &renamed));
    assert_ptr_not_equal(first, renamed);
}

static void contents_are_seen_through_nesting(void **state) {
    (void)state;
    const type_t *type = pair(TYPE_TUPLE, "", list(own(fix.file)), "", prim(TYPE_STRING));
    assert_true(type->has_own && type->has_list && type->has_string);
    assert_false(type->has_borrow || type->has_stream_or_future || type->has_error_context);
    assert_int_equal(type->depth, 3);
    assert_int_equal(type->nodes, 4);
}

static void sizes_follow_the_canonical_abi(void **state) {
    (void)state;
    const type_t *record = pair(TYPE_RECORD, "a", prim(TYPE_U8), "b", prim(TYPE_U32));
    assert_int_equal(record->byte_size, 8);
    assert_int_equal(record->byte_align, 4);
    assert_int_equal(list(record)->byte_size, 16);
    assert_int_equal(make((type_t){.kind = TYPE_OPTION, .element = prim(TYPE_U64)})->byte_size, 16);
    assert_int_equal(make((type_t){.kind = TYPE_RESULT})->byte_size, 1);
    type_t fixed = {.kind = TYPE_FIXED_LIST, .element = record, .length = 5};
    assert_int_equal(make(fixed)->byte_size, 40);
    type_field_t flags[17];
    for (size_t i = 0; i < 17; i++) flags[i] = (type_field_t){weft_str("f"), NULL};
    type_t shape = {.kind = TYPE_FLAGS, .fields = flags, .field_count = 17};
    assert_int_equal(make(shape)->byte_size, 4);
    shape.field_count = 9;
    assert_int_equal(make(shape)->byte_size, 2);
}

/* (list (list ... 2^32-1 ...) 2^32-1) has no size that fits 64 bits. */
static void sizes_saturate(void **state) {
    (void)state;
    const type_t *type = prim(TYPE_U64);
    for (int i = 0; i < 5; i++) {
        type = make((type_t){.kind = TYPE_FIXED_LIST, .element = type, .length = UINT32_MAX});
    }
    assert_true(type->byte_size > UINT64_MAX / 8);
}

static void substitution_replaces_what_is_in_the_map(void **state) {
    (void)state;
    map_t map = {0};
    const type_t *plain = list(prim(TYPE_U8)), *out;
    const resource_t *fresh;
    assert_null(weft_resource_new(fix.pool, weft_str("fresh"), NULL, &fresh));
    assert_null(weft_map_set_ptr(&map, fix.file, (void *)fresh));

    const type_t *mixed = pair(TYPE_RECORD, "f", list(own(fix.file)), "s", own(fix.socket));
    assert_null(weft_type_substitute(fix.pool, &map, mixed, &out));
    assert_ptr_equal(out, pair(TYPE_RECORD, "f", list(own(fresh)), "s", own(fix.socket)));
    assert_null(weft_type_substitute(fix.pool, &map, plain, &out));
    assert_ptr_equal(out, plain);
    weft_map_free(&map);
}

static void substitution_reaches_into_function_types(void **state) {
    (void)state;
    map_t map = {0};
    type_field_t params[] = {{weft_str("a"), own(fix.file)}};
    func_type_t shape = {.param_count = 1, .params = params, .result = list(own(fix.file))};
    const func_type_t *type, *wanted, *out, *again;
    assert_null(weft_func_type_intern(fix.pool, &shape, &type));
    params[0].type = own(fix.socket);
    shape.result = list(own(fix.socket));
    assert_null(weft_func_type_intern(fix.pool, &shape, &wanted));

    assert_null(weft_map_set_ptr(&map, fix.file, (void *)fix.socket));
    substitution_t substitution = {.pool = fix.pool, .resources = &map};
    assert_null(weft_substitute_func_type(&substitution, type, &out));
    assert_null(weft_substitute_func_type(&substitution, type, &again));
    assert_ptr_equal(out, wanted);
    assert_ptr_equal(again, wanted);
    weft_substitution_free(&substitution);
    weft_map_free(&map);
}

/* 500 levels of pairs of the same type: 2^500 nodes as a tree, 501 as a DAG. */
static void a_shared_type_costs_what_it_shares(void **state) {
    (void)state;
    map_t map = {0};
    const type_t *type = own(fix.file), *wanted = own(fix.socket), *out;
    buf_t text = {0};
    for (int i = 0; i < 500; i++) {
        type = pair(TYPE_TUPLE, "", type, "", type);
        wanted = pair(TYPE_TUPLE, "", wanted, "", wanted);
    }
    assert_int_equal(type->nodes, TYPE_NODES_MAX);
    assert_null(weft_map_set_ptr(&map, fix.file, (void *)fix.socket));
    assert_null(weft_type_substitute(fix.pool, &map, type, &out));
    assert_ptr_equal(out, wanted);
    weft_type_print(&text, type);
    assert_in_range(text.len, 1000, 3000);
    assert_memory_equal(text.data + text.len - 3, "...", 3);
    weft_buf_free(&text);
    weft_map_free(&map);
}

static void depth_has_a_limit(void **state) {
    (void)state;
    const type_t *type = prim(TYPE_U8);
    while (type->depth < TYPE_DEPTH_MAX) type = list(type);
    type_t shape = {.kind = TYPE_LIST, .element = type};
    weft_error_t *error = weft_type_intern(fix.pool, &shape, &type);
    assert_non_null(error);
    assert_int_equal(weft_error_code(error), WEFT_LIMIT);
    weft_error_delete(error);
}

static void types_are_printed_as_wit(void **state) {
    (void)state;
    const type_t *borrow = make((type_t){.kind = TYPE_BORROW, .resource = fix.file});
    assert_printed(prim(TYPE_ERROR_CONTEXT), "error-context");
    assert_printed(prim(TYPE_CHAR), "char");
    assert_printed(pair(TYPE_RECORD, "x", prim(TYPE_U32), "y", list(own(fix.file))),
                   "record { x: u32, y: list<file> }");
    assert_printed(pair(TYPE_VARIANT, "a", prim(TYPE_F32), "b", NULL), "variant { a(f32), b }");
    assert_printed(pair(TYPE_FLAGS, "a", NULL, "b", NULL), "flags { a, b }");
    assert_printed(pair(TYPE_TUPLE, "", prim(TYPE_S8), "", borrow), "tuple<s8, borrow<file>>");
    assert_printed(make((type_t){.kind = TYPE_RESULT, .error = prim(TYPE_U8)}), "result<_, u8>");
    assert_printed(make((type_t){.kind = TYPE_RESULT, .element = prim(TYPE_U8)}), "result<u8>");
    assert_printed(make((type_t){.kind = TYPE_RESULT}), "result");
    assert_printed(make((type_t){.kind = TYPE_STREAM}), "stream");
    assert_printed(make((type_t){.kind = TYPE_FUTURE, .element = borrow}), "future<borrow<file>>");
    assert_printed(
        make((type_t){.kind = TYPE_MAP, .key = prim(TYPE_STRING), .element = prim(TYPE_U8)}),
        "map<string, u8>");
    assert_printed(make((type_t){.kind = TYPE_FIXED_LIST, .element = prim(TYPE_U8), .length = 4}),
                   "list<u8, 4>");
}

static void func_types_are_printed_as_wit(void **state) {
    (void)state;
    type_field_t params[] = {{weft_str("a"), prim(TYPE_U32)}, {weft_str("b"), own(fix.file)}};
    func_type_t shape = {true, 2, params, prim(TYPE_STRING), 0};
    const func_type_t *type;
    buf_t out = {0};
    assert_null(weft_func_type_intern(fix.pool, &shape, &type));
    weft_func_type_print(&out, type);
    weft_buf_byte(&out, 0);
    assert_string_equal((char *)out.data, "async func(a: u32, b: file) -> string");
    weft_buf_free(&out);
}

static void a_failed_allocation_is_an_error(void **state) {
    (void)state;
    type_pool_t *pool = NULL;
    for (size_t n = 1;; n++) {
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_type_pool_new(&pool);
        weft_alloc_fail_after(0);
        if (!error) break;
        assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        assert_null(pool);
    }
    weft_type_pool_delete(pool);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_shapes_are_one_type),
        cmocka_unit_test(parts_a_kind_does_not_use_are_ignored),
        cmocka_unit_test(resources_are_nominal),
        cmocka_unit_test(func_types_are_interned),
        cmocka_unit_test(contents_are_seen_through_nesting),
        cmocka_unit_test(sizes_follow_the_canonical_abi),
        cmocka_unit_test(sizes_saturate),
        cmocka_unit_test(substitution_replaces_what_is_in_the_map),
        cmocka_unit_test(substitution_reaches_into_function_types),
        cmocka_unit_test(a_shared_type_costs_what_it_shares),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(types_are_printed_as_wit),
        cmocka_unit_test(func_types_are_printed_as_wit),
        cmocka_unit_test(a_failed_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
