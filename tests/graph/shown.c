#include "graph/shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/oracle.h"

static void assert_no_error(weft_error_t *error) {
    if (!error) return;
    weft_str_t message = weft_error_message(error);
    fail_msg("%.*s", STR_ARG(message));
}

shown_t shown_open(const char *wat) {
    shown_t shown = {0};
    oracle_need();
    shown.bytes = oracle_parse(wat);
    oracle_assert_valid(shown.bytes);
    assert_no_error(weft_document_read(shown.bytes, &shown.document));
    assert_no_error(weft_graph_new(shown.document, &shown.graph));
    return shown;
}

void shown_close(shown_t *shown) {
    weft_graph_delete(shown->graph);
    weft_document_delete(shown->document);
    free((void *)shown->bytes.ptr);
}

void shown_assert(const char *wat, renderer_t render, detail_t detail, const char *filter,
                  const char *expected) {
    shown_t shown = shown_open(wat);
    view_t *view;
    buf_t out = {0};
    assert_no_error(weft_view_new(shown.graph, detail, (weft_str_t){0}, 80,
                                  weft_str(filter ? filter : ""), &view));
    assert_no_error(render(view, &out));
    weft_buf_byte(&out, 0);
    assert_false(out.failed);
    assert_string_equal((const char *)out.data, expected);
    weft_buf_free(&out);
    weft_view_delete(view);
    shown_close(&shown);
}

void shown_assert_error(const char *wat, const char *expected) {
    oracle_need();
    weft_bytes_t bytes = oracle_parse(wat);
    document_t *document;
    graph_t *graph = NULL;
    assert_no_error(weft_document_read(bytes, &document));
    weft_error_t *error = weft_graph_new(document, &graph);
    assert_non_null(error);
    weft_str_t message = weft_error_message(error);
    char *text = weft_alloc_str(message);
    assert_string_equal(text, expected);
    weft_free(text);
    weft_error_delete(error);
    weft_document_delete(document);
    free((void *)bytes.ptr);
}
