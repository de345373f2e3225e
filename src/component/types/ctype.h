/* Making ctypes (typing.h): how typing.c and its neighbours build and substitute them. */
#ifndef WEFT_COMPONENT_TYPES_CTYPE_H
#define WEFT_COMPONENT_TYPES_CTYPE_H

#include "component/types/typing.h"

/* Copies `shape` (kind and the union's member) into the pool, with is_open and size computed. */
weft_error_t *weft_ctype_new(type_pool_t *pool, const ctype_t *shape, const ctype_t **type);

/* The same type under a new name: another identity. */
weft_error_t *weft_ctype_rename(type_pool_t *pool, const ctype_t *type, weft_str_t name,
                                const def_t *def, const ctype_t **renamed);

/* The ctype of a primitive that is written in place (without an entry in the type index space). */
weft_error_t *weft_ctype_prim(type_pool_t *pool, type_kind_t kind, const ctype_t **type);

/* An instance or component type with these exports; the items are copied into the pool. */
weft_error_t *weft_extern_list_new(type_pool_t *pool, const extern_item_t *items, size_t count,
                                   extern_list_t *list);
/* Sets size, depth and is_open of a list from its items. */
void weft_extern_list_sum(extern_list_t *list);

weft_error_t *weft_resource_list_new(type_pool_t *pool, const resource_t *const *items,
                                     size_t count, resource_list_t *list);

/* Collects the resources that a type mentions and does not bind into a set (resource_t* -> itself). */
weft_error_t *weft_extern_free_resources(type_pool_t *pool, const extern_list_t *list, map_t *set);

/* ---- substitution --------------------------------------------------------------------------- */

/* Replaces resources and identities: `types` says for each type what stands for it, as asked for with
 * weft_csubst_rename or as worked out before. */
typedef struct csubst {
    type_pool_t *pool;
    map_t resources; /* resource_t* -> resource_t* */
    map_t types;     /* ctype_t* -> ctype_t* */
    size_t renames;  /* how many of them were asked for */
    substitution_t structure;
} csubst_t;

void weft_csubst_init(csubst_t *subst, type_pool_t *pool); /* `subst` must not be moved */
void weft_csubst_free(csubst_t *subst);
bool weft_csubst_is_empty(const csubst_t *subst);

/* All of these come before the first type is substituted. */
weft_error_t *weft_csubst_resource(csubst_t *subst, const resource_t *old, const resource_t *new_);
weft_error_t *weft_csubst_rename(csubst_t *subst, const ctype_t *old, const ctype_t *new_);

/* Maps each resource of the list to a fresh one; `fresh` has them in the same order. */
weft_error_t *weft_csubst_freshen(csubst_t *subst, resource_list_t old, const void *owner,
                                  resource_list_t *fresh);

weft_error_t *weft_csubst_type(csubst_t *subst, const ctype_t *type, const ctype_t **out);
weft_error_t *weft_csubst_externs(csubst_t *subst, const extern_list_t *list, extern_list_t *out);

#endif
