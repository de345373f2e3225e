#include "weave/proxy/bytes.h"

#include "component/types/ctype.h"

typedef struct replacing {
    type_pool_t *pool;
    const ctype_t *bytes; /* for list<u8> */
    map_t known;          /* ctype_t -> what stands for it */
} replacing_t;

static weft_error_t *replace(replacing_t *replacing, const ctype_t *type, const ctype_t **out);

/* A part: its structure and its identity, as far as it has one. */
static weft_error_t *replace_part(replacing_t *replacing, const type_t **structure,
                                  const ctype_t **part) {
    if (!*part) return NULL;
    TRY(replace(replacing, *part, part));
    *structure = (*part)->value.type;
    return NULL;
}

/* The structure of `shape` around parts that were replaced. */
static weft_error_t *replace_in(replacing_t *replacing, type_t *shape, type_field_t *fields,
                                const ctype_t **parts) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < shape->field_count; i++) {
        fields[i] = shape->fields[i];
        TRY(replace_part(replacing, &fields[i].type, &parts[i]));
    }
    shape->fields = fields;
    if (shape->kind == TYPE_TUPLE) return NULL;
    if (shape->kind == TYPE_MAP) TRY(replace_part(replacing, &shape->key, &parts[at++]));
    TRY(replace_part(replacing, &shape->element, &parts[at++]));
    return shape->kind == TYPE_RESULT ? replace_part(replacing, &shape->error, &parts[at]) : NULL;
}

static weft_error_t *rebuild(replacing_t *replacing, const ctype_t *type, const ctype_t **out) {
    arena_t *arena = weft_type_pool_arena(replacing->pool);
    ctype_t made = {.kind = CTYPE_VALUE};
    type_t shape = *type->value.type;
    uint32_t count = type->value.part_count;
    const ctype_t **parts = ARENA_ARRAY(arena, const ctype_t *, count);
    type_field_t *fields = ARENA_ARRAY(arena, type_field_t, shape.field_count);
    if (!parts || !fields) return weft_error_oom();
    if (count) memcpy(parts, type->value.parts, count * sizeof *parts);
    TRY(replace_in(replacing, &shape, fields, parts));
    TRY(weft_type_intern(replacing->pool, &shape, &made.value.type));
    if (made.value.type == type->value.type) {
        *out = type;
        return NULL;
    }
    made.value.parts = parts;
    made.value.part_count = count;
    return weft_ctype_new(replacing->pool, &made, out);
}

static bool is_seen_through(const type_t *type) {
    switch (type->kind) {
    case TYPE_LIST:
    case TYPE_FIXED_LIST:
    case TYPE_TUPLE:
    case TYPE_OPTION:
    case TYPE_RESULT:
    case TYPE_MAP: return type->has_list;
    default: return false;
    }
}

static weft_error_t *replace(replacing_t *replacing, const ctype_t *type, const ctype_t **out) {
    const ctype_t *made = weft_map_get_ptr(&replacing->known, type);
    TRY(weft_type_pool_work(replacing->pool, 1));
    if (made || !is_seen_through(type->value.type)) {
        *out = made ? made : type;
        return NULL;
    }
    if (weft_is_bytes(type->value.type)) made = replacing->bytes;
    else TRY(rebuild(replacing, type, &made));
    *out = made;
    return weft_map_set_ptr(&replacing->known, type, (void *)(uintptr_t)made);
}

static weft_error_t *replace_func(replacing_t *replacing, const ctype_t *func,
                                  const ctype_t **out) {
    arena_t *arena = weft_type_pool_arena(replacing->pool);
    ctype_t made = {.kind = CTYPE_FUNC, .func.result = func->func.result};
    func_type_t shape = *func->func.type;
    const ctype_t **params = ARENA_ARRAY(arena, const ctype_t *, shape.param_count);
    type_field_t *fields = ARENA_ARRAY(arena, type_field_t, shape.param_count);
    if (!params || !fields) return weft_error_oom();
    for (uint32_t i = 0; i < shape.param_count; i++) {
        fields[i] = shape.params[i];
        params[i] = func->func.params[i];
        TRY(replace_part(replacing, &fields[i].type, &params[i]));
    }
    shape.params = fields;
    TRY(replace_part(replacing, &shape.result, &made.func.result));
    TRY(weft_func_type_intern(replacing->pool, &shape, &made.func.type));
    if (made.func.type == func->func.type) {
        *out = func;
        return NULL;
    }
    made.func.params = params;
    return weft_ctype_new(replacing->pool, &made, out);
}

/* It lies in memory, and among core values, as a list does. */
static weft_error_t *make_place(type_pool_t *pool, const ctype_t **place) {
    const ctype_t **parts = ARENA_ARRAY(weft_type_pool_arena(pool), const ctype_t *, 2);
    ctype_t made = {.kind = CTYPE_VALUE, .value = {.parts = parts, .part_count = 2}};
    type_field_t fields[2] = {0};
    if (!parts) return weft_error_oom();
    for (int i = 0; i < 2; i++) {
        TRY(weft_ctype_prim(pool, TYPE_U32, &parts[i]));
        fields[i].type = parts[i]->value.type;
    }
    type_t shape = {.kind = TYPE_TUPLE, .fields = fields, .field_count = 2};
    TRY(weft_type_intern(pool, &shape, &made.value.type));
    return weft_ctype_new(pool, &made, place);
}

weft_error_t *weft_proxy_replace_bytes(type_pool_t *pool, const ctype_t *func, proxy_bytes_t bytes,
                                       const ctype_t **replaced) {
    replacing_t replacing = {.pool = pool};
    if (bytes == PROXY_TEXT) TRY(weft_ctype_prim(pool, TYPE_STRING, &replacing.bytes));
    else TRY(make_place(pool, &replacing.bytes));
    weft_error_t *error = replace_func(&replacing, func, replaced);
    weft_map_free(&replacing.known);
    return error;
}
