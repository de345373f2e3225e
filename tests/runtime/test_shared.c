/* Compiled modules that the plugins of an engine share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/guest.h"
#include "runtime/shared.h"

static weft_engine_t *engine;
static wasm_engine_t *plain, *with_fuel;

static weft_bytes_t module_of(const char *text) {
    weft_bytes_t binary;
    assert_null(weft_wat_to_wasm(weft_str(text), &binary));
    return binary;
}

static shared_module_t *take(wasm_engine_t *wasmtime, weft_bytes_t source) {
    shared_module_t *module;
    assert_null(weft_shared_take(engine, wasmtime, source, &module));
    return module;
}

static bool is_empty(void) {
    for (size_t i = 0; i < SHARED_BUCKETS; i++)
        if (engine->shared.buckets[i]) return false;
    return true;
}

static void the_same_bytes_are_compiled_once(void **state) {
    (void)state;
    weft_bytes_t a = module_of("(module (func (export \"a\")))");
    weft_bytes_t again = module_of("(module (func (export \"a\")))");
    weft_bytes_t b = module_of("(module (func (export \"b\")))");
    shared_module_t *first = take(plain, a), *second = take(plain, again), *other = take(plain, b);
    assert_ptr_equal(first, second);
    assert_ptr_not_equal(first, other);
    assert_int_equal(first->users, 2);
    weft_shared_leave(engine, first);
    weft_shared_leave(engine, other);
    assert_false(is_empty());
    weft_shared_leave(engine, second);
    assert_true(is_empty());
    weft_free((void *)(uintptr_t)a.ptr);
    weft_free((void *)(uintptr_t)again.ptr);
    weft_free((void *)(uintptr_t)b.ptr);
}

static void bytes_may_go_before_their_code(void **state) {
    (void)state;
    weft_bytes_t gone = module_of("(module (func (export \"a\")))");
    weft_bytes_t again = module_of("(module (func (export \"a\")))");
    shared_module_t *first = take(plain, gone);
    memset((void *)(uintptr_t)gone.ptr, 0, gone.len);
    weft_free((void *)(uintptr_t)gone.ptr);
    shared_module_t *second = take(plain, again);
    assert_ptr_equal(first, second);
    weft_shared_leave(engine, first);
    weft_shared_leave(engine, second);
    weft_free((void *)(uintptr_t)again.ptr);
}

/* Code that counts fuel is other code. */
static void each_wasmtime_engine_has_its_own(void **state) {
    (void)state;
    weft_bytes_t a = module_of("(module (func (export \"a\")))");
    shared_module_t *one = take(plain, a), *other = take(with_fuel, a);
    assert_ptr_not_equal(one, other);
    weft_shared_leave(engine, one);
    weft_shared_leave(engine, other);
    assert_true(is_empty());
    weft_free((void *)(uintptr_t)a.ptr);
}

static void what_is_not_valid_leaves_nothing(void **state) {
    (void)state;
    static const uint8_t wrong[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 77};
    shared_module_t *module;
    weft_error_t *error =
        weft_shared_take(engine, plain, (weft_bytes_t){wrong, sizeof wrong}, &module);
    assert_int_equal(weft_error_code(error), WEFT_INVALID);
    weft_error_delete(error);
    assert_true(is_empty());
}

static void plugins_share_and_go_in_any_order(void **state) {
    (void)state;
    static const char text[] =
        "(component (core module $m (func (export \"f\") (result i32) (i32.const 7)))"
        " (core instance $i (instantiate $m))"
        " (func (export \"f\") (result u32) (canon lift (core func $i \"f\"))))";
    enum { COUNT = 3 };
    weft_plugin_t *plugins[COUNT];
    weft_bytes_t binary = module_of(text);
    for (int i = 0; i < COUNT; i++) {
        assert_null(weft_plugin_read(engine, binary, NULL, &plugins[i]));
        if (i == 2) weft_plugin_delete(plugins[0]);
    }
    for (int i = 1; i < COUNT; i++) {
        weft_func_t *func;
        weft_value_t result;
        assert_null(weft_plugin_func(plugins[i], NULL, "f", &func));
        assert_null(weft_func_call(func, NULL, 0, &result, 1));
        assert_int_equal(result.of.u32, 7);
        weft_plugin_delete(plugins[i]);
    }
    assert_true(is_empty());
    weft_free((void *)(uintptr_t)binary.ptr);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_are_compiled_once),
        cmocka_unit_test(bytes_may_go_before_their_code),
        cmocka_unit_test(each_wasmtime_engine_has_its_own),
        cmocka_unit_test(what_is_not_valid_leaves_nothing),
        cmocka_unit_test(plugins_share_and_go_in_any_order),
    };
    engine = engine_of_tests();
    if (weft_engine_for(engine, 0, &plain) || weft_engine_for(engine, ENGINE_FUEL, &with_fuel))
        return 2;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    weft_engine_delete(engine);
    return failed;
}
