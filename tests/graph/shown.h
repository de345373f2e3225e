/* A graph made from text, and what is printed of it. */
#ifndef WEFT_TESTS_GRAPH_SHOWN_H
#define WEFT_TESTS_GRAPH_SHOWN_H

#include "graph/render.h"

typedef struct shown {
    weft_bytes_t bytes;
    document_t *document;
    graph_t *graph;
} shown_t;

/* Skips the test when wasm-tools is missing; fails it when the text has no graph. */
shown_t shown_open(const char *wat);
void shown_close(shown_t *shown);

/* The graph of `wat`, rendered, must be `expected`; `filter` NULL: all of it. */
typedef weft_error_t *(*renderer_t)(view_t *view, buf_t *out);
void shown_assert(const char *wat, renderer_t render, detail_t detail, const char *filter,
                  const char *expected);

/* Making the graph of `wat` (which need not be valid) must fail with this message. */
void shown_assert_error(const char *wat, const char *expected);

#endif
