/* Each allocation of a piece of work fails once, with all that come after it: the work ends in "out of memory",
 * and everything is given back (the leak sanitizer says). What the arenas, and the YAML and JSON libraries,
 * allocate for themselves is no part of this. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "component/edit/build.h"
#include "component/wit/wit.h"
#include "compose/compose.h"
#include "graph/render.h"
#include "splice/splice.h"
#include "support/alloc.h"
#include "support/file.h"
#include "value/call_text.h"
#include "value/json.h"
#include "weave/proxy/proxy.h"

/* ---- the loop ------------------------------------------------------------------------------------- */

/* A whole piece of work, with all that it makes given back. */
typedef weft_error_t *work_t(void);

static void exhaust(work_t *work, weft_code_t outcome) {
    size_t before = weft_alloc_count();
    weft_error_t *error = work();
    size_t count = weft_alloc_count() - before;
    if (weft_error_code(error) != outcome)
        fail_msg("without failures: %s", weft_error_message(error).ptr);
    weft_error_delete(error);
    assert_true(count > 0);
    for (size_t n = 1; n <= count; n++) {
        weft_alloc_fail_after(n);
        error = work();
        weft_alloc_fail_after(0);
        /* an error that is being made may be without its notes, but a result is never without a part */
        weft_code_t code = weft_error_code(error);
        if (code != WEFT_NO_MEMORY && (outcome == WEFT_OK || code != outcome))
            fail_msg("allocation %zu of %zu: %s", n, count,
                     error ? weft_error_message(error).ptr : "no error");
        weft_error_delete(error);
    }
}

/* ---- inputs --------------------------------------------------------------------------------------- */

static weft_bytes_t front, orders, store, print; /* of the examples */
static buf_t shop;                               /* the three composed */
static char rules_path[4096];                    /* middleware is looked for beside it */

static weft_bytes_t load(const char *below) {
    char path[4096];
    file_t file;
    const char *folder = getenv("WEFT_SOURCE_DIR");
    if (!folder) skip();
    snprintf(path, sizeof path, "%s/examples/%s.wasm", folder, below);
    assert_null(weft_file_open(path, &file));
    return file.bytes;
}

static int load_all(void **state) {
    (void)state;
    front = load("shop/front");
    orders = load("shop/orders");
    store = load("shop/store");
    print = load("middleware/print");
    snprintf(rules_path, sizeof rules_path, "%s/examples/shop/trace.yaml",
             getenv("WEFT_SOURCE_DIR"));
    return 0;
}

/* ---- one component ---------------------------------------------------------------------------------- */

static weft_error_t *read_all(scope_t *scope) {
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind != DEF_COMPONENT) continue;
        TRY(weft_component_body(def, &body));
        TRY(read_all(body));
    }
    return NULL;
}

static weft_error_t *with_document(weft_error_t *(*use)(document_t *document)) {
    document_t *document;
    TRY(weft_document_read(orders, &document));
    weft_error_t *error = use(document);
    weft_document_delete(document);
    return error;
}

static weft_error_t *use_bodies(document_t *document) {
    return read_all(document->root);
}

static weft_error_t *read_work(void) {
    return with_document(use_bodies);
}

static weft_error_t *show_types(const ctype_t *type) {
    wit_t wit;
    buf_t out = {0};
    size_t count;
    TRY(weft_wit_collect(type, &wit));
    weft_error_t *error = weft_wit_text(&wit, NULL, NULL, &out, &count);
    if (!error && out.failed) error = weft_error_oom();
    weft_wit_free(&wit);
    weft_buf_free(&out);
    return error;
}

static weft_error_t *use_types(document_t *document) {
    type_pool_t *pool;
    const ctype_t *type;
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = weft_typing_scope(pool, document->root, &type);
    if (!error) error = show_types(type);
    weft_type_pool_delete(pool);
    return error;
}

static weft_error_t *type_work(void) {
    return with_document(use_types);
}

static weft_error_t *pass_on(type_pool_t *pool, const ctype_t *type) {
    const extern_list_t *lists[] = {&type->component.imports, &type->component.exports};
    weft_error_t *error = NULL;
    for (unsigned i = 0; i < 4 && !error; i++) {
        buf_t out = {0};
        proxy_options_t options = {.bytes = i / 2 ? PROXY_PLACES : PROXY_TEXT};
        const extern_list_t *list = lists[i % 2];
        error = weft_proxy_make(pool, list->items, list->count, &options, &out);
        weft_buf_free(&out);
    }
    return error;
}

static weft_error_t *use_proxies(document_t *document) {
    type_pool_t *pool;
    const ctype_t *type;
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = weft_typing_scope(pool, document->root, &type);
    if (!error) error = pass_on(pool, type);
    weft_type_pool_delete(pool);
    return error;
}

static weft_error_t *proxy_work(void) {
    return with_document(use_proxies);
}

static weft_error_t *render(view_t *view) {
    buf_t out = {0};
    weft_error_t *error = weft_render_text(view, &out);
    if (!error) error = weft_render_mermaid(view, &out);
    if (!error) error = weft_render_dot(view, &out);
    if (!error && out.failed) error = weft_error_oom();
    weft_buf_free(&out);
    return error;
}

static weft_error_t *use_graph(document_t *document) {
    graph_t *graph;
    view_t *view = NULL;
    weft_error_t *error;
    TRY(weft_graph_new(document, &graph));
    TRY_OR(done, weft_view_new(graph, DETAIL_FULL, weft_str("title"), 80, weft_str(""), &view));
    TRY_OR(done, render(view));
done:
    weft_view_delete(view);
    weft_graph_delete(graph);
    return error;
}

static weft_error_t *graph_work(void) {
    return with_document(use_graph);
}

static weft_error_t *write_work_of(document_t *document) {
    pieces_t pieces;
    buf_t out = {0};
    TRY(weft_document_write(document, &pieces));
    weft_error_t *error = weft_pieces_join(&pieces, &out);
    weft_pieces_free(&pieces);
    weft_buf_free(&out);
    return error;
}

static weft_error_t *use_edit(document_t *document) {
    builder_t b = {document->root, document->root->first, NULL};
    scope_t *body;
    type_def_t shape = {.op = TYPE_OP_PRIM, .has_element = true, .element = {.prim = PRIM_U8}};
    def_t *type = weft_build_type(&b, &shape);
    def_t *component = weft_build_component(&b, &body);
    if (b.error) return b.error;
    component->name = weft_build_name(&b, "a-%s", "name");
    builder_t inside = {body, NULL, b.error};
    def_t *alias = weft_build_outer_alias(&inside, type);
    weft_build_export(&inside, STR_LIT("t"), alias);
    if (inside.error) return inside.error;
    TRY(weft_document_stamp(document));
    return write_work_of(document);
}

static weft_error_t *edit_work(void) {
    return with_document(use_edit);
}

static weft_error_t *use_everything(document_t *document) {
    TRY(weft_document_edit_all(document));
    return write_work_of(document);
}

static weft_error_t *write_work(void) {
    return with_document(use_everything);
}

static weft_error_t *broken_work(void) {
    static const uint8_t bytes[] = {
        0, 'a',  's',  'm',  0x0d, 0,   1,
        0, 0x07, 0x03, 0x01, 0x70, 0x62}; /* a list of an unknown type */
    document_t *document;
    return weft_document_read((weft_bytes_t){bytes, sizeof bytes}, &document);
}

static void reading_survives(void **state) {
    (void)state;
    exhaust(read_work, WEFT_OK);
    exhaust(broken_work, WEFT_MALFORMED);
}

static void typing_and_wit_survive(void **state) {
    (void)state;
    exhaust(type_work, WEFT_OK);
}

static void proxies_survive(void **state) {
    (void)state;
    exhaust(proxy_work, WEFT_OK);
}

static void the_graph_survives(void **state) {
    (void)state;
    exhaust(graph_work, WEFT_OK);
}

static void editing_survives(void **state) {
    (void)state;
    exhaust(edit_work, WEFT_OK);
    exhaust(write_work, WEFT_OK);
}

/* ---- several components -------------------------------------------------------------------------------- */

static weft_error_t *compose(const compose_options_t *options, weft_error_t *(*use)(document_t *)) {
    compose_t *made;
    buf_t plan = {0};
    TRY(weft_compose_new(options, &made));
    weft_error_t *error = weft_compose_plan_text(made, &plan);
    if (!error && plan.failed) error = weft_error_oom();
    if (!error) error = weft_compose_near_misses(made);
    if (!error) error = use(made->document);
    weft_compose_delete(made);
    weft_buf_free(&plan);
    return error;
}

static weft_error_t *compose_shop(weft_error_t *(*use)(document_t *)) {
    const compose_input_t inputs[] = {{weft_str("front"), weft_str("front.wasm"), front},
                                      {weft_str("orders"), weft_str("orders.wasm"), orders},
                                      {weft_str("store"), weft_str("store.wasm"), store}};
    return compose(&(compose_options_t){.inputs = inputs, .input_count = 3}, use);
}

static weft_error_t *compose_work(void) {
    return compose_shop(write_work_of);
}

static weft_error_t *ambiguous_work(void) {
    const compose_input_t inputs[] = {{weft_str("front"), weft_str("front.wasm"), front},
                                      {weft_str("a"), weft_str("a.wasm"), orders},
                                      {weft_str("b"), weft_str("b.wasm"), orders}};
    return compose(&(compose_options_t){.inputs = inputs, .input_count = 3}, write_work_of);
}

static void composing_survives(void **state) {
    (void)state;
    exhaust(compose_work, WEFT_OK);
    weft_error_t *error = ambiguous_work();
    weft_code_t code = weft_error_code(error);
    assert_int_not_equal(code, WEFT_OK);
    weft_error_delete(error);
    exhaust(ambiguous_work, code);
}

/* ---- splicing --------------------------------------------------------------------------------------------- */

static weft_error_t *open_print(void *context, const char *path, weft_bytes_t *bytes) {
    (void)context;
    (void)path;
    *bytes = print;
    return NULL;
}

static weft_error_t *splice(document_t *document) {
    const weft_str_t rules = STR_LIT("version: 1\n"
                                     "rules:\n"
                                     "  - before:\n"
                                     "      interface: shop:store/stock@1.0.0\n"
                                     "    inject:\n"
                                     "      - { name: print, path: ../middleware/print.wasm }\n");
    const splice_options_t options = {.opener = {open_print, NULL}};
    splice_t made;
    weft_error_t *error =
        weft_splice_plan(weft_str(rules_path), rules, document, weft_str("shop"), &options, &made);
    if (!error) error = weft_splice_apply(&made);
    if (!error) error = write_work_of(made.document);
    weft_splice_free(&made);
    return error;
}

static weft_error_t *keep_shop(document_t *document) {
    pieces_t pieces;
    TRY(weft_document_write(document, &pieces));
    weft_error_t *error = weft_pieces_join(&pieces, &shop);
    weft_pieces_free(&pieces);
    return error;
}

static weft_error_t *splice_work(void) {
    document_t *document;
    TRY(weft_document_read(weft_buf_as_bytes(&shop), &document));
    weft_error_t *error = splice(document);
    weft_document_delete(document);
    return error;
}

static weft_error_t *rules_work(void) {
    const weft_str_t text = STR_LIT("version: 1\n"
                                    "rules:\n"
                                    "  - before:\n"
                                    "      interfaces: [a]\n"
                                    "    injekt: []\n"
                                    "  - between: { provider: x }\n");
    rules_t rules;
    TRY(weft_rules_read(weft_str("rules.yaml"), text, &rules));
    weft_rules_free(&rules);
    return NULL;
}

static void splicing_survives(void **state) {
    (void)state;
    assert_null(compose_shop(keep_shop));
    exhaust(splice_work, WEFT_OK);
    weft_buf_free(&shop);
}

static void wrong_rules_survive(void **state) {
    (void)state;
    weft_error_t *error = rules_work();
    weft_code_t code = weft_error_code(error);
    assert_int_not_equal(code, WEFT_OK);
    weft_error_delete(error);
    exhaust(rules_work, code);
}

/* ---- values ------------------------------------------------------------------------------------------------ */

/* tuple<record { a: list<u32>, b: option<string> }, variant { x(s64), y }, list<u8>> */
static weft_error_t *value_type(type_pool_t *pool, const type_t **type) {
    type_t list = {.kind = TYPE_LIST, .element = weft_type_prim(pool, TYPE_U32)};
    type_t option = {.kind = TYPE_OPTION, .element = weft_type_prim(pool, TYPE_STRING)};
    type_t bytes = {.kind = TYPE_LIST, .element = weft_type_prim(pool, TYPE_U8)};
    type_field_t fields[2] = {{STR_LIT("a"), NULL}, {STR_LIT("b"), NULL}};
    type_field_t cases[2] = {{STR_LIT("x"), weft_type_prim(pool, TYPE_S64)}, {STR_LIT("y"), NULL}};
    type_field_t items[3] = {0};
    type_t record = {.kind = TYPE_RECORD, .fields = fields, .field_count = 2};
    type_t variant = {.kind = TYPE_VARIANT, .fields = cases, .field_count = 2};
    type_t tuple = {.kind = TYPE_TUPLE, .fields = items, .field_count = 3};
    TRY(weft_type_intern(pool, &list, &fields[0].type));
    TRY(weft_type_intern(pool, &option, &fields[1].type));
    TRY(weft_type_intern(pool, &record, &items[0].type));
    TRY(weft_type_intern(pool, &variant, &items[1].type));
    TRY(weft_type_intern(pool, &bytes, &items[2].type));
    return weft_type_intern(pool, &tuple, type);
}

static weft_error_t *with_value_type(weft_error_t *(*use)(const type_t *type)) {
    type_pool_t *pool;
    const type_t *type;
    TRY(weft_type_pool_new(&pool));
    weft_error_t *error = value_type(pool, &type);
    if (!error) error = use(type);
    weft_type_pool_delete(pool);
    return error;
}

static weft_error_t *read_wave(const type_t *type, const char *text) {
    weft_value_t value, copy;
    buf_t out = {0};
    TRY(weft_wave_read(weft_str(text), type, &value));
    weft_error_t *error = weft_value_copy(&value, &copy);
    if (!error) {
        weft_wave_write(&out, type, &copy);
        if (out.failed) error = weft_error_oom();
        else assert_true(weft_str_eq(weft_buf_as_str(&out), weft_str(text)));
        weft_value_clear(&copy);
    }
    weft_value_clear(&value);
    weft_buf_free(&out);
    return error;
}

static weft_error_t *right_value(const type_t *type) {
    return read_wave(type, "({a: [1, 2, 3], b: some(\"a \\n b\")}, x(-9), [1, 2, 255])");
}

static weft_error_t *wrong_value(const type_t *type) {
    return read_wave(type, "({a: [1, 2, 3], b: some(\"text\")}, x(-9), [1, 2, 256])");
}

static weft_error_t *wave_work(void) {
    return with_value_type(right_value);
}

static weft_error_t *wrong_wave_work(void) {
    return with_value_type(wrong_value);
}

static void wave_survives(void **state) {
    (void)state;
    exhaust(wave_work, WEFT_OK);
    weft_error_t *error = wrong_wave_work();
    weft_code_t code = weft_error_code(error);
    assert_int_not_equal(code, WEFT_OK);
    weft_error_delete(error);
    exhaust(wrong_wave_work, code);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proxies_survive),        cmocka_unit_test(reading_survives),
        cmocka_unit_test(typing_and_wit_survive), cmocka_unit_test(the_graph_survives),
        cmocka_unit_test(editing_survives),       cmocka_unit_test(composing_survives),
        cmocka_unit_test(splicing_survives),      cmocka_unit_test(wrong_rules_survive),
        cmocka_unit_test(wave_survives),
    };
    return cmocka_run_group_tests(tests, load_all, NULL);
}
