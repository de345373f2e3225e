#include "weave/body/handles.h"

/* Engines take no larger types (1 000 000 parts); 1 GiB keeps offsets within 32 bits. */
enum { MAX_NODES = 1 << 20, MAX_SIZE = 1 << 30 };

void weft_handles_free(handles_t *handles) {
    VEC_FREE(&handles->types);
    VEC_FREE(&handles->resources);
    weft_map_free(&handles->numbers);
    weft_map_free(&handles->seen);
    weft_map_free(&handles->mentioned);
    weft_map_free(&handles->drops);
    weft_spelling_free(&handles->spelling);
}

/* ---- looking at types ---- */

bool weft_handles_any(const func_type_t *func) {
    for (uint32_t i = 0; i < func->param_count; i++)
        if (weft_holds_handle(func->params[i].type)) return true;
    return false;
}

static bool is_handle(const type_t *type) {
    return type->kind == TYPE_OWN || type->kind == TYPE_STREAM || type->kind == TYPE_FUTURE ||
           type->kind == TYPE_ERROR_CONTEXT;
}

/* A part may be absent. What is seen is not looked into again: types are shared, not trees. */
static weft_error_t *gather(const type_t *type, map_t *seen, handle_types_t *types) {
    if (!type || !weft_holds_handle(type) || weft_map_get_ptr(seen, type)) return NULL;
    TRY(weft_map_set_ptr(seen, type, (void *)(uintptr_t)type));
    if (is_handle(type)) return VEC_PUSH(types, type);
    for (uint32_t i = 0; i < type->field_count; i++) TRY(gather(type->fields[i].type, seen, types));
    TRY(gather(type->element, seen, types));
    return gather(type->error, seen, types);
}

weft_error_t *weft_handles_of(const func_type_t *func, map_t *seen, handle_types_t *types) {
    for (uint32_t i = 0; i < func->param_count; i++) TRY(gather(func->params[i].type, seen, types));
    return NULL;
}

static resource_place_t *place_of(const handles_t *handles, const resource_t *resource) {
    uintptr_t number = (uintptr_t)weft_map_get_ptr(&handles->numbers, resource);
    return number ? &handles->resources.items[number - 1] : NULL;
}

static weft_error_t *note_resource(handles_t *handles, const resource_t *resource) {
    if (place_of(handles, resource)) return NULL;
    TRY(VEC_PUSH(&handles->resources, (resource_place_t){.resource = resource}));
    return weft_map_set_ptr(&handles->numbers, resource, (void *)handles->resources.count);
}

/* What a handle type mentions: its resource, or those in what a stream or a future carries. */
static weft_error_t *note_resources(handles_t *handles, const type_t *type) {
    map_t *seen = &handles->mentioned;
    if (!type || !(type->has_own || type->has_borrow) || weft_map_get_ptr(seen, type)) return NULL;
    TRY(weft_map_set_ptr(seen, type, (void *)(uintptr_t)type));
    if (type->resource) return note_resource(handles, type->resource);
    for (uint32_t i = 0; i < type->field_count; i++)
        TRY(note_resources(handles, type->fields[i].type));
    TRY(note_resources(handles, type->key));
    TRY(note_resources(handles, type->element));
    return note_resources(handles, type->error);
}

/* Whether the parameters together are larger than what is walked. */
static bool is_too_large(const func_type_t *func) {
    uint64_t nodes = 0, bytes = 0;
    for (uint32_t i = 0; i < func->param_count; i++) {
        const type_t *type = func->params[i].type;
        nodes += type->nodes;
        bytes += type->byte_size + type->byte_align;
        if (nodes > MAX_NODES || bytes > MAX_SIZE) return true;
    }
    return false;
}

/* What a list holds does not count for the size of the list. */
static bool has_large_part(const handles_t *handles) {
    for (size_t i = 0; i < handles->seen.capacity; i++) {
        const map_entry_t *entry = &handles->seen.entries[i];
        if (entry->value && ((const type_t *)entry->value)->byte_size > MAX_SIZE) return true;
    }
    return false;
}

weft_error_t *weft_handles_note(handles_t *handles, const func_type_t *func) {
    if (!weft_handles_any(func)) return NULL;
    size_t known = handles->types.count;
    TRY(weft_handles_of(func, &handles->seen, &handles->types));
    for (size_t i = known; i < handles->types.count; i++)
        TRY(note_resources(handles, handles->types.items[i]));
    if (is_too_large(func)) handles->is_incomplete = true;
    return NULL;
}

/* ---- finding what defines them ---- */

/* The resources that an instance exports, and those of instances inside it. */
static void find_in_instance(handles_t *handles, def_t *import, const ctype_t *instance,
                             weft_str_t inside) {
    const extern_list_t *exports = &instance->instance.exports;
    for (uint32_t i = 0; i < exports->count; i++) {
        const extern_item_t *item = &exports->items[i];
        const ctype_t *type = item->type.type;
        if (item->type.sort == SORT_INSTANCE && !inside.len)
            find_in_instance(handles, import, type, item->name);
        if (item->type.sort != SORT_TYPE || type->kind != CTYPE_RESOURCE) continue;
        resource_place_t *place = place_of(handles, type->resource);
        if (!place || place->from) continue;
        place->from = import;
        if (inside.len) place->names[place->name_count++] = inside;
        place->names[place->name_count++] = item->name;
    }
}

static weft_error_t *find_in_import(handles_t *handles, type_pool_t *pool, def_t *import) {
    extern_type_t found;
    if (import->sort != SORT_INSTANCE && import->sort != SORT_TYPE) return NULL;
    TRY(weft_typing_def(pool, import, &found));
    if (import->sort == SORT_INSTANCE)
        find_in_instance(handles, import, found.type, (weft_str_t){0});
    else if (found.type->kind == CTYPE_RESOURCE) {
        resource_place_t *place = place_of(handles, found.type->resource);
        if (place && !place->from) place->from = import;
    }
    return NULL;
}

static canon_op_t drop_op(const type_t *type) {
    switch (type->kind) {
    case TYPE_STREAM: return CANON_STREAM_DROP_READABLE;
    case TYPE_FUTURE: return CANON_FUTURE_DROP_READABLE;
    case TYPE_ERROR_CONTEXT: return CANON_ERROR_CONTEXT_DROP;
    default: return CANON_RESOURCE_DROP;
    }
}

/* A built-in that the guest has for itself, or an earlier job made. */
static weft_error_t *find_drop(handles_t *handles, type_pool_t *pool, def_t *canon) {
    extern_type_t found = {0};
    if (canon->canon.type) TRY(weft_typing_def(pool, canon->canon.type, &found));
    for (size_t i = 0; i < handles->types.count; i++) {
        const type_t *type = handles->types.items[i];
        if (drop_op(type) != canon->canon.op || weft_map_get_ptr(&handles->drops, type)) continue;
        if (found.type && found.type->kind == CTYPE_RESOURCE
                ? found.type->resource != type->resource
                : found.type && found.type->value.type != type)
            continue;
        TRY(weft_map_set_ptr(&handles->drops, type, canon));
    }
    return NULL;
}

static bool is_drop(canon_op_t op) {
    return op == CANON_RESOURCE_DROP || op == CANON_STREAM_DROP_READABLE ||
           op == CANON_FUTURE_DROP_READABLE || op == CANON_ERROR_CONTEXT_DROP;
}

weft_error_t *weft_handles_find(handles_t *handles, type_pool_t *pool, scope_t *scope) {
    if (!handles->types.count) return NULL;
    for (def_t *def = scope->first; def; def = def->next) {
        if (def->kind == DEF_IMPORT) TRY(find_in_import(handles, pool, def));
        if (def->kind == DEF_CANON && is_drop(def->canon.op)) TRY(find_drop(handles, pool, def));
    }
    for (size_t i = 0; i < handles->resources.count; i++)
        if (!handles->resources.items[i].from) handles->is_incomplete = true;
    if (has_large_part(handles)) handles->is_incomplete = true;
    return NULL;
}

/* ---- making built-ins ---- */

/* Once for a body: all are needed. */
static weft_error_t *name_resources(handles_t *handles, builder_t *b) {
    if (handles->spelling.resources.count) return NULL;
    for (size_t i = 0; i < handles->resources.count; i++) {
        const resource_place_t *place = &handles->resources.items[i];
        def_t *def = place->from;
        for (uint32_t k = 0; k < place->name_count; k++)
            def = weft_build_alias(b, k + 1 < place->name_count ? SORT_INSTANCE : SORT_TYPE, def,
                                   place->names[k]);
        if (b->error) return NULL; /* the builder's */
        TRY(weft_map_set_ptr(&handles->spelling.resources, place->resource, def));
    }
    return NULL;
}

static weft_error_t *type_def(handles_t *handles, builder_t *b, const type_t *type, def_t **def) {
    *def = NULL;
    if (type->kind == TYPE_ERROR_CONTEXT) return NULL;
    TRY(name_resources(handles, b));
    if (b->error) return NULL;
    if (type->kind == TYPE_OWN) {
        *def = weft_map_get_ptr(&handles->spelling.resources, type->resource);
        return NULL;
    }
    valtype_t spelled;
    TRY(weft_spell(&handles->spelling, b, type, &spelled));
    *def = spelled.def;
    return NULL;
}

weft_error_t *weft_handles_drop(handles_t *handles, builder_t *b, const type_t *type,
                                def_t **drop) {
    *drop = weft_map_get_ptr(&handles->drops, type);
    if (*drop && (*drop)->order < b->before->order) return NULL;
    def_t *def, *made;
    TRY(type_def(handles, b, type, &def));
    made = weft_build_canon(b, drop_op(type), def);
    if (b->error) return NULL;
    *drop = made;
    return weft_map_set_ptr(&handles->drops, type, made);
}
