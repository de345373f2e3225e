/* Replacing resources and identities in ctypes: what instantiation does to the exports of a component, and
 * what importing an instance type does to its types. Each distinct type is done once, by the memo. */
#include "component/types/ctype.h"
#include "support/alloc.h"

void weft_csubst_init(csubst_t *subst, type_pool_t *pool) {
    *subst = (csubst_t){.pool = pool};
    subst->structure.pool = pool;
    subst->structure.resources = &subst->resources;
}

void weft_csubst_free(csubst_t *subst) {
    weft_map_free(&subst->resources);
    weft_map_free(&subst->types);
    weft_substitution_free(&subst->structure);
}

bool weft_csubst_is_empty(const csubst_t *subst) {
    return subst->resources.count == 0 && subst->types.count == 0;
}

/* A heap array of the parts' replacements, freed by the caller; `changed` is set when one differs. */
static weft_error_t *subst_parts(csubst_t *subst, const ctype_t *const *parts, uint32_t count,
                                 const ctype_t ***out, bool *changed) {
    weft_error_t *error;
    TRY(weft_type_pool_work(subst->pool, count));
    const ctype_t **copy = weft_realloc_array(NULL, count, sizeof(ctype_t *));
    if (!copy) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) {
        TRY_OR(fail, weft_csubst_type(subst, parts[i], &copy[i]));
        *changed |= copy[i] != parts[i];
    }
    *out = copy;
    return NULL;
fail:
    weft_free(copy);
    return error;
}

static weft_error_t *subst_one(csubst_t *subst, const ctype_t **type, bool *changed) {
    const ctype_t *old = *type;
    TRY(weft_csubst_type(subst, old, type));
    *changed |= *type != old;
    return NULL;
}

static weft_error_t *subst_list(csubst_t *subst, extern_list_t *list, bool *changed) {
    const extern_item_t *old = list->items;
    TRY(weft_csubst_externs(subst, list, list));
    *changed |= list->items != old;
    return NULL;
}

/* Changes `shape`; `parts` is a heap array that it may point to afterwards. Bound resources are in no
 * map: they are replaced only where they are unbound, which is done with the lists of externs alone. */
static weft_error_t *subst_shape(csubst_t *subst, ctype_t *shape, const ctype_t ***parts,
                                 bool *changed) {
    const resource_t *resource;
    switch (shape->kind) {
    case CTYPE_VALUE:
        TRY(subst_parts(subst, shape->value.parts, shape->value.part_count, parts, changed));
        shape->value.parts = *parts;
        return weft_substitute_type(&subst->structure, shape->value.type, &shape->value.type);
    case CTYPE_FUNC:
        TRY(subst_one(subst, &shape->func.result, changed));
        TRY(subst_parts(subst, shape->func.params, shape->func.type->param_count, parts, changed));
        shape->func.params = *parts;
        return weft_substitute_func_type(&subst->structure, shape->func.type, &shape->func.type);
    case CTYPE_RESOURCE:
        resource = weft_substitute_resource(&subst->structure, shape->resource);
        *changed |= resource != shape->resource;
        shape->resource = resource;
        return NULL;
    case CTYPE_COMPONENT:
        TRY(subst_list(subst, &shape->component.imports, changed));
        return subst_list(subst, &shape->component.exports, changed);
    case CTYPE_INSTANCE: return subst_list(subst, &shape->instance.exports, changed);
    }
    return NULL;
}

weft_error_t *weft_csubst_type(csubst_t *subst, const ctype_t *type, const ctype_t **out) {
    if (!type || (!type->is_open && subst->renames == 0)) {
        *out = type;
        return NULL;
    }
    const ctype_t *known = weft_map_get_ptr(&subst->types, type);
    if (known) {
        *out = known;
        return NULL;
    }
    ctype_t shape = *type;
    const ctype_t **parts = NULL;
    bool changed = false;
    weft_error_t *error = weft_type_pool_work(subst->pool, 1);
    if (!error && type->renames) error = subst_one(subst, &shape.renames, &changed);
    if (!error) error = subst_shape(subst, &shape, &parts, &changed);
    known = type;
    if (!error && changed) error = weft_ctype_new(subst->pool, &shape, &known);
    weft_free(parts);
    if (error) return error;
    TRY(weft_map_set_ptr(&subst->types, type, (void *)(uintptr_t)known));
    *out = known;
    return NULL;
}

weft_error_t *weft_csubst_externs(csubst_t *subst, const extern_list_t *list, extern_list_t *out) {
    extern_item_t *items = NULL;
    TRY(weft_type_pool_work(subst->pool, list->count));
    for (uint32_t i = 0; i < list->count; i++) {
        const ctype_t *type;
        TRY(weft_csubst_type(subst, list->items[i].type.type, &type));
        if (type == list->items[i].type.type) continue;
        if (!items) {
            items = ARENA_ARRAY(weft_type_pool_arena(subst->pool), extern_item_t, list->count);
            if (!items) return weft_error_oom();
            memcpy(items, list->items, list->count * sizeof *items);
        }
        items[i].type.type = type;
    }
    *out = *list; /* the names stay, and so does their order */
    if (!items) return NULL;
    out->items = items;
    weft_extern_list_sum(out);
    return NULL;
}

weft_error_t *weft_csubst_resource(csubst_t *subst, const resource_t *old, const resource_t *new_) {
    return weft_map_set_ptr(&subst->resources, old, (void *)(uintptr_t)new_);
}

weft_error_t *weft_csubst_rename(csubst_t *subst, const ctype_t *old, const ctype_t *new_) {
    subst->renames++;
    return weft_map_set_ptr(&subst->types, old, (void *)(uintptr_t)new_);
}

weft_error_t *weft_csubst_freshen(csubst_t *subst, resource_list_t old, const void *owner,
                                  resource_list_t *fresh) {
    const resource_t **made =
        ARENA_ARRAY(weft_type_pool_arena(subst->pool), const resource_t *, old.count);
    if (!made) return weft_error_oom();
    TRY(weft_type_pool_work(subst->pool, old.count));
    for (uint32_t i = 0; i < old.count; i++) {
        TRY(weft_resource_new(subst->pool, old.items[i]->name, owner, &made[i]));
        TRY(weft_csubst_resource(subst, old.items[i], made[i]));
    }
    weft_map_free(&subst->structure.memo); /* it may know types that mention the old ones */
    *fresh = (resource_list_t){made, old.count};
    return NULL;
}
