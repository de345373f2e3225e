/* Wiring separate components into one. */
#ifndef WEFT_COMPOSE_H
#define WEFT_COMPOSE_H

#include <weft/component.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct weft_part {
    const char *name; /* of the node; unique among the parts */
    const weft_component_t *component;
} weft_part_t;

/* Imports of the parts are wired to exports of the others by interface name, in a version that goes together,
 * after a check of their types. What no part exports becomes an import of the result. The result exports what
 * the parts named in `exports` export; with export_count 0, what nothing consumes. Errors (several in one
 * list): an ambiguous provider, a cycle, types that do not fit, each with the candidates or the reasons. The
 * result has bytes of its own: the parts may be deleted. */
WEFT_API weft_error_t *weft_compose(const weft_part_t *parts, size_t part_count,
                                    const char *const *exports, size_t export_count,
                                    weft_component_t **result);

#ifdef __cplusplus
}
#endif
#endif
