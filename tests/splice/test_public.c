/* <weft/component.h>, <weft/compose.h> and <weft/splice.h> as a user of libweft sees them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <weft/weft.h>

#include "support/alloc.h"

static char path[4096];

static const char *example(const char *name) {
    snprintf(path, sizeof path, "%s/../examples/%s", getenv("WEFT_TESTS_DIR"), name);
    return path;
}

static weft_component_t *load(const char *name) {
    weft_component_t *component;
    assert_null(weft_component_load(example(name), &component));
    return component;
}

static void assert_error(weft_error_t *error, weft_code_t code, const char *message) {
    assert_non_null(error);
    assert_int_equal(weft_error_code(error), code);
    weft_str_t text = weft_error_message(error);
    assert_int_equal(text.len, strlen(message));
    assert_memory_equal(text.ptr, message, text.len);
    weft_error_delete(error);
}

static weft_component_t *compose_shop(void) {
    weft_component_t *front = load("shop/front.wasm"), *orders = load("shop/orders.wasm");
    weft_component_t *store = load("shop/store.wasm"), *shop;
    weft_part_t parts[] = {{"front", front}, {"orders", orders}, {"store", store}};
    assert_null(weft_compose(parts, 3, NULL, 0, &shop));
    weft_component_delete(front);
    weft_component_delete(orders);
    weft_component_delete(store);
    return shop;
}

static void missing_file_is_told(void **state) {
    weft_component_t *component;
    (void)state;
    assert_error(weft_component_load("no/such.wasm", &component), WEFT_IO,
                 "cannot open: No such file or directory");
}

static void core_module_is_no_component(void **state) {
    static const uint8_t module[8] = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};
    weft_component_t *component;
    (void)state;
    assert_error(weft_component_read((weft_bytes_t){module, sizeof module}, &component),
                 WEFT_MALFORMED, "this is a core module, not a component");
}

static void composed_outlives_its_parts(void **state) {
    weft_component_t *shop = compose_shop();
    char *wit;
    (void)state;
    assert_null(weft_component_validate(shop));
    assert_null(weft_component_wit(shop, &wit));
    assert_non_null(strstr(wit, "export shop:front/app@1.0.0;"));
    weft_free(wit);
    weft_component_delete(shop);
}

static void reencoding_changes_nothing(void **state) {
    weft_component_t *orders = load("shop/orders.wasm"), *again;
    (void)state;
    assert_null(weft_component_reencode(orders, &again));
    weft_bytes_t a = weft_component_bytes(orders), b = weft_component_bytes(again);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr, b.ptr, a.len);
    weft_component_delete(orders);
    weft_component_delete(again);
}

static void graph_shows_the_middleware(void **state) {
    static const char rules[] = "version: 1\nrules:\n"
                                "  - before: { interface: \"shop:store/stock@1.0.0\" }\n"
                                "    inject: [{ name: print, path: middleware/print.wasm }]\n";
    weft_component_t *shop = compose_shop(), *traced;
    weft_error_t *warnings;
    char *graph, *plan;
    (void)state;
    example("rules.yaml");
    assert_null(weft_splice_explain(shop, path, weft_str(rules), NULL, false, &plan, &warnings));
    assert_null(warnings);
    assert_non_null(strstr(plan, "orders [print] -> store"));
    assert_null(weft_splice(shop, path, weft_str(rules), NULL, &traced, &warnings));
    assert_null(warnings);
    assert_null(weft_component_validate(traced));
    assert_null(weft_component_graph(traced, WEFT_GRAPH_TEXT, WEFT_GRAPH_EDGES, "t", &graph));
    assert_non_null(strstr(graph, "print"));
    weft_free(graph);
    weft_free(plan);
    weft_component_delete(traced);
    weft_component_delete(shop);
}

static void rules_that_select_nothing_are_told(void **state) {
    static const char rules[] = "version: 1\nrules:\n"
                                "  - before: { interface: \"a:b/c\" }\n"
                                "    inject: [{ name: print, path: middleware/print.wasm }]\n";
    weft_component_t *shop = compose_shop(), *spliced;
    weft_splice_options_t options = {.allow_unmatched = true};
    weft_error_t *warnings;
    (void)state;
    example("rules.yaml");
    weft_error_t *error = weft_splice(shop, path, weft_str(rules), NULL, &spliced, &warnings);
    assert_non_null(error);
    assert_int_equal(weft_error_line(error), 3);
    weft_error_delete(error);
    weft_error_delete(warnings);
    assert_null(weft_splice(shop, path, weft_str(rules), &options, &spliced, &warnings));
    assert_null(warnings);
    weft_bytes_t a = weft_component_bytes(shop), b = weft_component_bytes(spliced);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr, b.ptr, a.len);
    weft_component_delete(spliced);
    weft_component_delete(shop);
}

/* Every allocation fails once: an error each time, nothing leaked, until it works. */
static void lack_of_memory_is_survived(void **state) {
    static const char rules[] = "version: 1\nrules:\n"
                                "  - before: { interface: \"shop:store/stock@1.0.0\" }\n"
                                "    inject: [{ name: print, path: middleware/print.wasm }]\n";
    weft_component_t *shop = compose_shop(), *traced = NULL;
    (void)state;
    example("rules.yaml");
    for (size_t n = 1; !traced; n += 1 + n / 64) {
        weft_error_t *warnings = NULL;
        weft_alloc_fail_after(n);
        weft_error_t *error = weft_splice(shop, path, weft_str(rules), NULL, &traced, &warnings);
        weft_alloc_fail_after(0);
        assert_true(!error == (traced != NULL));
        if (error) assert_int_equal(weft_error_code(error), WEFT_NO_MEMORY);
        weft_error_delete(error);
        weft_error_delete(warnings);
    }
    weft_component_delete(traced);
    weft_component_delete(shop);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_file_is_told),
        cmocka_unit_test(core_module_is_no_component),
        cmocka_unit_test(composed_outlives_its_parts),
        cmocka_unit_test(reencoding_changes_nothing),
        cmocka_unit_test(graph_shows_the_middleware),
        cmocka_unit_test(rules_that_select_nothing_are_told),
        cmocka_unit_test(lack_of_memory_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
