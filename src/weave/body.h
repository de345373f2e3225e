/* Weaving inside one component body: the recipe of splice.md, for both sides at once. */
#ifndef WEFT_WEAVE_BODY_H
#define WEFT_WEAVE_BODY_H

#include "weave/item.h"

/* The hook functions as the body imports them: func(target: u32, call: u64), gate with a u32 result,
 * block func() -> u64. Names are unique in the body; empty: there is no such hook. */
typedef struct hook_names {
    weft_str_t before, after, gate, block;
} hook_names_t;

/* Inserts imports of the hooks, generated modules and their instances, and points the items' slots at the
 * woven functions. Records in `innermost` where the original of each lift is referred to now. `refusal` of a gate
 * names the middleware. */
weft_error_t *weft_weave_body(scope_t *scope, const items_t *items, const hook_names_t *names,
                              weft_str_t middleware, map_t *innermost);

/* Imports the hooks at the beginning of a scope: a func type and an import each (NULL where the name is
 * empty). */
typedef struct hook_defs {
    def_t *before, *after, *gate, *block;
} hook_defs_t;

weft_error_t *weft_import_hooks(scope_t *scope, const hook_names_t *names, hook_defs_t *defs);

/* The lowest number above those of the hook imports that the scope has ("weft-b0" has 0). */
uint32_t weft_free_hook_number(const scope_t *scope);

#endif
