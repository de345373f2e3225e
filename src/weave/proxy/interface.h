/* The interfaces of a proxy: their imports, and the instances that are exported. */
#ifndef WEFT_WEAVE_PROXY_INTERFACE_H
#define WEFT_WEAVE_PROXY_INTERFACE_H

#include "weave/proxy/naming.h"

/* Imports an instance, a type or a function into a scope whose names are `root`; its types have names there from now
 * on. With `types_only` an instance has its types and no functions. `twin` is another item of this name, whose types
 * are to be these; NULL: there is none. */
weft_error_t *weft_proxy_import(naming_t *root, const extern_item_t *item,
                                const extern_item_t *twin, bool types_only, def_t **import);

/* One function of an interface as it is exported: its type and the function itself. */
typedef struct proxy_export {
    const ctype_t *type;
    def_t *func;
} proxy_export_t;

/* An instance with the types and functions of an interface that was imported: `funcs` in the order of the interface. The
 * types are the imported ones. */
weft_error_t *weft_proxy_instance(naming_t *root, const extern_list_t *interface,
                                  const proxy_export_t *funcs, def_t **instance);

/* The name of an import or export as it was written. */
extern_name_t weft_proxy_name(const extern_item_t *item);

#endif
