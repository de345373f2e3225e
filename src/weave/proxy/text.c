#include "weave/proxy/text.h"

#include "component/types/ctype.h"

typedef struct texts {
    type_pool_t *pool;
    const ctype_t *text; /* string */
    map_t known;         /* ctype_t -> what stands for it */
} texts_t;

static weft_error_t *replace(texts_t *texts, const ctype_t *type, const ctype_t **out);

/* A part: its structure and its identity, as far as it has one. */
static weft_error_t *replace_part(texts_t *texts, const type_t **structure, const ctype_t **part) {
    if (!*part) return NULL;
    TRY(replace(texts, *part, part));
    *structure = (*part)->value.type;
    return NULL;
}

/* The structure of `shape` around parts that were replaced. */
static weft_error_t *replace_in(texts_t *texts, type_t *shape, type_field_t *fields,
                                const ctype_t **parts) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < shape->field_count; i++) {
        fields[i] = shape->fields[i];
        TRY(replace_part(texts, &fields[i].type, &parts[i]));
    }
    shape->fields = fields;
    if (shape->kind == TYPE_TUPLE) return NULL;
    if (shape->kind == TYPE_MAP) TRY(replace_part(texts, &shape->key, &parts[at++]));
    TRY(replace_part(texts, &shape->element, &parts[at++]));
    return shape->kind == TYPE_RESULT ? replace_part(texts, &shape->error, &parts[at]) : NULL;
}

static weft_error_t *rebuild(texts_t *texts, const ctype_t *type, const ctype_t **out) {
    arena_t *arena = weft_type_pool_arena(texts->pool);
    ctype_t made = {.kind = CTYPE_VALUE};
    type_t shape = *type->value.type;
    uint32_t count = type->value.part_count;
    const ctype_t **parts = ARENA_ARRAY(arena, const ctype_t *, count);
    type_field_t *fields = ARENA_ARRAY(arena, type_field_t, shape.field_count);
    if (!parts || !fields) return weft_error_oom();
    if (count) memcpy(parts, type->value.parts, count * sizeof *parts);
    TRY(replace_in(texts, &shape, fields, parts));
    TRY(weft_type_intern(texts->pool, &shape, &made.value.type));
    if (made.value.type == type->value.type) {
        *out = type;
        return NULL;
    }
    made.value.parts = parts;
    made.value.part_count = count;
    return weft_ctype_new(texts->pool, &made, out);
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

static weft_error_t *replace(texts_t *texts, const ctype_t *type, const ctype_t **out) {
    const ctype_t *made = weft_map_get_ptr(&texts->known, type);
    TRY(weft_type_pool_work(texts->pool, 1));
    if (made || !is_seen_through(type->value.type)) {
        *out = made ? made : type;
        return NULL;
    }
    if (weft_is_bytes(type->value.type)) made = texts->text;
    else TRY(rebuild(texts, type, &made));
    *out = made;
    return weft_map_set_ptr(&texts->known, type, (void *)(uintptr_t)made);
}

static weft_error_t *replace_func(texts_t *texts, const ctype_t *func, const ctype_t **out) {
    arena_t *arena = weft_type_pool_arena(texts->pool);
    ctype_t made = {.kind = CTYPE_FUNC, .func.result = func->func.result};
    func_type_t shape = *func->func.type;
    const ctype_t **params = ARENA_ARRAY(arena, const ctype_t *, shape.param_count);
    type_field_t *fields = ARENA_ARRAY(arena, type_field_t, shape.param_count);
    if (!params || !fields) return weft_error_oom();
    for (uint32_t i = 0; i < shape.param_count; i++) {
        fields[i] = shape.params[i];
        params[i] = func->func.params[i];
        TRY(replace_part(texts, &fields[i].type, &params[i]));
    }
    shape.params = fields;
    TRY(replace_part(texts, &shape.result, &made.func.result));
    TRY(weft_func_type_intern(texts->pool, &shape, &made.func.type));
    if (made.func.type == func->func.type) {
        *out = func;
        return NULL;
    }
    made.func.params = params;
    return weft_ctype_new(texts->pool, &made, out);
}

weft_error_t *weft_proxy_text(type_pool_t *pool, const ctype_t *func, const ctype_t **text) {
    texts_t texts = {.pool = pool};
    TRY(weft_ctype_prim(pool, TYPE_STRING, &texts.text));
    weft_error_t *error = replace_func(&texts, func, text);
    weft_map_free(&texts.known);
    return error;
}
