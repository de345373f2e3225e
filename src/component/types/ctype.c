/* Making ctypes and lists of externs. Sizes and depths are limited here, where every type passes. */
#include "component/types/ctype.h"

#include <stdlib.h>

#include "support/alloc.h"

/* ---- what is computed once per type --------------------------------------------------------- */

typedef struct sum {
    uint64_t size;
    uint32_t depth;
    bool is_open;
} sum_t;

static void add_part(sum_t *sum, const ctype_t *part) {
    if (!part) return;
    sum->size += part->size;
    if (part->depth > sum->depth) sum->depth = part->depth;
    sum->is_open |= part->is_open;
}

static void add_parts(sum_t *sum, const ctype_t *const *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) add_part(sum, parts[i]);
}

static void add_externs(sum_t *sum, const extern_list_t *list) {
    sum->size += list->size;
    if (list->depth > sum->depth) sum->depth = list->depth;
    sum->is_open |= list->is_open;
}

void weft_extern_list_sum(extern_list_t *list) {
    sum_t sum = {0};
    for (uint32_t i = 0; i < list->count; i++) {
        sum.size++;
        add_part(&sum, list->items[i].type.type);
    }
    list->size = sum.size;
    list->depth = sum.depth;
    list->is_open = sum.is_open;
}

static sum_t sum_of(const ctype_t *type) {
    sum_t sum = {.size = 1};
    switch (type->kind) {
    case CTYPE_VALUE: add_parts(&sum, type->value.parts, type->value.part_count); break;
    case CTYPE_FUNC:
        add_parts(&sum, type->func.params, type->func.type->param_count);
        add_part(&sum, type->func.result);
        break;
    case CTYPE_RESOURCE: sum.is_open = true; break;
    case CTYPE_COMPONENT:
        add_externs(&sum, &type->component.imports);
        add_externs(&sum, &type->component.exports);
        break;
    case CTYPE_INSTANCE: add_externs(&sum, &type->instance.exports); break;
    }
    if (type->renames && type->renames->depth > sum.depth) sum.depth = type->renames->depth;
    sum.depth++;
    return sum;
}

/* ---- free resources ------------------------------------------------------------------------- */

/* A resource is bound in one place, so what is free is what is mentioned anywhere minus what is bound
 * anywhere: one walk over the distinct types, in any order. */
typedef struct mentions {
    type_pool_t *pool;
    map_t *set;
    map_t bound;
    map_t seen; /* ctype_t and type_t */
} mentions_t;

static void *as_value(const void *pointer) {
    return (void *)(uintptr_t)pointer; /* a map's values are not const */
}

static weft_error_t *mention_externs(mentions_t *mentions, const extern_list_t *list);

static weft_error_t *bind_all(mentions_t *mentions, resource_list_t list) {
    for (uint32_t i = 0; i < list.count; i++) {
        TRY(weft_map_set_ptr(&mentions->bound, list.items[i], as_value(list.items[i])));
    }
    return NULL;
}

static weft_error_t *mention(mentions_t *mentions, const ctype_t *type) {
    if (!type || !type->is_open || weft_map_get_ptr(&mentions->seen, type)) return NULL;
    TRY(weft_map_set_ptr(&mentions->seen, type, as_value(type)));
    switch (type->kind) {
    case CTYPE_RESOURCE:
        return weft_map_set_ptr(mentions->set, type->resource, as_value(type->resource));
    case CTYPE_VALUE:
        TRY(weft_type_pool_work(mentions->pool, type->value.part_count));
        for (uint32_t i = 0; i < type->value.part_count; i++) {
            TRY(mention(mentions, type->value.parts[i]));
        }
        return NULL;
    case CTYPE_FUNC:
        TRY(weft_type_pool_work(mentions->pool, type->func.type->param_count));
        for (uint32_t i = 0; i < type->func.type->param_count; i++) {
            TRY(mention(mentions, type->func.params[i]));
        }
        return mention(mentions, type->func.result);
    case CTYPE_COMPONENT:
        TRY(bind_all(mentions, type->component.imported));
        TRY(bind_all(mentions, type->component.defined));
        TRY(mention_externs(mentions, &type->component.imports));
        return mention_externs(mentions, &type->component.exports);
    case CTYPE_INSTANCE:
        TRY(bind_all(mentions, type->instance.defined));
        return mention_externs(mentions, &type->instance.exports);
    }
    return NULL;
}

static weft_error_t *mention_externs(mentions_t *mentions, const extern_list_t *list) {
    TRY(weft_type_pool_work(mentions->pool, list->count));
    for (uint32_t i = 0; i < list->count; i++) TRY(mention(mentions, list->items[i].type.type));
    return NULL;
}

/* Moves what is mentioned and not bound into `set`. */
static weft_error_t *take_free(const map_t *mentioned, const map_t *bound, map_t *set) {
    for (size_t i = 0; i < mentioned->capacity; i++) {
        const map_entry_t *entry = &mentioned->entries[i];
        if (!entry->value || weft_map_get_ptr(bound, entry->value)) continue;
        TRY(weft_map_set_ptr(set, entry->value, entry->value));
    }
    return NULL;
}

weft_error_t *weft_extern_free_resources(type_pool_t *pool, const extern_list_t *list, map_t *set) {
    map_t mentioned = {0};
    mentions_t mentions = {.pool = pool, .set = &mentioned};
    weft_error_t *error = mention_externs(&mentions, list);
    if (!error) error = take_free(&mentioned, &mentions.bound, set);
    weft_map_free(&mentions.bound);
    weft_map_free(&mentions.seen);
    weft_map_free(&mentioned);
    return error;
}

/* Whether a type that binds resources mentions others. */
static weft_error_t *has_free(type_pool_t *pool, const ctype_t *type, bool *has) {
    map_t mentioned = {0}, open = {0};
    mentions_t mentions = {.pool = pool, .set = &mentioned};
    ctype_t looked_into = *type;
    looked_into.is_open = true;
    weft_error_t *error = mention(&mentions, &looked_into);
    if (!error) error = take_free(&mentioned, &mentions.bound, &open);
    if (!error) *has = open.count > 0;
    weft_map_free(&mentions.bound);
    weft_map_free(&mentions.seen);
    weft_map_free(&mentioned);
    weft_map_free(&open);
    return error;
}

static bool binds(const ctype_t *type) {
    if (type->kind == CTYPE_INSTANCE) return type->instance.defined.count > 0;
    if (type->kind != CTYPE_COMPONENT) return false;
    return type->component.imported.count > 0 || type->component.defined.count > 0;
}

/* ---- making --------------------------------------------------------------------------------- */

static weft_error_t *copy_parts(arena_t *arena, const ctype_t *const **parts, uint32_t count) {
    const ctype_t **copy = ARENA_ARRAY(arena, const ctype_t *, count);
    if (!copy) return weft_error_oom();
    if (count) memcpy(copy, *parts, count * sizeof(ctype_t *));
    *parts = copy;
    return NULL;
}

weft_error_t *weft_ctype_new(type_pool_t *pool, const ctype_t *shape, const ctype_t **type) {
    arena_t *arena = weft_type_pool_arena(pool);
    sum_t sum = sum_of(shape);
    TRY(weft_type_pool_work(pool, 1));
    if (sum.size > CTYPE_SIZE_MAX) {
        return weft_error_new(WEFT_LIMIT, "a type is larger than %d when it is written out",
                              CTYPE_SIZE_MAX);
    }
    if (sum.depth > TYPE_DEPTH_MAX) {
        return weft_error_new(WEFT_LIMIT, "a type is nested more than %d deep", TYPE_DEPTH_MAX);
    }
    ctype_t *made = ARENA_NEW(arena, ctype_t);
    if (!made) return weft_error_oom();
    *made = *shape;
    made->size = (uint32_t)sum.size;
    made->depth = sum.depth;
    made->is_open = sum.is_open;
    if (sum.is_open && binds(made)) TRY(has_free(pool, made, &made->is_open));
    if (made->kind == CTYPE_VALUE) {
        TRY(copy_parts(arena, &made->value.parts, made->value.part_count));
    } else if (made->kind == CTYPE_FUNC) {
        TRY(copy_parts(arena, &made->func.params, made->func.type->param_count));
    }
    *type = made;
    return NULL;
}

weft_error_t *weft_ctype_rename(type_pool_t *pool, const ctype_t *type, weft_str_t name,
                                const def_t *def, const ctype_t **renamed) {
    if (type->depth >= TYPE_DEPTH_MAX) {
        return weft_error_new(WEFT_LIMIT, "a type is nested more than %d deep", TYPE_DEPTH_MAX);
    }
    TRY(weft_type_pool_work(pool, 1));
    ctype_t *made = ARENA_NEW(weft_type_pool_arena(pool), ctype_t);
    if (!made) return weft_error_oom();
    *made = *type;
    made->renames = type;
    made->depth++;
    made->name = name;
    made->def = def;
    *renamed = made;
    return NULL;
}

weft_error_t *weft_ctype_prim(type_pool_t *pool, type_kind_t kind, const ctype_t **type) {
    ctype_t shape = {.kind = CTYPE_VALUE};
    shape.value.type = weft_type_prim(pool, kind);
    return weft_ctype_new(pool, &shape, type);
}

const ctype_t *weft_ctype_origin(const ctype_t *type) {
    while (type->renames) type = type->renames;
    return type;
}

/* ---- lists ---------------------------------------------------------------------------------- */

weft_error_t *weft_resource_list_new(type_pool_t *pool, const resource_t *const *items,
                                     size_t count, resource_list_t *list) {
    const resource_t **copy = ARENA_ARRAY(weft_type_pool_arena(pool), const resource_t *, count);
    if (!copy) return weft_error_oom();
    if (count) memcpy(copy, items, count * sizeof(resource_t *));
    *list = (resource_list_t){copy, (uint32_t)count};
    return NULL;
}

typedef struct named_place {
    weft_str_t name;
    uint32_t place;
} named_place_t;

static int compare_names(weft_str_t a, weft_str_t b) {
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_places(const void *left, const void *right) {
    const named_place_t *a = left, *b = right;
    int order = compare_names(a->name, b->name);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static weft_error_t *duplicate(const extern_item_t *item) {
    uint64_t offset = item->def ? weft_def_offset(item->def) : WEFT_NO_OFFSET;
    return weft_error_at(WEFT_INVALID, offset, "the name `%.*s` is there twice",
                         STR_ARG(item->name));
}

static weft_error_t *sort_names(const extern_item_t *items, uint32_t count, uint32_t *by_name) {
    weft_error_t *error = NULL;
    if (count < 2) return NULL; /* one name stands at 0 */
    named_place_t *places = weft_realloc_array(NULL, count, sizeof *places);
    if (!places) return weft_error_oom();
    for (uint32_t i = 0; i < count; i++) places[i] = (named_place_t){items[i].name, i};
    qsort(places, count, sizeof *places, compare_places);
    for (uint32_t i = 0; i < count && !error; i++) {
        by_name[i] = places[i].place;
        if (i && weft_str_eq(places[i].name, places[i - 1].name)) {
            error = duplicate(&items[places[i].place]);
        }
    }
    weft_free(places);
    return error;
}

weft_error_t *weft_extern_list_new(type_pool_t *pool, const extern_item_t *items, size_t count,
                                   extern_list_t *list) {
    arena_t *arena = weft_type_pool_arena(pool);
    extern_item_t *copy = ARENA_ARRAY(arena, extern_item_t, count);
    uint32_t *by_name = ARENA_ARRAY(arena, uint32_t, count);
    if (!copy || !by_name) return weft_error_oom();
    if (count) memcpy(copy, items, count * sizeof *copy);
    TRY(sort_names(copy, (uint32_t)count, by_name));
    *list = (extern_list_t){.items = copy, .by_name = by_name, .count = (uint32_t)count};
    weft_extern_list_sum(list);
    return NULL;
}

const extern_item_t *weft_extern_find(const extern_list_t *list, weft_str_t name) {
    uint32_t low = 0, high = list->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const extern_item_t *item = &list->items[list->by_name[middle]];
        int order = compare_names(name, item->name);
        if (order == 0) return item;
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return NULL;
}

const extern_item_t *weft_instance_type_find(const ctype_t *instance, weft_str_t name) {
    return weft_extern_find(&instance->instance.exports, name);
}

const char *weft_extern_type_words(const extern_type_t *type) {
    if (type->sort != SORT_TYPE) return weft_sort_words(type->sort);
    switch (type->type->kind) {
    case CTYPE_FUNC: return "func type";
    case CTYPE_RESOURCE: return "resource";
    case CTYPE_COMPONENT: return "component type";
    case CTYPE_INSTANCE: return "instance type";
    case CTYPE_VALUE: break;
    }
    return "type";
}
