/* The functions a component exports, and finding one by what people write. */
#ifndef WEFT_RUNTIME_EXPORTS_H
#define WEFT_RUNTIME_EXPORTS_H

#include "component/types/typing.h"
#include "support/vec.h"

typedef struct exported_func {
    weft_str_t interface; /* empty: at the root */
    weft_str_t name;      /* as exported: `[method]order.total` */
    const func_type_t *type;
} exported_func_t;

typedef VEC(exported_func_t) exported_funcs_t;

/* All functions at the root and in exported instances, in order. Strings are the document's. */
weft_error_t *weft_exports_list(const ctype_t *component, exported_funcs_t *funcs);

/* Whether `said` is the interface's name, or that without version, namespace or package. */
bool weft_interface_matches(weft_str_t interface, weft_str_t said);

/* What is looked for. An interface matches with or without its package and version. */
typedef struct func_query {
    bool anywhere;        /* no interface is said: at the root, or in the one that has it */
    weft_str_t interface; /* empty: at the root */
    weft_str_t name;
} func_query_t;

/* Not found and ambiguous are WEFT_NOT_FOUND errors that list what there is. */
weft_error_t *weft_exports_find(const exported_funcs_t *funcs, const func_query_t *query,
                                const exported_func_t **found);

#endif
