/* Components: reading them, asking what they are, writing them.
 *
 *     weft_component_t *component;
 *     char *wit;
 *     CHECK(weft_component_load("app.wasm", &component));
 *     CHECK(weft_component_wit(component, &wit));
 *     puts(wit);
 *     weft_free(wit);
 *     weft_component_delete(component);
 *
 * A component is not changed by any call; compose.h and splice.h make new ones. Reading looks at the
 * definitions only, core modules are not touched: time and memory do not grow with the payload. One
 * component may be used by one thread at a time. */
#ifndef WEFT_COMPONENT_H
#define WEFT_COMPONENT_H

#include <weft/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct weft_component weft_component_t;

/* Maps the file and reads it. Errors: WEFT_IO; WEFT_MALFORMED and WEFT_INVALID with the byte offset; a
 * core module or a text is told as what it is. */
WEFT_API weft_error_t *weft_component_load(const char *path, weft_component_t **component);

/* Reads bytes that the caller keeps and does not change as long as the component lives. */
WEFT_API weft_error_t *weft_component_read(weft_bytes_t bytes, weft_component_t **component);
WEFT_API void weft_component_delete(weft_component_t *component); /* NULL is allowed */

/* The whole binary. Owned by the component. */
WEFT_API weft_bytes_t weft_component_bytes(const weft_component_t *component);

/* Writes the binary to a temporary name beside `path` and renames it: the file is whole or as it was. */
WEFT_API weft_error_t *weft_component_save(const weft_component_t *component, const char *path);

/* Whether it follows the rules of the specification at the component level (names, sorts, types, options).
 * NULL: it does; else the first thing that is wrong, with its offset. Bodies of core modules are not
 * looked at: see weft_engine_check in runtime.h. */
WEFT_API weft_error_t *weft_component_validate(weft_component_t *component);

/* Its world and interfaces as WIT, which `wasm-tools component wit` reads. The caller frees *text with
 * weft_free. */
WEFT_API weft_error_t *weft_component_wit(weft_component_t *component, char **text);

/* Reads and writes everything anew, nested components included; for components made by wasm-tools and wac
 * the bytes are the same. */
WEFT_API weft_error_t *weft_component_reencode(const weft_component_t *component,
                                               weft_component_t **reencoded);

/* ---- the composition inside --------------------------------------------------------------------- */

typedef enum weft_graph_format {
    WEFT_GRAPH_TEXT,
    WEFT_GRAPH_MERMAID,
    WEFT_GRAPH_DOT,
    WEFT_GRAPH_JSON /* its keys: docs/graph.md */
} weft_graph_format_t;

typedef enum weft_graph_detail {
    WEFT_GRAPH_EDGES,      /* which node uses which */
    WEFT_GRAPH_INTERFACES, /* and by which interfaces */
    WEFT_GRAPH_FULL        /* and their functions */
} weft_graph_detail_t;

/* Shows the nodes (component instances) and edges (who gets which interface from whom). `title` is what the
 * whole is called, may be NULL. The caller frees *text with weft_free. */
WEFT_API weft_error_t *weft_component_graph(weft_component_t *component, weft_graph_format_t format,
                                            weft_graph_detail_t detail, const char *title,
                                            char **text);

#ifdef __cplusplus
}
#endif
#endif
