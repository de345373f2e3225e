/* Imports of a plugin that other plugins serve: which export meets which import, and whether their types agree.
 *
 * Each plugin has types in a pool of its own. To compare an import with an export of another plugin, the export's types
 * are made anew in the importer's pool, with every resource replaced by the one that it really is: the resource of the
 * plugin that defines it, however many plugins it came through. Then equal types are one type, as everywhere.
 *
 * Plugins of one component may share their types (program.h), but not their resources. So where they do, each resource of a
 * provider has a stand-in: a resource_t that is that plugin's alone. */
#ifndef WEFT_RUNTIME_LINK_H
#define WEFT_RUNTIME_LINK_H

#include <weft/runtime.h>

#include "component/types/typing.h"
#include "runtime/given.h"
#include "support/vec.h"

typedef struct link {
    const extern_item_t *import, *export_; /* of the two components' types */
    weft_plugin_t *provider;
} link_t;

typedef struct links {
    VEC(link_t) items;
    map_t
        resources; /* resource_t of an import -> the resource_t that it is, of the plugin that defines it */
    map_t
        stand_ins; /* resource_t of a program that is shared -> this plugin's; under the plugin's lock */
} links_t;

/* Finds what the providers serve, and checks it. `component` is typed in `pool`. */
weft_error_t *weft_links_make(links_t *links, type_pool_t *pool, const ctype_t *component,
                              const given_funcs_t *given, weft_plugin_t *const *providers,
                              size_t count);
void weft_links_free(links_t *links);

/* NULL: no other plugin serves the import. */
const link_t *weft_links_find(const links_t *links, weft_str_t import);

#endif
