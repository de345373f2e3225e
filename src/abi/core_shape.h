/* What a core module or core instance offers: the names of its imports and exports with their types. */
#ifndef WEFT_ABI_CORE_SHAPE_H
#define WEFT_ABI_CORE_SHAPE_H

#include "component/model.h"
#include "core/read.h"
#include "support/map.h"

/* A module (or the instance of one) is asked when something is looked up; a module type and an instance of inline
 * exports have their items in `items`. */
typedef struct core_shape {
    core_module_t *module; /* NULL: `items` */
    const core_import_t *imports;
    uint32_t import_count;
    map_t items; /* name -> core_item_t*, owned; an item may be `unknown` */
} core_shape_t;

/* The kind of an item whose type is not told (GC types): it fits everything. */
extern const core_item_t weft_core_unknown;

void weft_core_shape_free(core_shape_t *shape);

/* Of a DEF_CORE_MODULE or DEF_CORE_MODULE_TYPE; the shape and what it points to live in the arena, but for
 * the map. */
weft_error_t *weft_core_shape_of(arena_t *arena, const def_t *module, core_shape_t *shape);

/* `found` false: no such export. */
weft_error_t *weft_core_shape_export(const core_shape_t *shape, weft_str_t name, bool *found,
                                     core_item_t *item);

/* NULL when `given` may be used where `asked` stands, else the reason (a static text). */
const char *weft_core_item_mismatch(const core_item_t *asked, const core_item_t *given);

/* The same for modules: `given` needs no import that `asked` has not, and exports all that `asked` exports. */
weft_error_t *weft_core_shape_match(arena_t *arena, const core_shape_t *asked,
                                    const core_shape_t *given);

/* "func", "table", ... */
const char *weft_core_kind_words(core_kind_t kind);

#endif
