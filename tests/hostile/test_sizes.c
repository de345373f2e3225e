/* Memory goes with the definitions of a component, never with the payload: code, data and custom sections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "component/types/typing.h"
#include "graph/graph.h"
#include "hostile/files.h"

/* Bytes held after each step. `made` is what an edit writes anew. */
typedef struct sizes {
    size_t read, bodies, types, graph, made;
    size_t definitions; /* bytes of the file that are definitions of components */
} sizes_t;

static void ok(weft_error_t *error) {
    if (error) fail_msg("%s", weft_error_message(error).ptr);
}

/* Everything that is not one of the three sections with payload. */
static size_t bytes_of_definitions(const scope_t *scope) {
    size_t sum = 0;
    for (def_t *def = scope->first; def; def = def->next) {
        scope_t *body;
        if (def->kind == DEF_COMPONENT) {
            ok(weft_component_body(def, &body));
            sum += bytes_of_definitions(body);
        } else if (def->kind != DEF_CORE_MODULE && def->kind != DEF_CUSTOM) {
            sum += def->source.len;
        }
        sum += 8; /* a preamble, headers of sections */
    }
    return sum;
}

static sizes_t measure(weft_bytes_t bytes) {
    sizes_t sizes = {0};
    document_t *document;
    type_pool_t *pool;
    const ctype_t *type;
    graph_t *graph;
    pieces_t pieces;
    ok(weft_document_read(bytes, &document));
    sizes.read = document->arena.used;
    sizes.definitions = bytes_of_definitions(document->root);
    sizes.bodies = document->arena.used;
    ok(weft_type_pool_new(&pool));
    ok(weft_typing_scope(pool, document->root, &type));
    sizes.types = weft_type_pool_arena(pool)->used;
    ok(weft_graph_new(document, &graph));
    sizes.graph = graph->arena.used;
    weft_def_touch(document->root->first);
    ok(weft_document_write(document, &pieces));
    assert_in_range(pieces.length, bytes.len - bytes.len / 100, bytes.len + bytes.len / 100);
    sizes.made = pieces.made.len;
    weft_pieces_free(&pieces);
    weft_graph_delete(graph);
    weft_type_pool_delete(pool);
    weft_document_delete(document);
    return sizes;
}

/* ---- a payload of any size ------------------------------------------------------------------------ */

static void put_custom(buf_t *out, size_t payload) {
    weft_buf_byte(out, 0x00);
    weft_buf_u32(out, (uint32_t)payload + 2);
    weft_buf_bytes(out, (const uint8_t[]){0x01, 'x'}, 2);
    weft_buf_reserve(out, payload);
    memset(out->data + out->len, 0, payload);
    out->len += payload;
}

/* A module and a component, each with a custom section that large, and another behind them. */
static buf_t with_payload(size_t payload) {
    static const uint8_t module[8] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    static const uint8_t component[8] = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};
    buf_t out = {0}, nested = {0};
    weft_buf_bytes(&out, component, sizeof component);
    weft_buf_bytes(&nested, module, sizeof module);
    put_custom(&nested, payload);
    weft_buf_byte(&out, SECTION_CORE_MODULE);
    weft_buf_u32(&out, (uint32_t)nested.len);
    weft_buf_bytes(&out, nested.data, nested.len);
    nested.len = 0;
    weft_buf_bytes(&nested, component, sizeof component);
    put_custom(&nested, payload);
    weft_buf_byte(&out, SECTION_COMPONENT);
    weft_buf_u32(&out, (uint32_t)nested.len);
    weft_buf_bytes(&out, nested.data, nested.len);
    weft_buf_free(&nested);
    put_custom(&out, payload);
    assert_false(out.failed);
    return out;
}

static void memory_is_the_same_for_any_payload(void **state) {
    (void)state;
    buf_t small = with_payload(1 << 10), large = with_payload(16 << 20);
    sizes_t of_small = measure(weft_buf_as_bytes(&small));
    sizes_t of_large = measure(weft_buf_as_bytes(&large));
    assert_int_equal(of_large.read, of_small.read);
    assert_int_equal(of_large.bodies, of_small.bodies);
    assert_int_equal(of_large.types, of_small.types);
    assert_int_equal(of_large.graph, of_small.graph);
    assert_in_range(of_large.made, 0, of_small.made + 16); /* longer lengths */
    weft_buf_free(&small);
    weft_buf_free(&large);
}

/* ---- real ones ------------------------------------------------------------------------------------ */

enum { LARGE = 1 << 20, PER_BYTE = 32, FLOOR = 1 << 14 };

static size_t seen;

static void measure_large(const char *path, weft_bytes_t bytes) {
    if (bytes.len < LARGE) return;
    sizes_t sizes = measure(bytes);
    size_t held = sizes.bodies + sizes.types + sizes.graph;
    print_message(
        "%s\n  %zu KiB, of them definitions %zu; memory: read %zu, bodies %zu, types %zu, "
        "graph %zu; made %zu KiB\n",
        path, bytes.len >> 10, sizes.definitions >> 10, sizes.read >> 10, sizes.bodies >> 10,
        sizes.types >> 10, sizes.graph >> 10, sizes.made >> 10);
    assert_in_range(held, 0, FLOOR + PER_BYTE * sizes.definitions);
    assert_in_range(sizes.made, 0, bytes.len / 10);
    seen++;
}

static void memory_of_large_components_goes_with_their_definitions(void **state) {
    (void)state;
    files_each(measure_large);
    if (!seen) skip(); /* the toolchains that make them are not here */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_the_same_for_any_payload),
        cmocka_unit_test(memory_of_large_components_goes_with_their_definitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
